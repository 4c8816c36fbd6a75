/** What tests cost is counted with all that they start, and shown the dearest first. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  costLines,
  cpuSeconds,
  noteCost,
  readCosts,
  readSuiteCosts,
  writeCosts,
} from '../../scripts/common/costs';

const folder = mkdtempSync(join(tmpdir(), 'costs '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ran = (file: string, tests: number) => ({
  name: join(folder, file),
  status: 'passed',
  startTime: 1000,
  endTime: 3500,
  assertionResults: Array.from({ length: tests }, () => ({ status: 'passed' })),
});

test('seconds of CPU are read of the process and its children, whatever its name is', () => {
  const fields = [...'S 1 1 1 0 -1 4194304 100 200 0 0'.split(' '), '150', '50', '1000', '25', '20'];
  expect(cpuSeconds(`42 (a) b (c) ${fields.join(' ')}`)).toBe(12.25);
});

test.runIf(process.platform === 'linux')('what a child has worked counts when it has ended', () => {
  const before = cpuSeconds();
  const work = 'const end = process.cpuUsage().user + 4e5; while (process.cpuUsage().user < end);';
  expect(spawnSync(process.execPath, ['-e', work]).status).toBe(0);
  expect(cpuSeconds() - before).toBeGreaterThan(0.39);
});

test('files are listed the dearest first, also those that noted nothing', () => {
  const log = join(folder, 'log');
  noteCost(log, join(folder, 'tests/a.test.ts'));
  const report = {
    success: true,
    startTime: 0,
    testResults: [ran('tests/b.test.ts', 1), ran('tests/a.test.ts', 2)],
  };
  const costs = readCosts(log, report, folder);
  expect(costs.map(({ file, tests, wall }) => [file, tests, wall])).toEqual([
    ['tests/a.test.ts', 2, 2.5],
    ['tests/b.test.ts', 1, 2.5],
  ]);
  expect(costs[0]?.cpu).toBeGreaterThan(0);
  expect(costs[1]?.cpu).toBe(0);
});

test('costs of suites are kept, and a suite that runs again replaces its own alone', () => {
  expect(readSuiteCosts(folder)).toEqual([]);
  const suite = (name: string, cpu: number) => ({ suite: name, wall: 1, cpu, files: [] });
  writeCosts(folder, [suite('unit', 30), suite('site', 10)]);
  writeCosts(folder, [suite('site', 90)]);
  const kept = readSuiteCosts(folder);
  expect(kept.map(({ suite: name, cpu }) => [name, cpu])).toEqual([
    ['unit', 30],
    ['site', 90],
  ]);
  const lines = costLines([...kept, { ...suite('x', 0), files: [{ file: 'f', tests: 3, wall: 2, cpu: 1 }] }]);
  expect(lines.indexOf('site, 75 %')).toBeLessThan(lines.indexOf('unit, 25 %'));
  expect(lines).toMatch(/^ +1\.0 s +2\.0 s {2}f, 3 tests$/m);
  writeFileSync(join(folder, 'reports/tests/costs.json'), 'no JSON');
  expect(readSuiteCosts(folder)).toEqual([]);
});
