/** The parts of CI: `npm test`, the commands of the README in a copy, `sss` under Node's permissions, the mutated pages, the hosting guide, the image of the room's machine, the contract and the drill of the unmodified tools; one tally. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { costLines, readSuiteCosts } from './common/costs';
import { runShown, runVitest } from './common/run';
import { failureLines, type Result, resultOfOutput, reworded, tallyOfTool, total } from './common/tally';
import { realRows, realTools } from './providers/real/rows';
import { missingOnRung2, missingRealTools } from './providers/real/support';
import { standInsOnly } from './tabletop/plan/rung';
import { vmUnavailable } from './tabletop/vm/machine';

const ROOT = resolve(__dirname, '..');

/** Debian's packages of the real tools and of what they need, and of the web servers of the hosting guide. A tool that Debian lacks, as gcloud, is used where it is installed. */
const PACKAGES = [
  ...realTools.flatMap((tool) => realRows[tool].debian),
  'caddy',
  'iproute2',
  'nginx-light',
  'zbar-tools',
];

/** Debian's packages that start the image of the room's machine; what builds it comes out of its lock. */
const MACHINE_PACKAGES = ['debian-archive-keyring', 'mtools', 'ovmf', 'qemu-system-x86'];

/** What nobody has seen where the image could not be built or started. */
const UNPROVED =
  'that two builds of the image are the same bytes, that it starts, and that preflight and script run in it';

/** What a drill on rung 2 cannot show with the real tool on any machine; anything else that falls fails. */
const ALWAYS_ON_RUNG_1 = [
  ...standInsOnly,
  'pkcs11-tool:changes',
  'pkcs11-hsm:pin-locked',
  'gcp-kms:hang',
  // What is wrong with a sign-in or a certificate: the private network has one home and one authority.
  ...['expired-sign-in', 'unknown-profile', 'unknown-authority'].map((mode) => `aws-kms:${mode}`),
  ...['expired-sign-in', 'unknown-authority', 'unknown-host'].map((mode) => `gcp-kms:${mode}`),
  ...['unknown-service', 'unknown-authority', 'unknown-host'].map((mode) => `postgres:${mode}`),
];

/** Minutes after which the mutation run begins no further mutant. */
const MUTATION_MINUTES = 4;

const say = (text: string) => process.stdout.write(`${text}\n`);

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

