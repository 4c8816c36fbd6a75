/** What test runs cost: seconds of CPU, of a process with all that it has started and waited for. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { VitestReport } from './tally';

/** Hundredths of a second: USER_HZ, in which Linux counts for every program (proc(5)). */
const TICKS_A_SECOND = 100;

/**
 * Seconds of CPU of this process and of the children that it has waited for, with theirs. Linux counts the children; elsewhere
 * it is this process alone.
 * @param stat What `/proc/self/stat` says (proc(5)).
 */
export function cpuSeconds(stat: string | undefined = readStat()): number {
  if (stat === undefined) {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }
  // The name in parentheses may hold blanks. Behind it stand fields 3 and following: utime is 14, and cstime 17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_A_SECOND;
}

function readStat(): string | undefined {
  try {
    return readFileSync('/proc/self/stat', 'utf8');
  } catch {
    return undefined;
  }
}

/** What one file of tests took. */
export interface FileCost {
  /** From the root of the project. */
  readonly file: string;
  readonly tests: number;
  /** Seconds from its first test to its last. */
  readonly wall: number;
  /** Seconds of CPU, with the starting of its process and of its children. */
  readonly cpu: number;
}

/** What one suite took. */
export interface SuiteCost {
  readonly suite: string;
  readonly wall: number;
  readonly cpu: number;
  readonly files: readonly FileCost[];
}

/** Where the costs of the last `npm test` are kept. */
export const costsFile = 'reports/tests/costs.json';

/** Notes, in a process that has run a file of tests, what it took. */
export function noteCost(log: string, file: string): void {
  appendFileSync(log, `${JSON.stringify({ file, cpu: cpuSeconds() })}\n`);
}

const projectPath = (file: string, root: string) => relative(root, file).split(sep).join('/');

/** The costs of the files of a report, the dearest first. `log` is what their processes have noted. */
export function readCosts(log: string, report: VitestReport, root: string): FileCost[] {
  const noted = new Map<string, number>();
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
  for (const line of lines) {
    const { file, cpu } = JSON.parse(line) as { file: string; cpu: number };
    noted.set(file, cpu);
  }
  return report.testResults
    .map(({ name, startTime = 0, endTime = 0, assertionResults }) => ({
      file: projectPath(name, root),
      tests: assertionResults.length,
      wall: (endTime - startTime) / 1000,
      cpu: noted.get(name) ?? 0,
    }))
    .sort((a, b) => b.cpu - a.cpu);
}

/** Keeps the costs of suites; those of the suites that did not run this time stay. */
export function writeCosts(root: string, costs: readonly SuiteCost[]): void {
  const file = join(root, costsFile);
  const ran = new Set(costs.map(({ suite }) => suite));
  const others = readSuiteCosts(root).filter(({ suite }) => !ran.has(suite));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify([...others, ...costs], null, 1)}\n`);
}

/** The costs that were kept last; none where nothing was kept, or nothing that can be read. */
export function readSuiteCosts(root: string): SuiteCost[] {
  try {
    return JSON.parse(readFileSync(join(root, costsFile), 'utf8')) as SuiteCost[];
  } catch {
    return [];
  }
}

const row = (cpu: number, wall: number, rest: string) =>
  `${cpu.toFixed(1).padStart(9)} s ${wall.toFixed(1).padStart(9)} s  ${rest}\n`;

/** Suites, the dearest first, and the files that took most of them. */
export function costLines(costs: readonly SuiteCost[], most = 40): string {
  const sum = costs.reduce((all, { cpu }) => all + cpu, 0);
  const files = costs.flatMap((one) => one.files).sort((a, b) => b.cpu - a.cpu);
  const share = (cpu: number) => `${Math.round((100 * cpu) / Math.max(sum, 0.01))} %`;
  return [
    '      CPU        wall\n',
    ...[...costs]
      .sort((a, b) => b.cpu - a.cpu)
      .map(({ suite, cpu, wall }) => row(cpu, wall, `${suite}, ${share(cpu)}`)),
    '\n',
    ...files.slice(0, most).map(({ file, tests, cpu, wall }) => row(cpu, wall, `${file}, ${tests} tests`)),
  ].join('');
}
