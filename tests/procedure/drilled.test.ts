/** What a site may claim of the latest drill: everything about exactly the text that ran, otherwise nothing. */
import { describe, expect, test } from 'vitest';
import type { Results, ScenarioResult, StepResult } from '../../src/procedure/results/drill-results';
import { executionsOf, latestDrill } from '../../src/procedure/results/drilled';

const digest = (letter: string) => letter.repeat(64);

function step(id: string, change: Partial<StepResult> = {}): StepResult {
  return {
    id,
    file: 'docs/emergency/a.mdx',
    line: 1,
    kind: 'command',
    rung: 1,
    milliseconds: 100,
    minutes: 1,
    exit: 0,
    verdict: 'passed',
    message: '',
    ...change,
  };
}

function scenario(id: string, steps: StepResult[], change: Partial<ScenarioResult> = {}): ScenarioResult {
  return {
    id,
    title: id,
    pages: ['docs/emergency/a.mdx'],
    faults: {},
    expect: 'completed',
    targetMinutes: null,
    started: '2026-11-23T00:00:00.000Z',
    milliseconds: 100,
    steps,
    problems: [],
    verdict: 'passed',
    ...change,
  };
}

function results(change: Partial<Results> = {}): Results {
  return {
    format: 'tabletop-results/1',
    kind: 'automated drill',
    commit: 'none',
    dirty: false,
    started: '2026-11-23T00:00:00.000Z',
    milliseconds: 1000,
    node: 'v20.19.0',
    tools: [],
    pages: [
      { file: 'docs/emergency/a.mdx', sha256: digest('a') },
      { file: 'docs/emergency/b.mdx', sha256: digest('b') },
    ],
    planSha256: digest('f'),
    scenarios: [scenario('one', [step('AAA-01')])],
    totals: { passed: 1, failed: 0, steps: 1, commands: 1 },
    coverage: { outages: { drilled: 1, equivalent: 0, total: 1 }, steps: { executed: 1, total: 1 } },
    ...change,
  };
}

const pages = results().pages;

describe('claims about a text', () => {
  test('a drill of exactly this text, in any order of its pages, counts', () => {
    const drill = latestDrill(results(), [...pages].reverse());
    expect(drill.state).toBe('current');
    expect(drill.state === 'current' && drill.executions).toEqual({
      'AAA-01': { scenarios: 1, milliseconds: 100 },
    });
  });

  test.each([
    [
      'one letter of one page changed',
      [pages[0], { file: 'docs/emergency/b.mdx', sha256: digest('c') }],
      'b',
    ],
    ['a page came', [...pages, { file: 'docs/emergency/c.mdx', sha256: digest('c') }], 'c'],
    ['a page went', [pages[0]], 'b'],
  ])('%s: nothing is claimed', (_name, now, letter) => {
    expect(latestDrill(results(), now as typeof pages)).toEqual({
      state: 'none',
      why: 'other-text',
      files: [`docs/emergency/${letter}.mdx`],
    });
  });

  test('a drill that failed claims no execution', () => {
    const failed = results({ totals: { passed: 0, failed: 1, steps: 1, commands: 1 } });
    expect(latestDrill(failed, pages)).toEqual({ state: 'failed', results: failed });
  });

  test('an exercise by people is never taken for a drill', () => {
    expect(latestDrill(results({ kind: 'exercise by people' }), pages)).toEqual({
      state: 'none',
      why: 'by-people',
    });
  });
});

describe('executions of a step', () => {
  test('are counted by scenario, timed by their median, and leave out acts and what was skipped', () => {
    const scenarios = [
      scenario('one', [step('AAA-01', { milliseconds: 10 }), step('AAA-02', { kind: 'act' })]),
      scenario('two', [step('AAA-01', { milliseconds: 30, verdict: 'stopped' })]),
      scenario('three', [step('AAA-01', { milliseconds: 900 }), step('AAA-03', { verdict: 'skipped' })]),
    ];
    expect(executionsOf({ scenarios })).toEqual({ 'AAA-01': { scenarios: 3, milliseconds: 30 } });
    expect(executionsOf({ scenarios: scenarios.slice(0, 2) })).toEqual({
      'AAA-01': { scenarios: 2, milliseconds: 20 },
    });
  });

  test('two executions in one scenario are one scenario, which took both', () => {
    const scenarios = [scenario('one', [step('AAA-01'), step('AAA-01')])];
    expect(executionsOf({ scenarios })).toEqual({ 'AAA-01': { scenarios: 1, milliseconds: 200 } });
  });
});
