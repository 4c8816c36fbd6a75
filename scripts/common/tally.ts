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
    /** Milliseconds since 1970. */
    readonly startTime?: number;
    readonly endTime?: number;
    /** Why the file did not load. */
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName?: string;
      readonly failureMessages?: readonly string[];
    }[];
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

const firstLine = (text: string | undefined) => (text ?? '').trim().split('\n')[0] ?? '';

/** What failed in a Vitest report, a line each: file, test and the first line of the reason. `folder` is taken off the paths. */
export function failuresOfVitest(
  { testResults }: Pick<VitestReport, 'testResults'>,
  folder: string,
): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = name.startsWith(folder) ? name.slice(folder.length + 1) : name;
    const failed = assertionResults.filter((one) => one.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [`${file}: ${firstLine(message)}`] : [];
    return failed.map(
      ({ fullName, failureMessages }) => `${file}: ${fullName}: ${firstLine(failureMessages?.[0])}`,
    );
  });
}

/** What failed in a suite that marks its failures with ✗, a line each. Those of a part that are said again at the end count once. */
export function failuresOfOutput(output: string): string[] {
  const found = [...new Set([...output.matchAll(/^✗ (.+)$/gm)].map(([, what = '']) => what))];
  return found.filter((what) => !found.some((other) => other.endsWith(`: ${what}`)));
}

/** The failures once more, for those who see the end of a log only. */
export function failureLines(
  results: readonly { readonly name: string; readonly failures: readonly string[] }[],
): string {
  return results.flatMap(({ name, failures }) => failures.map((what) => `✗ ${name}: ${what}\n`)).join('');
}

/** What a suite or a part of CI came to. */
export interface Result {
  readonly tally: Tally;
  /** What failed, as far as the tool names it. */
  readonly failures: readonly string[];
}

export const resultOfTool = (succeeded: boolean): Result => ({
  tally: tallyOfTool(succeeded),
  failures: [],
});

/** The result of Vitest by its report. `folder` is taken off the paths of its files. */
export const resultOfVitest = (report: VitestReport, succeeded: boolean, folder: string): Result => ({
  tally: tallyOfVitest(report, succeeded),
  failures: failuresOfVitest(report, folder),
});

/** The errors that a tool told before it gave up: `tool: error: what was found`. */
const errorsOf = (text: string) => [...text.matchAll(/^[\w-]+: error: (.+)$/gm)].map(([, what = '']) => what);

/**
 * The result of a suite that marks its failures and ends with a closing line. One that gave up before it could mark any
 * has failed by the errors that it told.
 */
export function resultOfOutput(output: string, succeeded: boolean, errors = ''): Result {
  const marked = failuresOfOutput(output);
  const failures = succeeded || marked.length > 0 ? marked : errorsOf(errors);
  return { tally: tallyOfClosingLine(output, succeeded), failures };
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
