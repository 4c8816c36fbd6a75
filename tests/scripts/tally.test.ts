/** The closing line of a test run must not be able to hide a failure. */
import { describe, expect, test } from 'vitest';
import {
  failureLines,
  failuresOfOutput,
  failuresOfVitest,
  resultOfOutput,
  reworded,
  tallyOfClosingLine,
  tallyOfVitest,
  total,
} from '../../scripts/common/tally';
import { testResultsOf } from '../../scripts/test-results';
import { testResultsSchema } from '../../src/audit/test-results';

const file = (status: string, ...tests: string[]) => ({
  name: '/p/tests/x.test.ts',
  status,
  assertionResults: tests.map((result) => ({ status: result })),
});

describe('a closing line', () => {
  test.each([
    ['drilling\n12 passed, 0 failed\n', true, 12, 0],
    ['12 passed, 3 failed', false, 12, 3],
    ['12 passed, 0 failed\n', false, 12, 1],
    ['0 passed, 0 failed\n', true, 0, 1],
    ['12 passed, 0 failed\nbut then it crashed\n', true, 0, 1],
    ['', true, 0, 1],
  ])('%j with success %s', (output, succeeded, passed, failed) => {
    expect(tallyOfClosingLine(output, succeeded)).toEqual({ passed, failed, skipped: 0 });
  });
});

describe('a Vitest report', () => {
  test.each([
    ['all pass', [file('passed', 'passed', 'passed')], true, 2, 0],
    ['one fails', [file('failed', 'passed', 'failed')], false, 1, 1],
    ['a file does not load', [file('passed', 'passed'), file('failed')], false, 1, 1],
    ['an unhandled rejection', [file('passed', 'passed')], false, 1, 1],
    ['no test at all', [], true, 0, 1],
  ])('%s', (_name, testResults, success, passed, failed) => {
    expect(tallyOfVitest({ success, testResults }, success)).toMatchObject({ passed, failed });
  });

  test('counts skipped tests apart', () => {
    const report = { success: true, testResults: [file('passed', 'passed', 'skipped', 'todo')] };
    expect(tallyOfVitest(report, true)).toEqual({ passed: 1, failed: 0, skipped: 2 });
  });
});

describe('what failed', () => {
  test('is named by file, test and the first line of the reason', () => {
    const testResults = [
      {
        ...file('failed'),
        assertionResults: [
          { status: 'passed', fullName: 'adds' },
          { status: 'failed', fullName: 'sums up', failureMessages: ['expected 1 to be 2\n    at x.ts:3'] },
        ],
      },
      { ...file('failed'), name: '/elsewhere/y.test.ts', message: 'Cannot find module\nat z' },
      file('passed', 'passed'),
    ];
    expect(failuresOfVitest({ testResults }, '/p')).toEqual([
      'tests/x.test.ts: sums up: expected 1 to be 2',
      '/elsewhere/y.test.ts: Cannot find module',
    ]);
  });

  test('is read from the lines that a drill marks, each once', () => {
    const output =
      '✓ a: recovered\n✗ b: found x\n  ✗ inside\n✗ drill: b: found x\n✗ b: found x\n1 passed, 1 failed\n';
    expect(failuresOfOutput(output)).toEqual(['drill: b: found x']);
  });

  test('of a tool that gave up is the error that it told, where it marked nothing', () => {
    const errors = 'a warning\ntabletop: error: unseal/1-2-3 fails without any mistake\ntabletop: hint: x\n';
    const { tally, failures } = resultOfOutput('25 of 90\n0 passed, 1 failed\n', false, errors);
    expect(tally.failed).toBe(1);
    expect(failures).toEqual(['unseal/1-2-3 fails without any mistake']);
    expect(resultOfOutput('✗ b: found x\n0 passed, 1 failed\n', false, errors).failures).toEqual([
      'b: found x',
    ]);
    expect(resultOfOutput('1 passed, 0 failed\n', true, errors).failures).toEqual([]);
  });

  test('stands at the end of the log with the name of its part', () => {
    const results = [
      { name: 'unit', failures: ['a', 'b'] },
      { name: 'site', failures: [] },
    ];
    expect(failureLines(results)).toBe('✗ unit: a\n✗ unit: b\n');
  });
});

test('a part’s closing line is not taken for the total', () => {
  const line = reworded('rung 2', '91 passed, 0 failed');
  expect(line).toBe('rung 2: 91 passed, 0 failed');
  expect(tallyOfClosingLine(line, true).failed).toBe(1);
  expect(reworded('rung 2', 'unit 9 passed, 0 failed (1 s)')).toBe('unit 9 passed, 0 failed (1 s)');
});

test('adds up', () => {
  const one = { passed: 1, failed: 2, skipped: 3 };
  expect(total([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 });
  expect(total([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
});

test('results of the tests are kept by file, for the pages and the evidence', () => {
  const report = {
    success: false,
    startTime: Date.UTC(2026, 10, 25, 9),
    testResults: [
      { ...file('failed'), name: '/p/tests/b/broken.test.ts' },
      { ...file('passed', 'passed', 'skipped'), name: '/p/tests/a.test.tsx' },
      { ...file('passed', 'skipped'), name: '/p/tests/c.test.ts' },
    ],
  };
  const results = testResultsSchema.parse(testResultsOf(report, '/p'));
  expect(results).toMatchObject({ commit: 'none', dirty: true, started: '2026-11-25T09:00:00.000Z' });
  expect(results.files).toEqual([
    { file: 'tests/a.test.tsx', passed: 1, failed: 0, skipped: 1 },
    { file: 'tests/b/broken.test.ts', passed: 0, failed: 1, skipped: 0 },
    { file: 'tests/c.test.ts', passed: 0, failed: 0, skipped: 1 },
  ]);
});
