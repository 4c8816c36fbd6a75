/** Results of the tests, file by file: what `npm test` leaves for the traceability page and the evidence pack. */
import * as z from 'zod';

const count = z.int().min(0);

export const testResultsSchema = z.strictObject({
  format: z.literal('test-results/1'),
  /** `none` outside a git checkout. */
  commit: z.string(),
  /** There were uncommitted changes. */
  dirty: z.boolean(),
  started: z.iso.datetime(),
  files: z.array(
    z.strictObject({
      /** From the root of the project. */
      file: z.string().regex(/^tests\/.+\.test\.tsx?$/),
      passed: count,
      failed: count,
      skipped: count,
    }),
  ),
});

export type TestResults = z.infer<typeof testResultsSchema>;

export interface TestCounts {
  readonly files: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What a build may say of the tests: nothing, or how those of its own commit ended. */
export type LatestTests =
  | { readonly state: 'none'; readonly why: 'missing' | 'unreadable' | 'other-commit' }
  | { readonly state: 'current'; readonly results: TestResults };

/** Judges results against the commit of a build (full or shortened, as its footer names it). */
export function latestTests(results: TestResults, commit: string): LatestTests {
  const own = commit.replace(/\+$/, '');
  return results.commit !== 'none' && results.commit.startsWith(own)
    ? { state: 'current', results }
    : { state: 'none', why: 'other-commit' };
}

/** Counts of a test file, or of all below a folder; `name` is a path under tests/. */
export function countsOf({ files }: TestResults, name: string): TestCounts {
  const own = files.filter(({ file }) => file === `tests/${name}` || file.startsWith(`tests/${name}/`));
  const sum = (key: 'passed' | 'failed' | 'skipped') => own.reduce((all, one) => all + one[key], 0);
  return { files: own.length, passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}
