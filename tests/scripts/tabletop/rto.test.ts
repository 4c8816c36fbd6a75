/** Recovery times: counted from the steps, promised by the page, compared with the last run. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { planScenarios } from '../../../scripts/tabletop/plan/plan';
import { stepsOf } from '../../../scripts/tabletop/plan/scenario';
import { resultsJsonSchema } from '../../../scripts/tabletop/report/results-schema';
import { loadDeployment } from '../../../src/deployment/load';
import { compilePage } from '../../../src/procedure/compile';
import { loadProcedures } from '../../../src/procedure/load';
import {
  type Results,
  resultsSchema,
  type ScenarioResult,
  totalsOf,
} from '../../../src/procedure/results/drill-results';
import { brokenPromise, floorRegressions, rtoOf } from '../../../src/procedure/results/recovery-time';
import { partialReader } from '../../../src/procedure/text/load-partial';
import { exampleDeployment } from '../../example';

const step = (milliseconds: number, minutes: number, verdict: 'passed' | 'skipped' = 'passed') => ({
  id: 'UNS-01',
  file: 'docs/emergency/unseal.mdx',
  line: 7,
  kind: 'command' as const,
  rung: 1 as const,
  milliseconds,
  minutes,
  exit: 0,
  verdict,
  message: '',
});

const scenario = (steps: ScenarioResult['steps'], targetMinutes: number | null = null): ScenarioResult => ({
  id: 'unseal',
  title: 'Unseal',
  pages: ['docs/emergency/unseal.mdx'],
  faults: {},
  expect: 'recovered',
  targetMinutes,
  started: '2026-01-05T09:30:00.000Z',
  milliseconds: 10,
  steps,
  problems: [],
  verdict: 'passed',
});

describe('recovery time', () => {
  it('adds up what ran, and nothing else', () => {
    expect(rtoOf(scenario([step(1500, 2), step(500, 3), step(9000, 60, 'skipped')]))).toEqual({
      floorSeconds: 2,
      planMinutes: 5 + 2 / 60,
      targetMinutes: null,
    });
  });

  it('is a promise that the steps of the page must keep', () => {
    expect(brokenPromise(scenario([step(0, 30)], 30))).toBeUndefined();
    expect(brokenPromise(scenario([step(0, 30)]))).toBeUndefined();
    expect(brokenPromise(scenario([step(60_000, 30)], 30))).toEqual({
      wanted: 'a plan within 30 min',
      found: '31 min',
    });
  });

  it('names a floor that jumps, not one that wavers', () => {
    const at = (milliseconds: number) => ({ scenarios: [scenario([step(100, 1), step(milliseconds, 1)])] });
    expect(floorRegressions(at(1000), at(28_000))).toEqual([
      expect.stringMatching(
        /^tabletop: warning: unseal: the floor rose from 1\.1 s to 28\.1 s; slowest: UNS-01 \(docs/,
      ),
    ]);
    expect(floorRegressions(at(1000), at(4000))).toEqual([]);
    expect(floorRegressions(at(20_000), at(30_000))).toEqual([]);
    expect(floorRegressions(undefined, at(30_000))).toEqual([]);
    const real = { scenarios: [scenario([step(100, 1), { ...step(28_000, 1), rung: 2 }])] };
    expect(floorRegressions(at(1000), real)).toEqual([]);
  });

  it.each([
    ['45m', 45],
    ['4h', 240],
  ])('is written on a page as %s', (rto, minutes) => {
    const file = 'docs/emergency/unseal.mdx';
    const text = readFileSync(file, 'utf8').replace(/^(?:rto: .*\n)?prefix:/m, `rto: ${rto}\nprefix:`);
    const compiled = compilePage(file, text, loadDeployment(exampleDeployment), partialReader('.'));
    expect(compiled.page.rto).toBe(minutes);
  });

  it('is refused on a page in any other form', () => {
    const file = 'docs/emergency/unseal.mdx';
    const text = readFileSync(file, 'utf8').replace(/^(?:rto: .*\n)?prefix:/m, 'rto: soon\nprefix:');
    expect(() => compilePage(file, text, loadDeployment(exampleDeployment), partialReader('.'))).toThrow(
      /rto: wanted minutes or hours, such as 30m or 4h/,
    );
  });
});

describe.each([
  exampleDeployment,
  ...readdirSync('tests/fixtures/deployments').map((name) => `tests/fixtures/deployments/${name}`),
])('the targets of %s', (file) => {
  const deployment = loadDeployment(file);
  const scenarios = planScenarios(loadProcedures('.', deployment), deployment).filter(
    ({ expect: end }) => typeof end === 'string',
  );

  it('stand on every emergency page that changes the state of a key', () => {
    const pages = scenarios.map(({ procedures }) => procedures.at(-1));
    const silent = pages.filter(
      (each) => each?.file.startsWith('docs/emergency/') && each.page.rto === undefined,
    );
    expect([...new Set(silent.map((each) => each?.file))]).toEqual([]);
  });

  it('leave five minutes beside what the steps of the page take', () => {
    const late = scenarios.filter(({ procedures, ...scenario }) => {
      const steps = procedures.flatMap((procedure) => stepsOf({ ...scenario, procedures }, procedure));
      const minutes = steps.reduce((sum, each) => sum + each.minutes, 0);
      return minutes + 5 > (procedures.at(-1)?.page.rto ?? Number.POSITIVE_INFINITY);
    });
    expect(late.map(({ id }) => id)).toEqual([]);
  });
});

describe('the published schema of results.json', () => {
  const published = JSON.parse(readFileSync(resolve('static/schemas/drill-results.schema.json'), 'utf8'));
  const scenarios = [scenario([step(1, 1)], 30)];
  const results: Results = resultsSchema.parse({
    format: 'tabletop-results/1',
    kind: 'automated drill',
    commit: 'none',
    dirty: false,
    started: '2026-01-05T09:30:00.000Z',
    milliseconds: 1,
    node: 'v20',
    tools: [],
    pages: [],
    planSha256: 'a'.repeat(64),
    scenarios,
    totals: totalsOf(scenarios),
    coverage: { outages: { drilled: 0, equivalent: 0, total: 0 }, steps: { executed: 1, total: 1 } },
  });
  const ajv = new Ajv2020({ strict: false });
  addFormats(ajv);
  const validate = ajv.compile(published);

  it('is the one of the program; after a change run npm run generate', () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(resultsJsonSchema())));
  });

  it('accepts what a drill writes and refuses anything else', () => {
    expect(validate(results), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...results, kind: 'exercise' })).toBe(false);
    expect(validate({ ...results, more: 1 })).toBe(false);
    expect(validate({ ...results, scenarios: [{ ...scenarios[0], verdict: 'maybe' }] })).toBe(false);
  });
});
