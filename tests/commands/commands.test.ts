/**
 * The commands of the README, whole and as they stand there, in a copy of the project: nothing is left in the project, and
 * nothing that lies in it helps. `readme.ts` lists them; CI runs this file as the part "commands". What only reads the copy
 * runs beside the first build of its site.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'a clone '));
const started: ChildProcess[] = [];

const git = (...words: string[]) => spawnSync('git', ['-C', root, ...words], { encoding: 'utf8' }).stdout;

beforeAll(async () => {
  const files = git('ls-files', '-z', '--cached', '--others', '--exclude-standard')
    .split('\0')
    .filter(Boolean);
  for (const file of files) if (existsSync(join(root, file))) cpSync(join(root, file), join(folder, file));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, '.git'), `gitdir: ${git('rev-parse', '--absolute-git-dir').trim()}\n`);
  // Otherwise `npm start` would install through the link, into the project.
  const { difference } = (await import(join(root, 'scripts/setup.mjs'))) as {
    difference(root: string): string | undefined;
  };
  expect(difference(folder), 'node_modules is not what package-lock.json says: npm ci').toBeUndefined();
});

afterAll(() => {
  for (const { pid } of started)
    try {
      process.kill(-(pid ?? 0), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs words of the README in the copy. */
function run(
  command: string,
  more: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Ended> {
  const [program = '', ...words] = command.split(' ');
  const rest = more.length === 0 || words.includes('--') ? more : ['--', ...more];
  const child = spawn(program, [...words, ...rest], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', ...env },
  });
  started.push(child);
  const [stdout, stderr] = [child.stdout, child.stderr].map((stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString();
  }) as [() => string, () => string];
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (status) => done({ status, stdout: stdout(), stderr: stderr() }));
  });
}

/** Ends well, and says so in the last lines. */
function ends(done: Ended, pattern: RegExp): void {
  expect(done.status, `${done.stdout}\n${done.stderr}`.slice(-3000)).toBe(0);
  expect(done.stdout).toMatch(pattern);
}

/** A command that ends well. */
const endsWell =
  (command: string, pattern: RegExp, more: readonly string[] = []) =>
  async () =>
    ends(await run(command, more), pattern);

/** Starts a server, waits until it answers at the address that it prints, and ends it. @returns what it answered. */
async function answer(command: string, more: readonly string[], pattern: RegExp): Promise<string> {
  const [program = '', ...words] = command.split(' ');
  const child = spawn(program, [...words, '--', ...more], { cwd: folder, detached: true });
  started.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = new Promise<number | null>((done) => child.on('close', done));
  for (let tries = 0; tries < 550; tries += 1) {
    const address = pattern.exec(output)?.[1];
    if (address !== undefined) {
      const text = await fetch(address).then(
        (response) => response.text(),
        () => undefined,
      );
      if (text !== undefined) {
        process.kill(-(child.pid ?? 0), 'SIGTERM');
        await ended;
        return text;
      }
    }
    if (child.exitCode !== null) break;
    await new Promise((next) => setTimeout(next, 1000));
  }
  throw new Error(`${command} did not answer:\n${output.slice(-3000)}`);
}

const sums = (...parts: string[]) => readFileSync(join(folder, ...parts, 'SHA256SUMS'), 'utf8');

/** What fontconfig gives to whoever asks without a configuration of his own. */
function fonts(name: string, ...dirs: string[]): Record<string, string> {
  const file = join(folder, `${name}.conf.tmp`);
  const body = dirs.map((dir) => `<dir>${join(root, dir)}</dir>`).join('');
  writeFileSync(file, `<?xml version="1.0"?><fontconfig>${body}</fontconfig>`);
  return { FONTCONFIG_FILE: file };
}

