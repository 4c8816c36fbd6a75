/** Completeness of a period: everything that the calendar asks for is told when it is not there, and nothing else is. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AuditAction } from '../../src/audit/actions';
import type { Attestation } from '../../src/audit/attestations';
import { DUTIES, type Duty, REGULAR_WORK } from '../../src/audit/duties';
import { type Dated, missingDuties, missingWork, parsePeriod } from '../../src/audit/period';

const DAY = 86_400_000;
const dayAfter = (date: string, days: number) =>
  new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);

describe('a period', () => {
  it.each([
    ['2026', '2026-01-01', '2026-12-31'],
    ['2026-H1', '2026-01-01', '2026-06-30'],
    ['2026-Q4', '2026-10-01', '2026-12-31'],
    ['2028-02', '2028-02-01', '2028-02-29'],
  ])('%s', (name, from, to) => expect(parsePeriod(name)).toEqual({ name, from, to }));

  it.each(['', '2026-Q5', '2026-13', '26-Q1', '2026-Q4 ', '2026-H3', 'Q4'])('"%s" is none', (text) => {
    expect(() => parsePeriod(text)).toThrow('wanted a period such as 2026');
  });
});

const quarter = parsePeriod('2026-Q4');
const over = '2027-01-15';
/** Every action of the calendar on every day of the quarter and the year before. */
const everything: Dated[] = Array.from({ length: 400 }, (_, place) => dayAfter('2025-12-01', place)).flatMap(
  (date) => REGULAR_WORK.flatMap(({ actions }) => actions.map((action) => ({ date, action }))),
);

describe('regular work', () => {
  it('is complete when it was done', () => {
    expect(missingWork(quarter, everything, over)).toEqual([]);
    expect(missingWork(parsePeriod('2026'), everything, over)).toEqual([]);
  });

  it('is the calendar of the page, row by row', () => {
    const page = readFileSync('docs/lifecycle/calendar.mdx', 'utf8');
    const rhythms = { day: 'day', week: 'week', month: 'month', quarter: 'quarter', year: 'year' } as const;
    const rows = [...page.matchAll(/^\| Each (day|week|month|quarter|year) \|.*?\|.*?\|(.*?)\|/gm)];
    const asked = new Set(
      rows.flatMap(([, every = '', proof = '']) =>
        [...proof.matchAll(/`([a-z-]+\.[a-z-]+)`/g)].map(([, action]) => `${every} ${action}`),
      ),
    );
    const listed = new Set(
      REGULAR_WORK.flatMap(({ every, actions }) => actions.map((action) => `${rhythms[every]} ${action}`)),
    );
    expect([...listed].sort()).toEqual([...asked].sort());
  });

  it.each(
    REGULAR_WORK.flatMap(({ title, every, actions }) =>
      actions.map((action) => [every, action, title] as const),
    ),
  )('of each %s is told when %s is missing', (every, action, title) => {
    const without = (from: string, to: string) =>
      everything.filter((event) => event.action !== action || event.date < from || event.date > to);
    const all = missingWork(quarter, without('2025-01-01', '2027-12-31'), over);
    expect(all.filter((sentence) => sentence.startsWith(`${title}: no ${action}`))).toHaveLength(1);
    // One unit without it is told by its name.
    const [from, to, name] = {
      day: ['2026-11-03', '2026-11-03', '2026-11-03'],
      week: ['2026-11-02', '2026-11-08', '2026-W45'],
      month: ['2026-11-01', '2026-11-30', '2026-11'],
      quarter: ['2026-10-01', '2026-12-31', '2026-Q4'],
      year: ['2026-01-01', '2026-12-31', 'within a year before 2026-12-31'],
    }[every] as [string, string, string];
    const told = missingWork(quarter, without(from, to), over).filter((one) => one.startsWith(`${title}:`));
    expect(told.join()).toContain(name);
  });

  it('joins days, and asks for nothing of days to come', () => {
    const anchored = everything.filter(
      ({ date, action }) => action !== 'trail.anchored' || date < '2026-11-03' || date > '2026-11-05',
    );
    expect(missingWork(quarter, anchored, over)).toEqual([
      'Head handed over: no trail.anchored in 2026-11-03 to 2026-11-05',
    ]);
    const early = everything.filter(({ date }) => date < '2026-11-10');
    expect(missingWork(quarter, early, '2026-11-10')).toEqual([]);
  });

  it('is all missing from an empty trail', () => {
    expect(missingWork(quarter, [], over)).toHaveLength(
      REGULAR_WORK.flatMap(({ actions }): readonly AuditAction[] => actions).length,
    );
  });
});

describe('duties of custody', () => {
  const facts = {
    key: { generation: 1, threshold: 2 },
    shards: [
      { n: 1, medium: 'wrapped' },
      { n: 2, medium: 'paper' },
    ],
  } as const;
  const done = (shard: number, duty: Duty, date: string): Attestation => ({
    shard,
    generation: 1,
    duty,
    date,
    asExpected: true,
  });
  const all = facts.shards.flatMap(({ n, medium }) =>
    (Object.keys(DUTIES) as Duty[]).flatMap((duty) =>
      DUTIES[duty][medium] === undefined ? [] : [done(n, duty, '2026-09-20'), done(n, duty, '2026-12-10')],
    ),
  );

  it('are complete when each was done in time', () => {
    expect(missingDuties(quarter, facts, all, over)).toEqual([]);
  });

  it.each(
    all
      .filter(({ date }) => date === '2026-12-10')
      .map((one) => [`${one.duty} of ${one.shard}`, one] as const),
  )('tell the %s that was not done', (_what, gone) => {
    const told = missingDuties(
      quarter,
      facts,
      all.filter((one) => one !== gone),
      over,
    );
    const days = DUTIES[gone.duty][gone.shard === 1 ? 'wrapped' : 'paper'] ?? 0;
    // A proof of a year is not due in the quarter after it.
    expect(told).toHaveLength(days > 100 ? 0 : 1);
    if (days <= 100)
      expect(told[0]).toBe(
        `Shard ${gone.shard}: ${DUTIES[gone.duty].title}: due on ${dayAfter('2026-09-20', days)}, not done`,
      );
  });

  it('tell what came late, was never done, or was of another generation', () => {
    const late = all.map((one) => (one.date === '2026-12-10' ? { ...one, date: '2026-12-28' } : one));
    expect(missingDuties(quarter, facts, late, over)).toContain(
      'Shard 1: Call: due on 2026-12-20, done on 2026-12-28',
    );
    const old = all.map((one) => ({ ...one, date: `2025${one.date.slice(4)}` }));
    expect(missingDuties(quarter, facts, old, over)).toContain('Shard 1: Call: due on 2026-03-11, not done');
    const other = all.map((one) => ({ ...one, generation: 2 }));
    expect(missingDuties(quarter, facts, other, over)).toContain('Shard 1: Proof: never');
  });
});
