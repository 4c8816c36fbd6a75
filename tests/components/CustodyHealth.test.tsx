/** Custody health: a build that depends on no clock, today's states where it is read, counts and dates only. */
import path from 'node:path';
import { cleanup, render, screen } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Attestation } from '../../src/audit/attestations';
import { DUTIES, type Duty } from '../../src/audit/custody';
import CustodyHealth from '../../src/components/CustodyHealth';
import { loadDeployment } from '../../src/deployment/load';

const deployment = loadDeployment(path.resolve('deployment.yaml'));
const facts = {
  key: { generation: deployment.key.generation, threshold: deployment.key.threshold },
  shards: deployment.shards.map(({ n, medium }) => ({ n, medium })),
};
const entries = deployment.shards.flatMap((shard) =>
  (Object.keys(DUTIES) as Duty[])
    .filter((duty) => DUTIES[duty][shard.medium] !== undefined)
    .map(
      (duty): Attestation => ({
        shard: shard.n,
        generation: deployment.key.generation,
        duty,
        date: '2026-01-01',
        asExpected: true,
      }),
    ),
);
const page = <CustodyHealth facts={facts} entries={entries} example={false} calendar="/c.ics" />;

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function on(day: string) {
  vi.useFakeTimers({ now: new Date(`${day}T12:00:00Z`) });
  render(page);
  return document.body.textContent ?? '';
}

describe('custody health', () => {
  it('is built the same on every day, and tells dates without a state', () => {
    vi.useFakeTimers({ now: new Date('2030-01-01T00:00:00Z') });
    const late = renderToString(page);
    vi.setSystemTime(new Date('2026-01-02T00:00:00Z'));
    expect(renderToString(page)).toBe(late);
    expect(late).toContain('On 2026-01-01, the day of the last entry:');
    expect(late).toContain('2026-04-02');
    expect(late).not.toContain('overdue');
  });

  it.each([
    ['2026-01-02', 'H = 5', '11 good.', 'GREEN'],
    ['2026-04-01', 'H = 5', '1 good, 10 due.', 'GREEN'],
    ['2026-05-01', 'H = 5', '1 good, 10 overdue.', 'GREEN'],
    ['2027-01-10', 'H = 0', '1 overdue, 10 missed twice.', 'BLACK-A2'],
  ])('says what holds on the day of reading: %s', (day, healthy, duties, state) => {
    const text = on(day);
    expect(text).toContain(`Today, ${day} (UTC):`);
    for (const part of [healthy, duties, state]) expect(text).toContain(part);
  });

  it('links the calendar, and names no person, safe or place', () => {
    const text = on('2026-01-02').toLowerCase();
    expect(screen.getByRole('link').getAttribute('href')).toBe('/c.ics');
    for (const { name } of [...deployment.people, ...deployment.sites])
      expect(text).not.toContain(name.toLowerCase());
  });

  it('counts nothing without entries, and does not pass an example for an attestation', () => {
    vi.useFakeTimers({ now: new Date('2026-11-23T12:00:00Z') });
    render(<CustodyHealth facts={facts} entries={[]} example calendar={undefined} />);
    expect(document.body.textContent).toContain('nothing counts as proved');
    expect(document.body.textContent).toContain('H = 0: 0 of 5');
    expect(document.body.textContent).toContain('They attest nothing');
    expect(screen.queryByRole('link')).toBeNull();
  });
});
