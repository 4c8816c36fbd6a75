/** The parts of CI: `npm test`, the commands of the README in a copy, `sss` under Node's permissions, the mutated pages, the hosting guide, the contract and the drill of the unmodified tools; one tally. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  failureLines,
  type Result,
  resultOfOutput,
  resultOfTool,
  resultOfVitest,
  reworded,
  total,
  type VitestReport,
} from './common/tally';
import { missingRealTools, realTools } from './providers/real/support';
import { standInsOnly } from './tabletop/plan/rung';

const ROOT = resolve(__dirname, '..');

/** Debian's packages of the real tools, and of the web servers of the hosting guide. gcloud is not among them: it is used where it is installed. */
const PACKAGES = [
  'awscli',
  'caddy',
  'iproute2',
  'nginx-light',
  'opensc',
  'postgresql',
  'softhsm2',
  'zbar-tools',
];

/** What a drill on rung 2 cannot show with the real tool on any machine; anything else that falls fails. */
const ALWAYS_ON_RUNG_1 = [
  ...standInsOnly,
  'pkcs11-tool:changes',
  'pkcs11-tool:sha256',
  'pkcs11-hsm:pin-locked',
  'gcp-kms:hang',
  // What is wrong with a sign-in or a certificate: the private network has one home and one authority.
  ...['expired-sign-in', 'unknown-profile', 'unknown-authority'].map((mode) => `aws-kms:${mode}`),
  ...['expired-sign-in', 'unknown-authority', 'unknown-host'].map((mode) => `gcp-kms:${mode}`),
  ...['unknown-service', 'unknown-authority', 'unknown-host'].map((mode) => `postgres:${mode}`),
];

/** Minutes after which the mutation run begins no further mutant. */
const MUTATION_MINUTES = 14;

const say = (text: string) => process.stdout.write(`${text}\n`);

interface Outcome {
  readonly succeeded: boolean;
  readonly output: string;
  /** What it wrote to standard error. */
  readonly errors: string;
}

/** Runs a command to its end or its limit. Its closing line is shown with the name of the part, as the last line is the total. */
function run(name: string, words: readonly string[], minutes: number, env = {}): Promise<Outcome> {
  return new Promise((done) => {
    const [command = '', ...rest] = words;
    const child = spawn(command, rest, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, ...env },
    });
    const stop = (signal: NodeJS.Signals) => {
      try {
        process.kill(-(child.pid ?? 0), signal);
      } catch {
        // It has ended by itself.
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        stop(signal);
        process.exit(1);
      });
    }
    const limit = setTimeout(() => {
      say(`${name}: stopped after ${minutes} minutes`);
      stop('SIGKILL');
    }, minutes * 60_000);
    let output = '';
    let errors = '';
    let partial = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      partial += chunk.toString();
      const lines = partial.split('\n');
      partial = lines.pop() ?? '';
      for (const line of lines) say(reworded(name, line));
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
      process.stderr.write(chunk);
    });
    child.on('error', (error) => say(`${name}: ${command} did not start: ${error.message}`));
    child.on('close', (code) => {
      clearTimeout(limit);
      if (partial !== '') say(reworded(name, partial));
      done({ succeeded: code === 0, output, errors });
    });
  });
}

/** Words that give a command the rights of root; undefined where there is no way without a question. */
function asRoot(): readonly string[] | undefined {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined;
}

const noAnswer = 'no answer in time';

/** One quiet call of apt-get with a time limit. Returns what went wrong, or undefined. */
function apt(prefix: readonly string[], minutes: number, ...words: string[]): string | undefined {
  const settings = ['Acquire::http::Timeout=30', 'Acquire::Retries=1', 'DPkg::Lock::Timeout=60'].flatMap(
    (setting) => ['-o', setting],
  );
  const line = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '--quiet=2', ...settings];
  const [program = '', ...rest] = [...line, ...words];
  const limit = { timeout: minutes * 60_000, killSignal: 'SIGKILL' } as const;
  const { status, stderr } = spawnSync(program, rest, { encoding: 'utf8', ...limit });
  if (status === 0) return undefined;
  return stderr?.trim().split('\n').at(-1) || noAnswer;
}

/** Installs what is missing of the real tools. Returns lines that say what was done, and why where it could not be. */
function installTools(): string[] {
  const absent = PACKAGES.filter(
    (name) => spawnSync('dpkg', ['--status', name], { stdio: 'ignore' }).status !== 0,
  );
  if (absent.length === 0) return ['all packages are installed'];
  const prefix = asRoot();
  if (prefix === undefined)
    return [`not installed, as this needs root: sudo apt-get install ${absent.join(' ')}`];
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0)
    return [`not installed, as this machine has no apt-get: ${absent.join(', ')}`];
  const stale = apt(prefix, 3, 'update');
  const lines = stale === undefined ? [] : [`the list of packages could not be renewed: ${stale}`];
  const install = ['install', '--yes', '--no-install-recommends'];
  // What comes without a list comes from a cache, and fast.
  const minutes = stale === undefined ? 8 : 2;
  const whole = apt(prefix, minutes, ...install, ...absent);
  if (whole === undefined) return [...lines, `installed ${absent.join(', ')}`];
  if (whole === noAnswer) return [...lines, `not installed: ${absent.join(', ')}: ${whole}`];
  // One package that a distribution does not have must not keep the others away.
  for (const name of absent) {
    const failed = apt(prefix, minutes, ...install, name);
    lines.push(failed === undefined ? `installed ${name}` : `${name} was not installed: ${failed}`);
  }
  return lines;
}

