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
  /** Milliseconds since 1970. */
  readonly startTime: number;
  readonly testResults: readonly {
    /** Path of the file. */
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** A tool without counts of its own is one check. */
export function tallyOfTool(succeeded: boolean): Tally {
  return succeeded ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** Counts one file of a Vitest report. A file that broke before its first test counts as one failure. */
export function tallyOfFile({ status, assertionResults }: VitestReport['testResults'][number]): Tally {
  const count = (wanted: string) => assertionResults.filter((test) => test.status === wanted).length;
  const [passed, failed] = [count('passed'), count('failed')];
  const skipped = assertionResults.length - passed - failed;
  return { passed, failed: status === 'failed' && failed === 0 ? 1 : failed, skipped };
}

/**
 * Counts a Vitest report. A file that broke before its first test, and a run that failed although every test
 * passed (an unhandled rejection), count as one failure each.
 */
export function tallyOfVitest(report: Omit<VitestReport, 'startTime'>, succeeded: boolean): Tally {
  const { passed, failed, skipped } = total(report.testResults.map(tallyOfFile));
  const broken = failed === 0 && (!succeeded || !report.success || passed === 0);
  return { passed, failed: broken ? 1 : failed, skipped };
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
