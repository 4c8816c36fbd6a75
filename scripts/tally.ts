/** Counts of passed and failed checks, and how each tool of the test run reports its own. */

/** Numbers of checks. `skipped` ones are told apart, so that nothing is left out in silence. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The part of Vitest's JSON report that is counted. */
export interface VitestReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** A tool without counts of its own is one check. */
export function tallyOfTool(succeeded: boolean): Tally {
  return succeeded ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/**
 * Counts a Vitest report. A file that broke before its first test, and a run that failed although every test
 * passed (an unhandled rejection), count as one failure each.
 */
export function tallyOfVitest(report: VitestReport, succeeded: boolean): Tally {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for (const file of report.testResults) {
    const failedBefore = failed;
    for (const { status } of file.assertionResults) {
      if (status === 'passed') passed += 1;
      else if (status === 'failed') failed += 1;
      else skipped += 1;
    }
    if (file.status === 'failed' && failed === failedBefore) failed += 1;
  }
  if (failed === 0 && (!succeeded || !report.success || passed === 0)) failed = 1;
  return { passed, failed, skipped };
}

/**
 * Reads the closing line `N passed, N failed` of a suite. No such line, no test at all, or a bad exit with
 * "0 failed" count as one failure.
 */
export function tallyOfClosingLine(output: string, succeeded: boolean): Tally {
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  const match = /^(\d+) passed, (\d+) failed$/.exec(last.trim());
  if (match === null) return { passed: 0, failed: 1, skipped: 0 };
  const passed = Number(match[1]);
  const failed = Number(match[2]);
  return { passed, failed: failed === 0 && (!succeeded || passed === 0) ? 1 : failed, skipped: 0 };
}

/** A line of a part's output; its closing line is given the name of the part, so that it is not taken for the total. */
export function reworded(part: string, line: string): string {
  return /^\d+ passed, \d+ failed\s*$/.test(line) ? `${part}: ${line}` : line;
}

/** Adds tallies up. */
export function total(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, next) => ({
      passed: sum.passed + next.passed,
      failed: sum.failed + next.failed,
      skipped: sum.skipped + next.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}
