/**
 * `npm test`: runs every suite, shows what each does, and closes with `N passed, N failed` over all of them. What tests the
 * product brings deployments of its own; `npm test -- deployment` runs what is about the one at the root, and
 * `npm test -- --changed` what the changes since main can break.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadDeployment, readFictionalWarning } from '../src/deployment/load';
import { InvalidInput } from '../src/deployment/problem';
import { visible } from '../src/shard/visible';
import { affectedBy, selectionOf } from './common/affected';
import { cpuSeconds, type FileCost, type SuiteCost, writeCosts } from './common/costs';
import { drillUnavailable } from './common/platform';
import { binOf, runShown, runVitest } from './common/run';
import {
  failureLines,
  type Result,
  resultOfOutput,
  resultOfTool,
  total,
  type VitestReport,
} from './common/tally';
import { writeTestResults } from './test-results';

const ROOT = resolve(__dirname, '..');

interface Suite {
  readonly name: string;
  readonly what: string;
  /** Without this one passing there is nothing to test. */
  readonly needs?: string;
  /** It executes the pages, which only Linux can. */
  readonly drills?: true;
  /** Runs it; of a suite of test files those that are named, or all. */
  run(files?: readonly string[]): Promise<Result>;
}

/** What Vitest has measured of the files of the suite that runs. */
let files: readonly FileCost[] = [];

const shown = (...words: string[]) => runShown(words, { name: 'test' });

const tool = async (name: string, command: string, args: readonly string[]): Promise<Result> =>
  resultOfTool((await shown(process.execPath, binOf(name, command), ...args)).succeeded);

async function vitest(
  projects: readonly string[],
  only: readonly string[] = [],
  keep: (report: VitestReport) => void = () => undefined,
): Promise<Result> {
  const { result, report, costs } = await runVitest(projects, only, { name: 'test' });
  files = costs;
  if (report !== undefined) keep(report);
  return result;
}

const SUITES: readonly Suite[] = [
  { name: 'types', what: 'TypeScript', run: () => tool('typescript', 'tsc', ['--pretty', 'false']) },
  {
    name: 'lint',
    what: 'Biome',
    run: () =>
      tool('@biomejs/biome', 'biome', ['ci', `--colors=${process.stdout.isTTY ? 'force' : 'off'}`, '.']),
  },
  { name: 'markdown', what: 'markdownlint', run: () => tool('markdownlint-cli2', 'markdownlint-cli2', []) },
  {
    name: 'unit',
    what: 'domain, scripts, components',
    // The pages and the evidence tell of a run of all files.
    run: (only) =>
      vitest(['unit', 'components'], only, (report) => {
        if (only === undefined) writeTestResults(report, ROOT);
      }),
  },
  {
    name: 'drill',
    what: 'every documented recovery, executed',
    drills: true,
    run: async () => {
      const { succeeded, output, errors } = await shown('npm', 'run', '--silent', 'tabletop');
      return resultOfOutput(output, succeeded, errors);
    },
  },
  {
    name: 'build',
    what: 'production site',
    run: async () => resultOfTool((await shown('npm', 'run', '--silent', 'build')).succeeded),
  },
  {
    name: 'site',
    what: 'the built site in a browser',
    needs: 'build',
    run: (only) => vitest(['site'], only),
  },
  {
    name: 'adoption',
    what: 'other deployments, from deployment.yaml alone',
    drills: true,
    run: (only) => vitest(['adoption'], only),
  },
];

/** Of a suite that this system cannot run. */
const notRun: Result = { tally: { passed: 0, failed: 0, skipped: 1 }, failures: [] };

/** Suites that are asked for by one word. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  // What an adopter's CI needs: every check that depends on the deployment at the root.
  deployment: ['drill', 'build', 'site'],
};

/** What is no failure, and nobody should overlook: values of the deployment that are still made up. */
function warnings(): string[] {
  const file = join(ROOT, 'deployment.yaml');
  try {
    const warning = readFictionalWarning(file, loadDeployment(file));
    return warning === undefined ? [] : [warning];
  } catch (error) {
    // The build says what is wrong with the file.
    if (error instanceof InvalidInput) return [];
    throw error;
  }
}

interface Choice {
  readonly suites: readonly Suite[];
  /** By suite, the files of tests that are enough; of a suite that is not here, all. */
  readonly files: Readonly<Record<string, readonly string[]>>;
}