/** A Node whose permission model covers sockets, from 25 on: this one, or one that npm brings into a folder. */
function nodeWithPermissions(folder: string): string | undefined {
  if (Number(process.versions.node.split('.')[0]) >= 25) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const words = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${name}@26.10.0`];
  spawnSync('npm', words, { stdio: 'ignore', timeout: 4 * 60_000, killSignal: 'SIGKILL' });
  const file = join(folder, 'node_modules', name, 'bin/node');
  return spawnSync(file, ['--version'], { stdio: 'ignore' }).status === 0 ? file : undefined;
}

/** Some test files of a project. */
async function tests(
  name: string,
  files: string,
  env: Record<string, string>,
  project = 'unit',
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'runbook-ci-'));
  const file = join(folder, 'report.json');
  try {
    const words = ['npx', '--no-install', 'vitest', 'run', '--config', 'tests/vitest.config.ts'];
    const report = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const quiet = { ...env, VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' };
    const { succeeded } = await run(name, [...words, '--project', project, files, ...report], 20, quiet);
    if (!existsSync(file)) return resultOfTool(false);
    return resultOfVitest(JSON.parse(readFileSync(file, 'utf8')) as VitestReport, succeeded, ROOT);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The contract tests against the unmodified tools that this machine has. */
const contract = (missing: readonly string[]): Promise<Result> =>
  tests('contract', 'tests/scripts/providers', { REAL_TOOLS: '1', ALLOW_RUNG: missing.join(',') });

async function closing(name: string, words: readonly string[], minutes: number): Promise<Result> {
  const { succeeded, output, errors } = await run(name, words, minutes);
  return resultOfOutput(output, succeeded, errors);
}

const PARTS = ['npm-test', 'commands', 'permission', 'mutants', 'hosting', 'real-tools'] as const;

/** Without words, every part; otherwise those named. */
async function main(words: readonly string[]): Promise<void> {
  const unknown = words.find((word) => !PARTS.some((part) => part === word));
  if (unknown !== undefined) {
    process.stderr.write(`ci: error: no part "${unknown}"\nci: hint: the parts are ${PARTS.join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  // The commands of the README are run where they are asked for: their tests have not been seen to an end on a quiet machine.
  const usual = PARTS.filter((name) => name !== 'commands');
  const wanted = (name: (typeof PARTS)[number]) => (words.length === 0 ? usual : words).includes(name);
  const results: (Result & { readonly name: string; readonly seconds: number })[] = [];
  const part = async (name: string, what: string, work: () => Promise<Result>) => {
    say(`\n=== ${name}: ${what}`);
    const started = Date.now();
    const result = await work();
    results.push({ name, ...result, seconds: Math.round((Date.now() - started) / 1000) });
  };
  const tabletop = ['npm', 'run', '--silent', 'tabletop', '--'];
  if (wanted('npm-test')) {
    await part('npm test', 'what a contributor runs', () =>
      closing('npm test', ['npm', 'test', '--silent'], 55),
    );
  }
  if (wanted('commands')) {
    await part('commands', 'what the README names, whole, in a copy of the project', () =>
      tests('commands', 'tests/commands', {}, 'commands'),
    );
  }
  if (wanted('permission')) {
    const folder = mkdtempSync(join(tmpdir(), 'runbook-node-'));
    try {
      const node = nodeWithPermissions(folder);
      if (node === undefined)
        say('permission: not shown: no Node of 25 or later, and npm could not bring one');
      else {
        await part('permission', 'Node itself refuses the network, and sss works', () =>
          tests('permission', 'tests/scripts/sss/permission.test.ts', { NODE_WITH_PERMISSIONS: node }),
        );
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  // Before the real tools: their drill is the one that is published, and reports what the mutants have shown.
  if (wanted('mutants')) {
    await part('mutants', 'mistakes in the pages, and whether the drill notices', () =>
      closing(
        'mutants',
        [...tabletop, 'mutate', '--minutes', String(MUTATION_MINUTES)],
        MUTATION_MINUTES + 6,
      ),
    );
  }
  if (wanted('hosting') || wanted('real-tools')) {
    say('\n=== real tools: Debian’s packages');
    for (const line of installTools()) say(`real tools: ${line}`);
  }
  if (wanted('hosting')) {
    await part('hosting', 'the snippets of the hosting guide at the real web servers', () =>
      tests('hosting', 'tests/scripts/hosting-servers.test.ts', {}),
    );
  }
  if (wanted('real-tools')) {
    const missing = missingRealTools();
    for (const [tool, reason] of missing) say(`real tools: ${tool} stays on rung 1: ${reason}`);
    if (missing.size === realTools.length)
      say('real tools: none can run here: everything was shown on rung 1');
    else {
      await part('contract', 'stand-ins and real tools on the same cases', () =>
        contract([...missing.keys()]),
      );
      const allowed = [...ALWAYS_ON_RUNG_1, ...missing.keys()].flatMap((name) => ['--allow-rung', name]);
      await part('rung 2', 'every drill with the real tools', () =>
        closing('rung 2', [...tabletop, '--rung', '2', ...allowed], 20),
      );
    }
  }

  say(`\n${failureLines(results)}`);
  for (const { name, tally, seconds } of results) {
    const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
    say(`${name.padEnd(9)} ${tally.passed} passed, ${tally.failed} failed${skipped} (${seconds} s)`);
  }
  const sum = total(results.map(({ tally }) => tally));
  process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
  say(`\n${sum.passed} passed, ${sum.failed} failed`);
}

void main(process.argv.slice(2));