/** Installs what is missing of some packages. Returns lines that say what was done, and why where it could not be. */
function installTools(packages: readonly string[] = PACKAGES): string[] {
  const absent = packages.filter(
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

/** The closing line of a part is shown with its name, as the last line of all is the total. */
const within = (name: string, minutes: number) => ({
  name,
  minutes,
  line: (line: string) => reworded(name, line),
});

/** Some test files of a project. */
async function tests(
  name: string,
  files: string,
  env: Record<string, string>,
  project = 'unit',
): Promise<Result> {
  return (await runVitest([project], [files], { ...within(name, 30), env })).result;
}

/** The contract tests against the unmodified tools that this machine has. */
const contract = (missing: readonly string[]): Promise<Result> =>
  tests('contract', 'tests/scripts/providers', { REAL_TOOLS: '1', ALLOW_RUNG: missing.join(',') });

async function closing(name: string, words: readonly string[], minutes: number): Promise<Result> {
  const { succeeded, output, errors } = await runShown(words, within(name, minutes));
  return resultOfOutput(output, succeeded, errors);
}

/** The words of a command of the README, without what npm itself says, and more words for it. */
function npm(command: string, ...more: string[]): string[] {
  const [program = '', run = '', script = '', ...rest] = command.split(' ').filter((word) => word !== '--');
  return [program, run, '--silent', script, '--', ...rest, ...more];
}

/** What the image comes to where no archive of Debian answers: nothing was shown, and nothing is wrong. */
const noArchive = 'the archives of Debian do not answer';

/** Builds the image in two folders, the second time as somebody whose files nobody else may read, and compares the bytes. Where the archives have moved on, from the packages of today. */
async function buildTwice(folder: string): Promise<string | undefined> {
  const image = (...words: string[]) =>
    runShown(npm('npm run image', ...words), { name: 'image', minutes: 10 });
  const [one, another] = [join(folder, 'one'), join(folder, 'another')];
  const into = (out: string) => ['--out', out, '--packages', join(folder, 'packages')];
  let lock: string[] = [];
  const built = await image(...into(one));
  if (!built.succeeded) {
    if (!built.errors.includes('error: the archives have no ')) return 'it does not build';
    say('image: two builds from the packages of today are compared instead');
    lock = ['--lock', join(folder, 'today.yaml')];
    if (!(await image('--update', '--out', folder, ...lock)).succeeded) return noArchive;
    if (!(await image(...into(one), ...lock)).succeeded)
      return 'it does not build from the packages of today';
  }
  const before = process.umask(0o077);
  const again = await image(...into(another), ...lock);
  process.umask(before);
  if (!again.succeeded) return 'it does not build a second time';
  const differing = ['room.iso.sha256', 'sbom.cdx.json'].filter((name) => {
    const [first, second] = [one, another].map((out) => readFileSync(join(out, name), 'utf8'));
    return first !== second;
  });
  return differing.length === 0 ? undefined : `two builds differ: ${differing.join(', ')}`;
}

/** The image of the room's machine: built twice, compared, started, the pages followed in it, and its promises measured. */
async function imagePart(): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'runbook-image-'));
  try {
    const wrong = await buildTwice(folder);
    if (wrong === noArchive) {
      say(`image: not shown: ${wrong}; unproved: ${UNPROVED}`);
      return { tally: { passed: 0, failed: 0, skipped: 1 }, failures: [] };
    }
    if (wrong !== undefined) return { tally: tallyOfTool(false), failures: [wrong] };
    say('image: two builds are the same bytes');
    const image = join(folder, 'one/room.iso');
    const followed = await closing('image', npm('npm run tabletop -- room', '--image', image), 20);
    const { succeeded } = await runShown(npm('npm run bench -- image', image), {
      name: 'image',
      minutes: 10,
    });
    return {
      tally: total([followed.tally, tallyOfTool(succeeded)]),
      failures: [
        ...followed.failures,
        ...(succeeded ? [] : ['the image is not as small or fast as promised']),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const PARTS = ['npm-test', 'commands', 'permission', 'mutants', 'hosting', 'image', 'real-tools'] as const;

/** Without words, every part; otherwise those named. */
async function main(words: readonly string[]): Promise<void> {
  const unknown = words.find((word) => !PARTS.some((part) => part === word));
  if (unknown !== undefined) {
    process.stderr.write(`ci: error: no part "${unknown}"\nci: hint: the parts are ${PARTS.join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  const wanted = (name: (typeof PARTS)[number]) => words.length === 0 || words.includes(name);
  const results: (Result & { readonly name: string; readonly seconds: number })[] = [];
  const part = async (name: string, what: string, work: () => Promise<Result>) => {
    say(`\n=== ${name}: ${what}`);
    const started = Date.now();
    const result = await work();
    results.push({ name, ...result, seconds: Math.round((Date.now() - started) / 1000) });
  };
  if (wanted('npm-test')) {
    await part('npm test', 'what a contributor runs', () =>
      closing('npm test', ['npm', 'test', '--silent'], 55),
    );
    say(`\n${costLines(readSuiteCosts(ROOT), 25)}`);
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
        npm('npm run tabletop', 'mutate', '--minutes', String(MUTATION_MINUTES)),
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
  if (wanted('image')) {
    say('\n=== image: what starts it');
    for (const line of installTools(MACHINE_PACKAGES)) say(`image: ${line}`);
    const lacking =
      vmUnavailable() ?? (existsSync('/usr/lib/apt/apt-helper') ? undefined : 'this machine has no apt');
    if (lacking !== undefined) say(`image: not shown: ${lacking}; unproved: ${UNPROVED}`);
    else await part('image', 'the machine of the room, built twice, compared, and followed', imagePart);
  }
  if (wanted('real-tools')) {
    const missing = missingRealTools();
    const lacking = missingOnRung2();
    for (const [tool, reason] of lacking) say(`real tools: ${tool} stays on rung 1: ${reason}`);
    if (missing.size === realTools.length)
      say('real tools: none can run here: everything was shown on rung 1');
    else {
      await part('contract', 'stand-ins and real tools on the same cases', () =>
        contract([...lacking.keys()]),
      );
      const allowed = [...ALWAYS_ON_RUNG_1, ...lacking.keys()].flatMap((name) => ['--allow-rung', name]);
      await part('rung 2', 'every drill with the real tools', () =>
        closing('rung 2', npm('npm run tabletop', '--rung', '2', ...allowed), 20),
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