describe.concurrent('reads the copy, and builds its site', () => {
  test('npm start', async () => {
    const page = await answer('npm start', ['--port', '0'], /The runbook is at (\S+)/);
    expect(page).toContain('<h1');
    expect(existsSync(join(folder, 'build/emergency/unseal/index.html'))).toBe(true);
  });

  test('npm run tabletop -- list', endsWell('npm run tabletop -- list', /^emergency\/unseal\b/m));

  test('npm run check', endsWell('npm run check', /^\d+ pages, \d+ steps, 0 problems$/m));

  test('npm run check unseal', endsWell('npm run check unseal', /^1 page, \d+ steps, 0 problems$/m));

  test(
    'npm run test:watch',
    endsWell('npm run test:watch', /Tests .*\d+ passed/, ['--run', 'tests/scripts/tally.test.ts']),
  );

  test('npm run evidence', async () => {
    ends(await run('npm run evidence'), /not in it: /);
    expect(readdirSync(join(folder, 'reports/evidence')).length).toBeGreaterThan(0);
  });

  test('npm run adopt -- --help', endsWell('npm run adopt -- --help', /^npm run adopt -- \[options\]$/m));

  test('npm run evidence -- --period 2026-Q4', async () => {
    for (const name of ['trail', 'drills', 'logs', 'exercises'])
      mkdirSync(join(folder, 'records', name), { recursive: true });
    const { status, stdout, stderr } = await run('npm run evidence -- --period 2026-Q4');
    // Nothing was recorded in a fresh copy, and the calendar asks for it.
    expect(`${stdout}${stderr}`).toMatch(/^State of each unwrapping key: no provider\.checked in 2026-/m);
    expect(status).toBe(1);
  });

  test('npm run kit -- --help', endsWell('npm run kit -- --help', /^npm run kit -- \[options\]$/m));

  test(
    'npm run upgrade-check -- HEAD',
    endsWell(
      'npm run upgrade-check -- HEAD',
      /has changed here since HEAD .*\n(.*\n)*\d+ pages? with \d+ changed steps?/,
    ),
  );

  test(
    'npm run upgrade-check -- HEAD --notes',
    endsWell('npm run upgrade-check -- HEAD --notes', /^(## |No procedure has changed)/m),
  );

  test('npm run bench', endsWell('npm run bench', /quorum/, ['--quick', 'quorum']));

  test('npm run bench -- tests', async () => {
    // Nothing was tested in a fresh copy; a file that is named is tested.
    expect(await run('npm run bench -- tests')).toMatchObject({ status: 1 });
    ends(
      await run('npm run bench -- tests', ['tests/scripts/tar.test.ts']),
      / tests\/scripts\/tar\.test\.ts, \d+ tests$/m,
    );
  });

  test('npx sss --help', endsWell('npx sss --help', /^sss COMMAND --help explains one command/m));

  test('npm run dev', async () => {
    const page = await answer(
      'npm run dev',
      ['--port', '34871', '--no-open'],
      /(http:\/\/localhost:34871\/)/,
    );
    expect(page).toContain('<div id="__docusaurus"');
  });
});

// Not concurrent: Vitest would begin it beside the group above, before there is a site.
describe('reads the built site', () => {
  test('npm run weigh', endsWell('npm run weigh', /the first search loads [\d.]+ kB/));

  test('npm run print', async () => {
    ends(await run('npm run print', [], fonts('few')), /print: \d+ PDFs in .* in [\d.]+ s$/m);
    expect(readdirSync(join(folder, 'print')).sort()).toEqual(['SHA256SUMS', 'a4']);
    expect(sums('print')).toMatch(/ a4\/runbook\.pdf$/m);
  });
});

test('npm run print -- --link', async () => {
  const others = fonts('others', 'node_modules/katex/dist/fonts', 'node_modules/pdfjs-dist/standard_fonts');
  const elsewhere = { ...others, LC_ALL: 'tr_TR.UTF-8', TZ: 'Asia/Tokyo' };
  ends(await run('npm run print -- --link', [], elsewhere), /print: \d+ PDFs in .*, linked from \d+ pages$/m);
  // The same paper, whatever fonts, language and clock the machine has.
  expect(sums('build', 'print')).toBe(sums('print'));
  expect(readFileSync(join(folder, 'build/index.html'), 'utf8')).toContain('href="print/a4/runbook.pdf"');
});

test('npm run kit', async () => {
  ends(await run('npm run kit'), /SHA-256 of SHA256SUMS/);
  expect(existsSync(join(folder, 'kit/SHA256SUMS'))).toBe(true);
});

// From here on the site is older than what it is made from.
test('npm run editions', endsWell('npm run editions', /edition/));

test('npm run generate', async () => {
  writeFileSync(join(folder, 'static/schemas/deployment.schema.json'), '{}\n');
  ends(await run('npm run generate'), /^static\/schemas\/deployment\.schema\.json: written$/m);
  expect((await run('npm run generate', ['--check'])).status).toBe(0);
});

test('npm run adopt', async () => {
  const names = ['deployment.yaml', 'attestations.yaml'];
  const before = names.map((name) => readFileSync(join(folder, name)));
  const answers = join(root, 'tests/fixtures/deployments/eight-people.yaml');
  ends(
    await run('npm run adopt', ['--from', answers, '--replace']),
    /^deployment\.yaml: written, and every rule is kept$/m,
  );
  expect(readFileSync(join(folder, 'deployment.yaml'), 'utf8')).toMatch(/^# The company, /m);
  for (const [index, name] of names.entries()) writeFileSync(join(folder, name), before[index] ?? '');
});

test(
  'npm run tabletop -- fixture',
  endsWell('npm run tabletop -- fixture', /tests\/fixtures\/tabletop: stored/),
);
