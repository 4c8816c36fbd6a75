/** Keeps what the unit tests reported, file by file, for the traceability page and the evidence pack. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { TestResults } from '../src/audit/test-results';
import { testResultsFile } from '../src/site/latest-tests';
import { tallyOfFile, type VitestReport } from './common/tally';
import { commitOf } from './tabletop/report/summary';

/** A report of Vitest as results. */
export function testResultsOf(report: VitestReport, root: string): TestResults {
  const files = report.testResults.map((one) => ({
    file: relative(root, one.name).split(sep).join('/'),
    ...tallyOfFile(one),
  }));
  return {
    format: 'test-results/1',
    ...commitOf(root),
    started: new Date(report.startTime).toISOString(),
    files: files.sort((a, b) => (a.file < b.file ? -1 : 1)),
  };
}

export function writeTestResults(report: VitestReport, root: string): void {
  const file = join(root, testResultsFile);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(testResultsOf(report, root), null, 1)}\n`);
}