/** What the changes since a commit, or since the branch left it, can break. The suite `adoption` is left to CI. */
function choiceByChanges(since: string): Choice {
  const git = (...words: string[]): string => {
    const { status, stdout, stderr } = spawnSync('git', ['-C', ROOT, ...words], { encoding: 'utf8' });
    if (status !== 0) throw new RangeError(stderr.trim().split('\n')[0]);
    return stdout;
  };
  const list = (...words: string[]) =>
    git(...words)
      .split('\0')
      .filter(Boolean);
  const base = git('merge-base', 'HEAD', since).trim();
  const others = list('ls-files', '-z', '--others', '--exclude-standard');
  const changed = [...list('diff', '-z', '--name-only', base), ...others];
  const all = [...list('ls-files', '-z'), ...others].filter((file) => existsSync(join(ROOT, file)));
  const affected = affectedBy(all, (file) => readFileSync(join(ROOT, file), 'utf8'), changed);
  const { suites, tests } = selectionOf(changed, affected);
  const left = tests.adoption ?? [];
  process.stdout.write(`${changed.length} files have changed since ${since} (${base.slice(0, 10)})\n`);
  if (left.length > 0)
    process.stdout.write(`adoption is left to CI, or to "npm test -- adoption": ${left.length} files\n`);
  return { suites: SUITES.filter(({ name }) => suites.has(name) && name !== 'adoption'), files: tests };
}

/** The suites that are named, all without a name. Throws RangeError for a word that is none. */
function choiceByNames(words: readonly string[]): Choice {
  const asked = words.flatMap((name) => GROUPS[name] ?? [name]);
  const unknown = asked.find((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown !== undefined) throw new RangeError(`no suite "${unknown}"`);
  const suites = asked.length === 0 ? SUITES : SUITES.filter((suite) => asked.includes(suite.name));
  return { suites, files: {} };
}

function usage(): string {
  const names = SUITES.map((suite) => suite.name).join(', ');
  const groups = Object.entries(GROUPS).map(([name, suites]) => `${name} (${suites.join(', ')})`);
  return `the suites are ${names}; together: ${groups.join('; ')}; or --changed [COMMIT]`;
}

async function main([first = '', ...more]: readonly string[]): Promise<void> {
  let choice: Choice;
  try {
    choice =
      first === '--changed'
        ? choiceByChanges(more[0] ?? 'main')
        : choiceByNames(first === '' ? [] : [first, ...more]);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    process.stderr.write(`test: error: ${error.message}\ntest: hint: ${usage()}\n`);
    process.exitCode = 2;
    return;
  }
  const chosen = choice.suites;
  if (chosen.length === 0) {
    process.stdout.write('nothing that npm test tests\n');
    return;
  }
  const results: (Result & { readonly suite: Suite; readonly cost: SuiteCost })[] = [];
  const cannotDrill = drillUnavailable();
  for (const [index, suite] of chosen.entries()) {
    const [started, before] = [Date.now(), cpuSeconds()];
    files = [];
    process.stdout.write(`\n[${index + 1}/${chosen.length}] ${suite.name}: ${suite.what}\n`);
    const blocked = results.some((result) => result.suite.name === suite.needs && result.tally.failed > 0);
    if (blocked) process.stdout.write(`not run, because ${suite.needs} failed\n`);
    const here = suite.drills ? cannotDrill : undefined;
    if (here !== undefined) process.stdout.write(`skipped, not run here: ${here}\n`);
    const result = blocked
      ? resultOfTool(false)
      : here === undefined
        ? await suite.run(choice.files[suite.name])
        : notRun;
    const [wall, cpu] = [(Date.now() - started) / 1000, cpuSeconds() - before];
    results.push({ suite, ...result, cost: { suite: suite.name, wall, cpu, files } });
  }
  const failed = failureLines(results.map(({ suite, failures }) => ({ name: suite.name, failures })));
  process.stdout.write(`\n${failed}${failed === '' ? '' : '\n'}`);
  writeCosts(
    ROOT,
    results.map(({ cost }) => cost),
  );
  for (const { suite, tally, cost } of results) {
    const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
    process.stdout.write(
      `${suite.name.padEnd(9)} ${tally.passed} passed, ${tally.failed} failed${skipped} (${cost.wall.toFixed(1)} s, ${cost.cpu.toFixed(0)} s of CPU)\n`,
    );
  }
  for (const warning of warnings()) process.stdout.write(`\n${visible(`warning: ${warning}`)}\n`);
  const sum = total(results.map((result) => result.tally));
  process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
  process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed\n`);
}

void main(process.argv.slice(2));
