import { cleanup, render, screen } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Attestation } from '../../src/audit/attestations';
import { DUTIES, type Duty } from '../../src/audit/duties';
import CustodyHealth from '../../src/components/CustodyHealth';
import { loadDeployment } from '../../src/deployment/load';
import { exampleDeployment } from '../example';

const deployment = loadDeployment(exampleDeployment);
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

function counts(): Record<string, number> {
  const pairs = [...document.querySelectorAll('dl > div')];
  return Object.fromEntries(
    pairs.map((pair) => [
      pair.querySelector('dt')?.textContent,
      Number(pair.querySelector('dd')?.textContent),
    ]),
  );
}

describe('custody health', () => {
  it('is built the same on every day, and tells dates without a state', () => {
    vi.useFakeTimers({ now: new Date('2030-01-01T00:00:00Z') });
    const late = renderToString(page);
    vi.setSystemTime(new Date('2026-01-02T00:00:00Z'));
    expect(renderToString(page)).toBe(late);
    expect(late).toContain('On 2026-01-01, the day of the last entry:');
    expect(late).toContain('2026-04-02');
    expect(late).not.toMatch(/<td[^>]*>(good|due|overdue|missed|not as|never)/);
  });

  it.each([
    ['2026-01-02', 'H = 5', { good: 11 }, 'GREEN'],
    ['2026-04-01', 'H = 5', { good: 1, due: 10 }, 'GREEN'],
    ['2026-05-01', 'H = 5', { good: 1, overdue: 10 }, 'GREEN'],
    ['2027-01-10', 'H = 0', { overdue: 1, 'missed twice': 10 }, 'BLACK-A2'],
  ])('says what holds on the day of reading: %s', (day, healthy, duties, state) => {
    const text = on(day);
    expect(text).toContain(`Today, ${day} (UTC):`);
    for (const part of [healthy, state]) expect(text).toContain(part);
    const none = { good: 0, due: 0, overdue: 0, 'missed twice': 0, 'not as expected': 0, 'never done': 0 };
    expect(counts()).toEqual({ ...none, ...duties });
  });

  it('has the same lines and cells on every day, and room for the longest words', () => {
    const shape = () => [...document.querySelectorAll('section *')].map(({ tagName }) => tagName).join(' ');
    const shapes = ['2026-01-02', '2026-04-01', '2027-01-10'].map((day) => {
      on(day);
      const seen = shape();
      for (const line of document.querySelectorAll<HTMLElement>('[data-longest]'))
        expect(line.textContent?.length).toBeLessThanOrEqual(line.dataset.longest?.length ?? 0);
      cleanup();
      return seen;
    });
    expect(new Set(shapes).size).toBe(1);
  });

  it('links the calendar, and names no person, safe or place', () => {
    const text = on('2026-01-02').toLowerCase();
    expect(screen.getByRole('link').getAttribute('href')).toBe('/c.ics');
    for (const { name } of [...deployment.people, ...deployment.sites])
      expect(text).not.toContain(name.toLowerCase());
  });

  it('tells no state without entries', () => {
    vi.useFakeTimers({ now: new Date('2026-11-23T12:00:00Z') });
    render(<CustodyHealth facts={facts} entries={[]} example={false} calendar={undefined} />);
    expect(document.body.textContent).toContain('No entry yet: nothing counts as proved');
    expect(document.body.textContent).toContain('H is not known');
    expect(document.body.textContent).not.toMatch(/H = |BLACK|file/);
    expect(counts()).toMatchObject({ good: 0, 'never done': 11 });
    expect(screen.queryByRole('link')).toBeNull();
  });

  it('tells no state from entries of the example, however old they are', () => {
    vi.useFakeTimers({ now: new Date('2027-11-23T12:00:00Z') });
    render(<CustodyHealth facts={facts} entries={entries} example calendar={undefined} />);
    expect(document.body.textContent).toContain('They attest nothing');
    expect(document.body.textContent).toContain('H is not known');
    expect(document.body.textContent).not.toMatch(/H = |BLACK|GREEN/);
  });
});
