/** What the wipes of a folder in memory leave behind: nothing to be read, and never a word of comfort that is not true. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSetting } from '../../../scripts/tabletop/plan/setting';
import type { Step } from '../../../src/procedure/steps/step';
import { exampleRoot } from '../../example';

const { procedures } = readSetting(exampleRoot());
const textOf = ({ command }: Step) => (command?.lines ?? []).map(({ text }) => text).join('\n');
const steps = procedures.flatMap((procedure) => procedure.steps.map((step) => ({ procedure, step })));
/** One text of a command for each way in which pages print it. */
const texts = (holds: (text: string) => boolean) => [
  ...new Set(steps.map(({ step }) => textOf(step)).filter(holds)),
];

const noMemory = existsSync('/dev/shm') ? undefined : '/dev/shm is not here';
const shard = `mks1${'qpzry9x8gf2tvdw0s3jn54khce6mua7l'.repeat(2)}`;
let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync('/dev/shm/wipes-');
  folder = join(root, 'recovery');
  mkdirSync(folder, { mode: 0o700 });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Types a block into a shell that stands in the root folder; `folder` is what the opening step has set. */
function types(text: string, env: Record<string, string> = {}): SpawnSyncReturns<string> {
  const words = ['--noprofile', '--norc', '-c', text];
  return spawnSync('/bin/bash', words, {
    cwd: '/',
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...env },
  });
}

const lastLine = ({ stdout }: SpawnSyncReturns<string>) => stdout.trimEnd().split('\n').at(-1);

/** Writes a file into the folder. What its other name holds afterwards tells whether it was overwritten. */
function put(name: string, text: string): string {
  writeFileSync(join(folder, name), text, { mode: 0o400 });
  const other = join(root, `other-${name.replaceAll('/', '-')}`);
  linkSync(join(folder, name), other);
  return other;
}

it('names the step that opens the folder where a shell has none', () => {
  const named = steps.flatMap(({ procedure, step }) =>
    [...textOf(step).matchAll(/\$\{folder:\?do step (\S+) first\}/g)].map((match) => ({
      step: step.id,
      said: match[1],
      opens: procedure.steps.find((each) => textOf(each).includes('cd "$folder"'))?.id,
    })),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ said, opens }) => said !== opens)).toEqual([]);
});

const wipes = texts((text) => text.includes('no shard is left in clear'));
describe.skipIf(noMemory).each(wipes.map((text) => [/do step (\S+)/.exec(text)?.[1], text] as const))(
  'the wipe of the shards of the page whose folder step %s opens',
  (_, text) => {
    it('overwrites and removes every kind of file that holds a shard, and no other', () => {
      mkdirSync(join(folder, 'set'));
      const names = [
        'shard-1.txt',
        'again-2.txt',
        'scan-3.txt',
        'sheet-4.png',
        'shard-5.plain',
        'shard-6.part',
      ];
      const secret = [...names, 'set/shard-7.txt'];
      const others = secret.map((name) => put(name, shard));
      put('manifest.json', 'no secret');
      const { stdout, stderr } = types(text, { folder });
      expect(stderr).toBe('');
      expect(stdout).toBe(`no shard is left in clear in ${folder}\n`);
      expect(secret.filter((name) => existsSync(join(folder, name)))).toEqual([]);
      expect(others.filter((other) => readFileSync(other, 'latin1').includes(shard))).toEqual([]);
      expect(readFileSync(join(folder, 'manifest.json'), 'utf8')).toBe('no secret');
    });

    it.each([
      ['as it is printed', shard],
      ['in capital letters', shard.toUpperCase()],
      ['in base64', Buffer.from(shard).toString('base64')],
    ])('names a file by another name that holds a shard %s', (_how, held) => {
      mkdirSync(join(folder, 'set'));
      put('set/notes.md', held);
      expect(types(text, { folder })).toMatchObject({
        stdout: `${join(folder, 'set/notes.md')}\n`,
        stderr: '',
      });
    });
  },
);

const whole = texts((text) => text.includes('nothing is left in'));
describe
  .skipIf(noMemory)
  .each(whole.map((text) => [/XDG_RUNTIME_DIR\/([\w-]+)/.exec(text)?.[1] ?? '', text] as const))(
  'the wipe of the folder %s',
  (name, text) => {
    beforeEach(() => {
      folder = join(root, name);
      mkdirSync(folder, { mode: 0o700, recursive: true });
    });

    it('overwrites what it removes', () => {
      const other = put('shard-1.txt', shard);
      expect(lastLine(types(text, { XDG_RUNTIME_DIR: root }))).toBe(`nothing is left in ${folder}`);
      expect(readFileSync(other, 'latin1')).not.toContain(shard);
    });

    it.skipIf(process.getuid?.() !== 0)('says nothing of a folder of somebody else, which it leaves', () => {
      put('shard-1.txt', shard);
      chownSync(folder, 12345, 12345);
      expect(types(text, { XDG_RUNTIME_DIR: root }).stdout).not.toContain('nothing is left');
      expect(readFileSync(join(folder, 'shard-1.txt'), 'utf8')).toBe(shard);
    });
  },
);

describe.skipIf(noMemory)('the command that signs out', () => {
  /** A PATH on which a name is this script: a page removes a function of that name. */
  function program(name: string, script: string): string {
    mkdirSync(join(root, 'bin'));
    writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o700 });
    return `${join(root, 'bin')}:${process.env.PATH}`;
  }

  it.each(texts((text) => text.includes('no token of Vault is left')).map((text) => [text]))(
    'says of no token that lies there that none is left',
    (text) => {
      mkdirSync(join(root, '.vault-token'));
      const { stdout } = types(text, { HOME: root, PATH: program('vault', ':') });
      expect(stdout).not.toContain('no token');
    },
  );

  it.each(texts((text) => text.includes('gcloud auth revoke')).map((text) => [text]))(
    'counts the accounts of Google Cloud that are still signed in',
    (text) => {
      const PATH = program('gcloud', '[ "$2" = revoke ] || echo ana@example.com');
      expect(types(text, { PATH }).stdout).toMatch(/^accounts signed in: 1$/m);
    },
  );
});
