/** Runs of procedures: reader against schema, export and import, order, time taken, and what is refused. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlannedStep, ProcedureRun } from '../../src/procedure/run/run';
import {
  carried,
  finalAhead,
  isSettled,
  lastTouched,
  mergeRuns,
  minutesTaken,
  quorumFault,
  readRun,
  refusal,
  skippedBefore,
  startRun,
  withEntry,
  withShards,
  withSkipped,
  writeRun,
} from '../../src/procedure/run/run';
import { procedureRunJsonSchema, procedureRunSchema } from '../../src/procedure/run/run-schema';

const SCHEMA = join(import.meta.dirname, '../../static/schemas/procedure-run.schema.json');
const now = new Date('2026-11-23T14:00:00Z');
const empty = startRun('docs/emergency/unseal.mdx', '0123456789abcdef', 'Night of 23 November', now);

const initials = fc.constantFrom('AB', 'C', 'DéF', 'N-E');
const time = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2099-01-01'), noInvalidDate: true })
  .map((date) => `${date.toISOString().slice(0, 19)}Z`);
const entry = fc.record(
  {
    time,
    by: initials,
    witness: initials,
    note: fc.constantFrom('late', 'the clock was 4 s slow', 'Tür „B“ ✓'),
  },
  { requiredKeys: [] },
);
const skipped = fc.record(
  { skipped: time, note: fc.constantFrom('no power', 'done elsewhere'), by: initials },
  { requiredKeys: ['skipped', 'note'] },
);
const runs: fc.Arbitrary<ProcedureRun> = fc
  .dictionary(fc.constantFrom('UNS-01', 'UNS-02', 'UNS-S1-04', 'UNS-S12-01'), fc.oneof(entry, skipped), {
    noNullPrototype: true,
  })
  .map((steps) => ({ ...empty, steps }));

describe('an exported run', () => {
  test('is read back the same', () => {
    fc.assert(
      fc.property(runs, (run) => {
        expect(readRun(writeRun(run))).toEqual(run);
      }),
    );
  });

  test('is the same file whatever the order in which it was filled in', () => {
    const one = withEntry(withEntry(empty, 'UNS-01', { by: 'AB' }), 'UNS-02', { note: 'late' });
    const other = withEntry(withEntry(empty, 'UNS-02', { note: 'late' }), 'UNS-01', { by: 'AB' });
    expect(writeRun(one)).toBe(writeRun(other));
  });

  test('the reader without a library agrees with the schema on right and wrong files', () => {
    const odd = fc.constantFrom<unknown>(
      null,
      1,
      '',
      ' ',
      'x ',
      'x'.repeat(61),
      'x'.repeat(301),
      [],
      {},
      '2026-02-30T10:00:00Z',
      '2026-11-23T25:00:00Z',
      '2026-11-23T14:05:09Z',
      'mks1qqqq',
      '0123456789abcdef',
      'docs/x.mdx',
      'a1b2c3d4e5f6a7b8c9d0e1f2',
      { time: 'x' },
      { by: 'ABCDE' },
      { by: 'AB', more: 1 },
      { skipped: '2026-11-23T14:05:09Z' },
      { skipped: '2026-11-23T14:05:09Z', note: 'no power' },
      { skipped: '2026-11-23T14:05:09Z', note: 'no power', time: '2026-11-23T14:05:09Z' },
    );
    const places = fc.constantFrom(
      'format',
      'page',
      'digest',
      'name',
      'started',
      'steps',
      'UNS-01',
      'uns-1',
      'time',
      'skipped',
      'by',
      'note',
      'more',
    );
    let refused = 0;
    let taken = 0;
    fc.assert(
      fc.property(runs, fc.option(fc.tuple(places, odd)), (run, change) => {
        const data = JSON.parse(writeRun(run)) as Record<string, unknown>;
        const steps = data.steps as Record<string, unknown>;
        if (change !== null) {
          const [place, value] = change;
          if (place in data || place === 'more') data[place] = value;
          else if (/-/.test(place)) steps[place] = value;
          else steps['UNS-01'] = { [place]: value };
        }
        const wanted = procedureRunSchema.safeParse(data).success;
        let got = true;
        try {
          readRun(JSON.stringify(data));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          got = false;
        }
        expect(got).toBe(wanted);
        if (got) taken += 1;
        else refused += 1;
      }),
      { numRuns: 1500 },
    );
    expect(Math.min(refused, taken)).toBeGreaterThan(100);
  });

  test('no message repeats a text of the file', () => {
    const secret = 'MKS1QQQQQ';
    const bad = writeRun({ ...empty, steps: { 'UNS-01': { note: secret } } });
    expect(() => readRun(bad)).toThrow(/step UNS-01: note: looks like a shard or a key/);
    for (const file of [bad, bad.replace('"format"', `"${secret}"`), secret, '[]', 'null', '{}']) {
      try {
        readRun(file);
        expect.unreachable();
      } catch (error) {
        expect(String(error)).not.toContain(secret);
      }
    }
  });

  test('has the published schema (vitest -u writes it anew)', async () => {
    expect(existsSync(SCHEMA)).toBe(true);
    await expect(`${JSON.stringify(procedureRunJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(SCHEMA);
  });
});

describe('the quorum of a run', () => {
  test('a quorum is exactly M different shards of the page', () => {
    const fault = (...shards: number[]) => quorumFault(shards, [1, 2, 3, 4, 5], 3);
    expect(fault(1, 2, 4)).toBeUndefined();
    expect(fault(5, 1, 2)).toBeUndefined();
    expect(fault(1, 2)).toBe('asks for 2 shards, and a quorum has exactly 3');
    expect(fault(1)).toBe('asks for 1 shard, and a quorum has exactly 3');
    expect(fault(1, 2, 3, 4)).toBe('asks for 4 shards, and a quorum has exactly 3');
    expect(fault(1, 2, 2)).toBe('names shard 2 twice');
    expect(fault(1, 2, 9)).toBe('asks for shard 9, which this page does not have');
  });

  test('keeps the chosen quorum, and refuses one that is none', () => {
    const chosen = withShards(empty, [1, 2, 4]);
    expect(chosen.shards).toEqual([1, 2, 4]);
    expect(readRun(writeRun(chosen))).toEqual(chosen);
    expect(withShards(chosen, undefined)).toEqual(empty);
    expect(writeRun(withShards(chosen, undefined))).toBe(writeRun(empty));
    for (const shards of [[], [2, 1], [1, 1], [0], [256], [1.5], ['1'], 'x', null]) {
      const file = JSON.stringify({ ...empty, shards });
      expect(() => readRun(file), file).toThrow(/^shards: wanted/);
      expect(procedureRunSchema.safeParse(JSON.parse(file)).success, file).toBe(false);
    }
    expect(procedureRunSchema.safeParse(chosen).success).toBe(true);
  });
});

describe('what is refused', () => {
  test.each([
    'mks1qpzry9x8gf2tvdw0s3jn54khce6mua7l',
    '000102030405060708090a0b0c0d0e0f',
    '0001 0203 0405 0607 0809 0a0b 0c0d 0e0f',
    'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
    '-----BEGIN PRIVATE KEY-----',
  ])('%s', (text) => expect(refusal(text)).toMatch(/looks like a shard or a key/));

  test.each([
    'KCV 4f2a90c1 matches',
    'label 9F3A-083',
    'bag 0012345678',
    'Ana was late by 4 min',
    'incident 2026-1123',
  ])('but not: %s', (text) => expect(refusal(text)).toBeUndefined());
});

const plan: PlannedStep[] = [
  { id: 'UNS-01', minutes: 2, irreversible: false, conditional: false },
  { id: 'UNS-S1-01', minutes: 2, irreversible: false, conditional: true },
  { id: 'UNS-02', minutes: 3, irreversible: false, conditional: false },
  { id: 'UNS-03', minutes: 3, irreversible: true, conditional: false },
];

describe('order and time', () => {
  const tick = (run: ProcedureRun, id: string, at: string) =>
    withEntry(run, id, { time: `2026-11-23T${at}Z` });

  test('steps that were passed over are named; those of other shards are not', () => {
    expect(skippedBefore(undefined, plan, 'UNS-02')).toEqual(['UNS-01']);
    expect(skippedBefore(tick(empty, 'UNS-01', '14:01:00'), plan, 'UNS-02')).toEqual([]);
    expect(skippedBefore(empty, plan, 'UNS-01')).toEqual([]);
  });

  test('a point of no return is announced when the step before it is ticked', () => {
    const run = tick(empty, 'UNS-01', '14:01:00');
    expect(finalAhead(run, plan)).toBeUndefined();
    expect(finalAhead(tick(run, 'UNS-02', '14:02:00'), plan)).toBe('UNS-03');
    expect(finalAhead(empty, plan)).toBeUndefined();
  });

  test('a step took the time since the tick before, whatever the page order', () => {
    let run = tick(empty, 'UNS-02', '14:10:00');
    expect(minutesTaken(run, 'UNS-02')).toBe(10);
    run = tick(run, 'UNS-01', '14:13:00');
    expect(minutesTaken(run, 'UNS-01')).toBe(3);
    expect(minutesTaken(run, 'UNS-03')).toBeUndefined();
  });

  test('a step that was skipped for a reason is no gap, and one without a reason is refused', () => {
    const run = withSkipped(empty, ['UNS-01'], ' nobody answers ', new Date('2026-11-23T14:07:00Z'));
    expect(run.steps['UNS-01']).toEqual({ skipped: '2026-11-23T14:07:00Z', note: 'nobody answers' });
    expect(skippedBefore(run, plan, 'UNS-02')).toEqual([]);
    expect(isSettled(run, 'UNS-01')).toBe(true);
    expect(lastTouched(run)).toBe('2026-11-23T14:07:00Z');
    expect(finalAhead(withSkipped(empty, ['UNS-02'], 'later', now), plan)).toBe('UNS-03');
    const noted = withSkipped(withEntry(empty, 'UNS-01', { note: 'slow' }), ['UNS-01'], 'no power', now);
    expect(noted.steps['UNS-01']?.note).toBe('slow; no power');
    expect(() => withSkipped(empty, ['UNS-01'], '  ', now)).toThrow(RangeError);
  });

  test('initials go on with the role, not with the place, and nobody watches alone', () => {
    const people = [
      { id: 'UNS-01', by: 'Recovery lead', witness: 'Internal witness' },
      { id: 'UNS-02', by: 'Recovery operator', witness: 'Internal witness' },
      { id: 'UNS-03', by: 'Recovery operator', witness: 'Recovery lead' },
    ];
    let run = withEntry(tick(empty, 'UNS-01', '14:01:00'), 'UNS-01', { by: 'LE', witness: 'NE' });
    expect(carried(run, people, 'UNS-02')).toEqual({ witness: 'NE' });
    run = withEntry(tick(run, 'UNS-02', '14:02:00'), 'UNS-02', { by: 'OP', witness: 'XY' });
    expect(carried(run, people, 'UNS-03')).toEqual({ by: 'OP', witness: 'LE' });
    expect(carried(withEntry(run, 'UNS-03', { by: 'ZZ' }), people, 'UNS-03')).toEqual({
      by: 'ZZ',
      witness: 'LE',
    });
    expect(carried(withEntry(run, 'UNS-03', { by: 'LE' }), people, 'UNS-03')).toEqual({ by: 'LE' });
    expect(carried(empty, people, 'UNS-03')).toEqual({});
  });

  test('two copies of a run become one without loss, or say where they contradict each other', () => {
    const one = tick(empty, 'UNS-01', '14:01:00');
    const other = withShards(tick(withEntry(one, 'UNS-01', { by: 'LE' }), 'UNS-02', '14:05:00'), [1, 2, 4]);
    for (const [a, b] of [
      [one, other],
      [other, one],
    ] as const)
      expect(mergeRuns(a, b)).toEqual({ run: other, contradictions: [] });
    expect(mergeRuns(tick(empty, 'UNS-01', '14:02:00'), other).contradictions).toEqual(['UNS-01']);
    expect(mergeRuns(withSkipped(empty, ['UNS-02'], 'no', now), other).contradictions).toEqual(['UNS-02']);
    expect(mergeRuns(withShards(one, [1, 2, 3]), other)).toEqual({
      contradictions: ['the choice of shards'],
    });
    fc.assert(
      fc.property(runs, runs, (a, b) => {
        const { run } = mergeRuns(a, b);
        if (run === undefined) return;
        for (const copy of [a, b])
          for (const [id, entry] of Object.entries(copy.steps)) expect(run.steps[id]).toMatchObject(entry);
        expect(readRun(writeRun(run))).toEqual(run);
      }),
    );
  });

  test('taking everything back leaves no trace of the step', () => {
    const run = withEntry(tick(empty, 'UNS-01', '14:01:00'), 'UNS-01', { by: ' AB ' });
    expect(run.steps['UNS-01']?.by).toBe('AB');
    expect(withEntry(run, 'UNS-01', { time: undefined, by: '' })).toEqual(empty);
  });
});
