/** Commands whose output is shown while they run and kept until they end; Vitest among them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type FileCost, readCosts } from './costs';
import { type Result, resultOfTool, resultOfVitest, type VitestReport } from './tally';

const ROOT = resolve(__dirname, '../..');
const requireHere = createRequire(__filename);

export interface Outcome {
  readonly succeeded: boolean;
  readonly output: string;
  /** What it wrote to standard error. */
  readonly errors: string;
}

export interface HowToRun {
  /** Who runs it, in what is said about it. */
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  /** It is ended after so many minutes, with all that it has started. */
  readonly minutes?: number;
  /** How a line of its standard output is shown; without it, as it comes. */
  readonly line?: (line: string) => string;
}

const running = new Set<(signal: NodeJS.Signals) => void>();
let listening = false;

function passSignalsOn(): void {
  if (listening) return;
  listening = true;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      for (const stop of running) stop(signal);
      process.exit(signal === 'SIGINT' ? 130 : 143);
    });
}

/** Ends a process; one that leads a group, with its group. */
function stopper(child: ChildProcess, leads: boolean): (signal: NodeJS.Signals) => void {
  return (signal) => {
    try {
      if (leads && child.pid !== undefined) process.kill(-child.pid, signal);
      else child.kill(signal);
    } catch {
      // It has ended by itself.
    }
  };
}

/** Shows what arrives in pieces line by line. */
function byLine(shown: (line: string) => string): { take(chunk: string): void; end(): void } {
  let partial = '';
  const say = (line: string) => process.stdout.write(`${shown(line)}\n`);
  return {
    take(chunk) {
      const lines = `${partial}${chunk}`.split('\n');
      partial = lines.pop() ?? '';
      for (const line of lines) say(line);
    },
    end() {
      if (partial !== '') say(partial);
    },
  };
}

/** Runs a command in the project's folder to its end or its limit. One that does not start has failed. */
export function runShown(
  [command = '', ...args]: readonly string[],
  { name, env, minutes, line }: HowToRun,
): Promise<Outcome> {
  passSignalsOn();
  return new Promise((done) => {
    // Who leads a group does not hear the terminal's Ctrl+C, so only what has a limit does.
    const leads = minutes !== undefined && process.platform !== 'win32';
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command === 'npm',
      detached: leads,
      env: {
        ...process.env,
        ...(process.stdout.isTTY && process.env.NO_COLOR === undefined ? { FORCE_COLOR: '1' } : {}),
        ...env,
      },
    });
    const stop = stopper(child, leads);
    running.add(stop);
    const limit =
      minutes === undefined
        ? undefined
        : setTimeout(() => {
            process.stdout.write(`${name}: stopped after ${minutes} minutes\n`);
            stop('SIGKILL');
          }, minutes * 60_000);
    const lines = line && byLine(line);
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (lines) lines.take(chunk.toString());
      else process.stdout.write(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
      process.stderr.write(chunk);
    });
    const ended = (succeeded: boolean) => {
      clearTimeout(limit);
      running.delete(stop);
      lines?.end();
      done({ succeeded, output, errors });
    };
    child.on('error', (error) => {
      process.stderr.write(`${name}: error: ${command} did not start: ${error.message}\n`);
      ended(false);
    });
    child.on('close', (code) => ended(code === 0));
  });
}

/** The script behind a package's command, so that nothing depends on PATH. */
export function binOf(name: string, command: string): string {
  const manifest = join(ROOT, 'node_modules', name, 'package.json');
  const field = (requireHere(manifest) as { bin: string | Record<string, string> }).bin;
  const file = typeof field === 'string' ? field : field[command];
  if (file === undefined) throw new RangeError(`${name} has no command ${command}`);
  return join(dirname(manifest), file);
}

/** What Vitest found, and what each file took. */
export interface TestRun {
  readonly result: Result;
  /** Undefined where Vitest did not come so far. */
  readonly report: VitestReport | undefined;
  readonly costs: readonly FileCost[];
}

/** Runs tests of some projects: all of them, or those in files whose path contains one of `files`. */
export async function runVitest(
  projects: readonly string[],
  files: readonly string[],
  how: HowToRun,
): Promise<TestRun> {
  const folder = mkdtempSync(join(tmpdir(), 'runbook-test-'));
  const [file, costs] = [join(folder, 'report.json'), join(folder, 'costs')];
  try {
    const words = [process.execPath, binOf('vitest', 'vitest'), 'run', '--config', 'tests/vitest.config.ts'];
    const chosen = projects.flatMap((project) => ['--project', project]);
    const reports = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const { succeeded } = await runShown([...words, ...chosen, ...files, ...reports], {
      ...how,
      env: { VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true', TEST_COSTS: costs, ...how.env },
    });
    if (!existsSync(file)) return { result: resultOfTool(false), report: undefined, costs: [] };
    const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
    return { result: resultOfVitest(report, succeeded, ROOT), report, costs: readCosts(costs, report, ROOT) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
