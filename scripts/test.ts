/**
 * `npm test`: runs every suite, shows what each does, and closes with `N passed, N failed` over all of them. What tests the
 * product brings deployments of its own; `npm test -- deployment` runs what is about the one at the root.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { loadDeployment, readFictionalWarning } from '../src/deployment/load';
import { InvalidInput } from '../src/deployment/problem';
import { visible } from '../src/shard/visible';
import { drillUnavailable } from './common/platform';
import {
  failureLines,
  type Result,
  resultOfOutput,
  resultOfTool,
  resultOfVitest,
  total,
  type VitestReport,
} from './common/tally';
import { writeTestResults } from './test-results';

const ROOT = resolve(__dirname, '..');
const requireHere = createRequire(__filename);

interface Outcome {
  readonly succeeded: boolean;
  readonly output: string;
  /** What it wrote to standard error. */
  readonly errors: string;
}

interface Suite {
  readonly name: string;
  readonly what: string;
  /** Without this one passing there is nothing to test. */
  readonly needs?: string;
  /** It executes the pages, which only Linux can. */
  readonly drills?: true;
  run(): Promise<Result>;
}

let running: ChildProcess | undefined;

/** Runs a command, showing its output while it is read. */
function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command === 'npm',
      env: {
        ...process.env,
        ...(process.stdout.isTTY && process.env.NO_COLOR === undefined ? { FORCE_COLOR: '1' } : {}),
        ...env,
      },
    });
    running = child;
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      process.stdout.write(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
      process.stderr.write(chunk);
    });
    child.on('error', (error) => {
      process.stderr.write(`test: error: ${command} did not start: ${error.message}\n`);
      done({ succeeded: false, output, errors });
    });
    child.on('close', (code) => done({ succeeded: code === 0, output, errors }));
  });
}

/** The script behind a package's command, so that nothing depends on PATH. */
function bin(name: string, command: string): string {
  const manifest = join(ROOT, 'node_modules', name, 'package.json');
  const field = (requireHere(manifest) as { bin: string | Record<string, string> }).bin;
  const file = typeof field === 'string' ? field : field[command];
  if (file === undefined) throw new RangeError(`${name} has no command ${command}`);
  return join(dirname(manifest), file);
}

async function tool(name: string, command: string, args: readonly string[]): Promise<Result> {
  return resultOfTool((await run(process.execPath, [bin(name, command), ...args])).succeeded);
}

async function vitest(
  projects: readonly string[],
  keep: (report: VitestReport) => void = () => undefined,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'runbook-test-'));
  const file = join(folder, 'report.json');
  try {
    const args = [
      bin('vitest', 'vitest'),
      'run',
      '--config',
      'tests/vitest.config.ts',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ];
    const { succeeded } = await run(process.execPath, args, { VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' });
    if (!existsSync(file)) return resultOfTool(false);
    const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
    keep(report);
    return resultOfVitest(report, succeeded, ROOT);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
    run: () => vitest(['unit', 'components'], (report) => writeTestResults(report, ROOT)),
  },
  {
    name: 'drill',
    what: 'every documented recovery, executed',
    drills: true,
    run: async () => {
      const { succeeded, output, errors } = await run('npm', ['run', '--silent', 'tabletop']);
      return resultOfOutput(output, succeeded, errors);
    },
  },
  {
    name: 'build',
    what: 'production site',
    run: async () => resultOfTool((await run('npm', ['run', '--silent', 'build'])).succeeded),
  },
  { name: 'site', what: 'the built site in a browser', needs: 'build', run: () => vitest(['site']) },
  {
    name: 'adoption',
    what: 'other deployments, from deployment.yaml alone',
    drills: true,
    run: () => vitest(['adoption']),
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

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

async function main(): Promise<void> {
  const asked = process.argv.slice(2).flatMap((name) => GROUPS[name] ?? [name]);
  const unknown = asked.find((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    const names = SUITES.map((suite) => suite.name).join(', ');
    const groups = Object.entries(GROUPS).map(([name, suites]) => `${name} (${suites.join(', ')})`);
    process.stderr.write(
      `test: error: no suite "${unknown}"\ntest: hint: the suites are ${names}; together: ${groups.join('; ')}\n`,
    );
    process.exitCode = 2;
    return;
  }
  const chosen = asked.length === 0 ? SUITES : SUITES.filter((suite) => asked.includes(suite.name));
  const results: (Result & { readonly suite: Suite; readonly time: string })[] = [];
  const cannotDrill = drillUnavailable();
  for (const [index, suite] of chosen.entries()) {
    const started = Date.now();
    process.stdout.write(`\n[${index + 1}/${chosen.length}] ${suite.name}: ${suite.what}\n`);
    const blocked = results.some((result) => result.suite.name === suite.needs && result.tally.failed > 0);
    if (blocked) process.stdout.write(`not run, because ${suite.needs} failed\n`);
    const here = suite.drills ? cannotDrill : undefined;
    if (here !== undefined) process.stdout.write(`skipped, not run here: ${here}\n`);
    const result = blocked ? resultOfTool(false) : here === undefined ? await suite.run() : notRun;
    results.push({ suite, ...result, time: seconds(started) });
  }
  const failed = failureLines(results.map(({ suite, failures }) => ({ name: suite.name, failures })));
  process.stdout.write(`\n${failed}${failed === '' ? '' : '\n'}`);
  for (const { suite, tally, time } of results) {
    const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
    process.stdout.write(
      `${suite.name.padEnd(9)} ${tally.passed} passed, ${tally.failed} failed${skipped} (${time})\n`,
    );
  }
  for (const warning of warnings()) process.stdout.write(`\n${visible(`warning: ${warning}`)}\n`);
  const sum = total(results.map((result) => result.tally));
  process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
  process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed\n`);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    running?.kill(signal);
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}
void main();
