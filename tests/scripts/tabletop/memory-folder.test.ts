/** The folder in memory: its commands, as the pages print them, in every home that a machine may have. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launcher, launchUnavailable } from '../../../scripts/tabletop/machine/namespaces';
import { readSetting } from '../../../scripts/tabletop/plan/setting';
import { matchExpected } from '../../../src/procedure/steps/expected';
import { placeOf, type Step } from '../../../src/procedure/steps/step';
import { exampleRoot } from '../../example';

const { procedures } = readSetting(exampleRoot());
const logged = (action: string) => (step: Step) => step.command && (step.log as string[]).includes(action);

/** Pages that open a folder in memory, with the steps that open and wipe it. */
const all = procedures.flatMap(({ file, steps, applies }) => {
  const open = steps.find(logged('workspace.prepared'));
  const wipe = steps.find(
    (step) => logged('workspace.wiped')(step) && open && placeOf(step) === placeOf(open),
  );
  return applies && open && wipe && /XDG_RUNTIME_DIR/.test(textOf(open)) ? [{ file, open, wipe }] : [];
});
/** One page for each pair of commands: most pages share them. */
const pages = [...new Map(all.map((page) => [textOf(page.open) + textOf(page.wipe), page])).values()];

function textOf({ command }: Step): string {
  return (command?.lines ?? []).map(({ text }) => text).join('\n');
}

/** tmpfs and ramfs, as statfs(2) numbers them. */
const isMemory = (folder: string) => [0x01021994, 0x858458f6].includes(statfsSync(folder).type);
const disks = [tmpdir(), resolve(__dirname, '../../../node_modules/.cache'), __dirname];
const disk = disks.find((folder) => existsSync(folder) && !isMemory(folder));
const noMemory = isMemory('/dev/shm') ? undefined : '/dev/shm is no memory here';

let root: string;
let memory: string;
let home: string;
let onDisk: string;
beforeEach(() => {
  root = mkdtempSync('/dev/shm/folder-');
  onDisk = mkdtempSync(join(disk ?? root, 'folder-'));
  [memory, home] = ['run', 'home'].map((name) => join(root, name)) as [string, string];
  for (const folder of [memory, home]) mkdirSync(folder, { mode: 0o700 });
});
afterEach(() => {
  for (const folder of [root, onDisk]) rmSync(folder, { recursive: true, force: true });
});

interface Machine {
  readonly runtime?: string | undefined;
  readonly cwd?: string;
  /** Words that start bash. */
  readonly start?: readonly string[];
}

/** Types a block into a new shell. */
function types(text: string, { runtime, cwd = home, start = [] }: Machine = {}): SpawnSyncReturns<string> {
  const [program = '', ...words] = [...start, '/bin/bash', '--noprofile', '--norc', '-c', text];
  const env = { HOME: home, PATH: process.env.PATH, HISTFILE: join(home, '.bash_history') };
  return spawnSync(program, words, {
    cwd,
    encoding: 'utf8',
    env: { ...env, ...(runtime === undefined ? {} : { XDG_RUNTIME_DIR: runtime }) },
  });
}

const asExpected = (step: Step, stdout: string, more: readonly string[] = []) =>
  matchExpected([...(step.command?.expected ?? []).map(({ text }) => text), ...more], stdout, new Map());

