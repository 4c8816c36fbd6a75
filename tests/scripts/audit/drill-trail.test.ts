/** A drill leaves its evidence in an audit trail of drills, which verifies; never in one of real work. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyFiles } from '../../../scripts/sss/audit/trail-file';
import { checkDrillTrail, recordDrill } from '../../../scripts/tabletop/report/drill-trail';
import type { AuditEvent } from '../../../src/audit/event';
import { type Results, type ScenarioResult, totalsOf } from '../../../src/procedure/results/drill-results';
import { toText, trail as trailOf } from '../../audit/trails';

const folder = mkdtempSync(join(tmpdir(), 'drill trail '));
const [trail, file] = [join(folder, 'drills.jsonl'), join(folder, 'results.json')];
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => rmSync(trail, { force: true }));

function write(verdict: 'passed' | 'failed', changes: Partial<Results> = {}) {
  const place = { file: 'docs/x.mdx', line: 1 };
  const failure = { ...place, rule: 'exit', wanted: '0', found: '1', command: '', stderr: [] };
  const step = {
    ...place,
    id: 'XXX-01',
    kind: 'command',
    rung: 1,
    milliseconds: 1,
    minutes: 1,
    exit: 0,
  } as const;
  const scenarios: ScenarioResult[] = [
    {
      id: 'x',
      title: 'x',
      pages: ['docs/x.mdx'],
      faults: {},
      expect: 'completed',
      targetMinutes: null,
      started: '2026-11-23T10:00:00.000Z',
      milliseconds: 1,
      steps: [{ ...step, message: '', verdict, ...(verdict === 'failed' && { failure }) }],
      problems: [],
      verdict,
    },
  ];
  const results: Results = {
    format: 'tabletop-results/1',
    kind: 'automated drill',
    commit: 'abcdef0123456789abcdef0123456789abcdef01',
    dirty: false,
    started: '2026-11-23T10:00:00.000Z',
    milliseconds: 1,
    node: 'v20.19.0',
    tools: [],
    pages: [],
    planSha256: '0'.repeat(64),
    scenarios,
    totals: totalsOf(scenarios),
    coverage: { outages: { drilled: 0, equivalent: 0, total: 0 }, steps: { executed: 0, total: 0 } },
    ...changes,
  };
  writeFileSync(file, JSON.stringify(results));
}

function eventsOf() {
  const events: AuditEvent[] = [];
  expect(verifyFiles([trail], { onEvent: (event) => events.push(event) })).toMatchObject({ ok: true });
  return events;
}

describe('the trail of drills', () => {
  it('is opened, holds result and digest of each drill, and verifies', async () => {
    write('passed');
    checkDrillTrail(trail);
    expect(await recordDrill(trail, file)).toBe('drills.jsonl: record 2, drill.finished');
    write('failed', { dirty: true });
    expect(await recordDrill(trail, file)).toBe('drills.jsonl: record 3, drill.finished');
    checkDrillTrail(trail);
    const [opened, good, bad] = eventsOf();
    expect(opened).toMatchObject({ action: 'trail.opened', mode: 'drill' });
    expect(good).toMatchObject({
      outcome: 'ok',
      detail: { commands: 1, commit: 'abcdef012345', failures: 0, scenarios: 1 },
    });
    expect(bad).toMatchObject({ outcome: 'failed', reason: '1 scenarios failed', detail: { failures: 1 } });
    expect(bad?.digests).toEqual({ results: createHash('sha256').update(readFileSync(file)).digest('hex') });
  });

  it('begins in an empty file', async () => {
    write('passed');
    writeFileSync(trail, '');
    checkDrillTrail(trail);
    expect(await recordDrill(trail, file)).toContain('record 2');
    expect(eventsOf()).toHaveLength(2);
  });

  it('is never one of real work, nor one with a torn end', async () => {
    write('passed');
    for (const [text, message] of [
      [toText(trailOf(3)), 'is a trail of mode real'],
      [toText(trailOf(3, undefined, { mode: 'drill' })).slice(0, -9), 'the last line has no end'],
    ] as const) {
      writeFileSync(trail, text);
      expect(() => checkDrillTrail(trail)).toThrow(message);
      await expect(recordDrill(trail, file)).rejects.toThrow();
      expect(readFileSync(trail, 'utf8')).toBe(text);
    }
  });

  it('takes no exercise for a drill', async () => {
    write('passed', { kind: 'exercise by people' });
    await expect(recordDrill(trail, file)).rejects.toThrow('is no drill');
    expect(existsSync(trail)).toBe(false);
  });
});