describe.each(pages)('$file', ({ open, wipe }) => {
  const name = /XDG_RUNTIME_DIR\/([\w-]+)/.exec(textOf(open))?.[1] ?? '';

  it.skipIf(noMemory)('opens a folder in memory that nobody else can read, and shows it', () => {
    const { stdout, stderr, status } = types(textOf(open), { runtime: memory });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/, on (?:tmpfs|ramfs)\nmode drwx------, owner (\d+), you \1\n/);
    expect(asExpected(open, stdout)).toEqual({ ok: true });
  });

  it.skipIf(disk === undefined)('refuses a folder on a disk, and makes nothing there', () => {
    const { stdout, stderr, status } = types(textOf(open), { runtime: onDisk });
    expect(stderr).toMatch(/^stop: \S+ is not in memory\ntype: unset XDG_RUNTIME_DIR, /);
    expect(stdout).toBe('');
    expect(status).not.toBe(0);
    expect(readdirSync(onDisk)).toEqual([]);
  });

  it.skipIf(noMemory)('refuses a folder that somebody else can use', () => {
    mkdirSync(join(memory, name));
    chmodSync(join(memory, name), 0o755);
    expect(types(textOf(open), { runtime: memory })).toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(/^stop: \S+ is open to others: take another machine\n$/),
      status: 1,
    });
    rmSync(join(memory, name), { recursive: true });
    symlinkSync(home, join(memory, name));
    expect(types(textOf(open), { runtime: memory }).stderr).toMatch(
      /is open to others: take another machine\n$/,
    );
  });

  it.skipIf(noMemory)('leads back into the folder, and shows what lies in it', () => {
    types(textOf(open), { runtime: memory });
    for (const file of ['.hidden', 'shard-1.txt']) writeFileSync(join(memory, name, file), 'a shard');
    const again = types(`${textOf(open)}\npwd`, { runtime: memory });
    expect(asExpected(open, again.stdout, ['.hidden', 'shard-1.txt', join(memory, name)])).toEqual({
      ok: true,
    });
  });

  it.skipIf(noMemory)('wipes its own folder from any other, twice, and nothing else', () => {
    types(textOf(open), { runtime: memory });
    mkdirSync(join(memory, name, 'set'));
    for (const file of ['shard-1.txt', '.hidden', 'set/shard-2.txt'])
      writeFileSync(join(memory, name, file), 'a shard', { mode: 0o400 });
    mkdirSync(join(home, name));
    for (const file of ['shard-1.txt', join(name, 'plan.txt')]) writeFileSync(join(home, file), 'mine');
    writeFileSync(join(memory, 'other.txt'), 'mine');
    for (const cwd of [home, '/']) {
      const { stdout, stderr } = types(textOf(wipe), { runtime: memory, cwd });
      expect(stderr).toBe('');
      expect(stdout).toBe(`nothing is left in ${join(memory, name)}\n`);
      expect(asExpected(wipe, stdout)).toEqual({ ok: true });
    }
    // The shell that worked in the folder stands elsewhere afterwards: what is typed next needs a folder that exists.
    expect(types(`${textOf(open)}\n${textOf(wipe)}\npwd`, { runtime: memory }).stdout).toMatch(/\n\/\n$/);
    expect(readdirSync(memory)).toEqual(['other.txt']);
    expect(readFileSync(join(home, 'shard-1.txt'), 'utf8')).toBe('mine');
    expect(readFileSync(join(home, name, 'plan.txt'), 'utf8')).toBe('mine');
  });

  it.skipIf(disk === undefined)('wipes nothing on a disk, and says so', () => {
    mkdirSync(join(onDisk, name));
    writeFileSync(join(onDisk, name, 'plan.txt'), 'mine');
    const { stdout, stderr, status } = types(textOf(wipe), { runtime: onDisk });
    expect(stderr).toMatch(/^stop: \S+ is not in memory\ntype: unset XDG_RUNTIME_DIR, /);
    expect(stdout).toBe('');
    expect(status).not.toBe(0);
    expect(readFileSync(join(onDisk, name, 'plan.txt'), 'utf8')).toBe('mine');
  });

  for (const user of ['root', 'ordinary'] as const) {
    const missing = launchUnavailable(user);
    // A relative path leads to another folder from another place: the XDG specification has it ignored.
    it.skipIf(missing).each([undefined, 'run'])(
      `opens and wipes a folder in memory where XDG_RUNTIME_DIR is %s (${user} user${missing ? `: ${missing}` : ''})`,
      (runtime) => {
        const shm = join(root, 'shm');
        const run = join(home, 'run');
        for (const folder of [shm, run]) mkdirSync(folder);
        for (const folder of [root, shm, home, run]) chmodSync(folder, 0o777);
        const start = launcher(user, root, shm);
        const opened = types(`${textOf(open)}\necho a >shard-1.txt`, { start, runtime });
        expect(opened.stderr).toBe('');
        expect(asExpected(open, opened.stdout)).toEqual({ ok: true });
        expect(opened.stdout).toMatch(new RegExp(`^/dev/shm/${name}, on tmpfs\n`));
        expect(readdirSync(join(shm, name))).toEqual(['shard-1.txt']);
        expect(readdirSync(run)).toEqual([]);
        expect(types(textOf(wipe), { start, runtime }).stdout).toBe(`nothing is left in /dev/shm/${name}\n`);
        expect(existsSync(join(shm, name))).toBe(false);
      },
    );
  }
});

describe('every page', () => {
  it('opens and wipes its folder by the one rule', () => {
    expect(all.length).toBeGreaterThan(10);
    const own = procedures.flatMap(({ file, lines }) =>
      lines
        // What a tool has left in the home, such as a token, lies in no folder of a page; `${folder:?` reaches that from anywhere.
        .filter(({ text }) =>
          /XDG_RUNTIME_DIR\b.*\/|\bshred --remove (?!--force (?:\{\}|"\$HOME\/\.|"\$\{folder:\?))/.test(text),
        )
        .filter((line) => line.file !== 'docs/_partials/memory-folder.mdx')
        // The token of Vault lies where Vault puts it, and is named whole.
        .filter(({ text }) => !/^shred --remove --force "\$HOME\/\.vault-token"$/.test(text))
        .map((line) => `${file}: ${line.file}:${line.line}`),
    );
    expect(own).toEqual([]);
  });
});
