/** Mistakes of an operator: a wrong name, a wrong order, a full disk, two runs at once. One error, one hint, no harm done. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleSss } from '../../../scripts/sss/bundle';
import { errorOf, fileWith, type MadeSet, makeSet, scratch, sss } from './run';

let set: MadeSet;
beforeAll(async () => {
  set = await makeSet();
});

const NEW_SET = '--threshold 2 --bytes 32 --key-name k --generation 1 --holder A --holder B'.split(' ');
const firstLine = (file: string): string => fs.readFileSync(file, 'utf8');
const combine = (...argv: string[]) => ['combine', '--manifest', set.manifest, ...argv];
const raise = (...argv: string[]) => [
  ...['reissue', '--manifest', set.manifest, '--number', '6', '--raise-n', ...argv],
  ...[1, 2, 3].map((n) => set.shard(n)),
];

describe('the command line', () => {
  const CASES: [name: string, argv: () => string[], code: number, message: RegExp][] = [
    ['an empty name to write', () => combine('--out', '', set.shard(1)), 2, /--out needs FILE/],
    ['an empty name to write, with =', () => combine('--out=', set.shard(1)), 2, /--out needs FILE/],
    ['an empty name to read', () => ['inspect', ''], 2, /argument 1 after inspect is empty/],
    [
      'standard output as a file',
      () => combine('--out', '-', set.shard(1)),
      2,
      /--out -: wanted the name of a file/,
    ],
    [
      'a folder as a file',
      () => combine('--out', 'new/', set.shard(1)),
      2,
      /--out new\/: wanted the name of a file/,
    ],
    [
      'the root as a new folder',
      () => ['generate', ...NEW_SET, '--out', '/'],
      3,
      /error: \/: exists already/,
    ],
    [
      'fewer files than a command needs',
      () => raise('--out', 'a').slice(0, -2),
      2,
      /SHARD…: 1 given, wanted at least 2/,
    ],
    [
      'a key name that no manifest takes',
      () => ['generate', ...NEW_SET.map((word) => (word === 'k' ? 'my key' : word)), '--out', 'set'],
      2,
      /--key-name my key: a key name has/,
    ],
    [
      'a holder that draws on the terminal',
      () => ['generate', ...NEW_SET.map((word) => (word === 'B' ? '\u001b[2J' : word)), '--out', 'set'],
      2,
      /--holder, number 2: a holder is/,
    ],
    [
      'one holder for two shards',
      () => ['generate', ...NEW_SET.map((word) => (word === 'B' ? 'A' : word)), '--out', 'set'],
      2,
      /--holder, number 2: the same as number 1\n/,
    ],
    [
      'an empty holder',
      () => raise('--holder', '', '--new-manifest', 'm', '--out', 'a'),
      2,
      /--holder needs TEXT/,
    ],
    [
      'one name for two new files',
      () => raise('--holder', 'X', '--new-manifest', './a', '--out', 'a'),
      2,
      /--out and --new-manifest name the same file/,
    ],
    [
      'a check without a signer',
      () => ['manifest', set.manifest, '--check', 'list'],
      2,
      /--check needs --signer/,
    ],
    ['a signature with no key', () => ['manifest', set.manifest, '--sign', 'none'], 3, /none: no such key/],
    [
      'a list of signers that is a folder',
      () => ['manifest', set.manifest, '--check', scratch(), '--signer', 'w'],
      3,
      /is a directory/,
    ],
    [
      'a day that does not exist',
      () => ['preflight', '--time', '2027-02-30T00:00:00Z'],
      2,
      /--time 2027-02-30T00:00:00Z: wanted/,
    ],
    [
      'a month that does not exist',
      () => ['preflight', '--time', '2027-13-01T00:00:00Z'],
      2,
      /--time 2027-13-01T00:00:00Z: wanted/,
    ],
  ];
  for (const [name, argv, code, message] of CASES) {
    it(name, async () => {
      const before = process.cwd();
      process.chdir(scratch());
      try {
        const ran = await sss(argv());
        expect(ran).toMatchObject({ code, out: '' });
        expect(errorOf(ran)).toMatch(message);
        expect(fs.readdirSync('.')).toEqual([]);
      } finally {
        process.chdir(before);
      }
    });
  }

  it('refuses a shard typed in groups of five, and does not repeat it', async () => {
    const groups =
      firstLine(set.shard(1))
        .toUpperCase()
        .match(/.{1,5}/g) ?? [];
    const ran = await sss(['inspect', ...groups]);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(errorOf(ran)).toMatch(/argument 2 looks like the text of a shard/);
    for (const group of groups) expect(ran.err).not.toContain(group);
  });

  it('explains a command after help as well', async () => {
    const explained = await sss(['combine', '--help']);
    expect(explained.out).toMatch(/^sss combine: /);
    expect(await sss(['help', 'combine'])).toEqual(explained);
  });
});

describe('a file as another program left it', () => {
  const line = () => firstLine(set.shard(1));
  const CASES: [name: string, content: () => string | Uint8Array, message: RegExp | undefined][] = [
    ['line ends of Windows', () => `${line()}\r\n`, undefined],
    [
      'the groups of the sheet',
      () =>
        (
          line()
            .toUpperCase()
            .match(/.{1,5}/g) ?? []
        ).join('\r\n'),
      undefined,
    ],
    ['a byte order mark', () => `\ufeff${line()}`, /hint: Save the line as plain text/],
    ['UTF-16', () => Buffer.from(line(), 'utf16le'), /hint: Save the line as plain text/],
    ['a zero byte', () => `${line()}\0`, /hint: Save the line as plain text/],
    [
      'two shards',
      () => `${line()}\n${firstLine(set.shard(2))}\n`,
      /more than one shard, wanted one\n.*a file of its own/,
    ],
  ];
  for (const [name, content, message] of CASES) {
    it(name, async () => {
      const ran = await sss(['inspect', fileWith('shard.txt', content())]);
      if (message === undefined) expect(ran.code).toBe(0);
      else
        expect({ code: ran.code, error: errorOf(ran) }).toEqual({
          code: 3,
          error: expect.stringMatching(message),
        });
    });
  }
});

it.runIf(fs.existsSync('/proc'))(
  'leaves no manifest behind that lists a shard which could not be written',
  async () => {
    const folder = scratch();
    const list = path.join(folder, 'new.json');
    const argv = (out: string) => raise('--holder', 'X', '--new-manifest', list, '--out', out);
    const missing = await sss(argv(path.join(folder, 'no', 'shard-6.txt')));
    expect(missing).toMatchObject({ code: 3, out: '' });
    expect(missing.err).toMatch(/the folder for it does not exist/);
    // Nobody can make a file there, whoever they are; that shows only once it is tried.
    const denied = await sss(argv('/proc/shard-6.txt'));
    expect(denied).toMatchObject({ code: 3, out: '' });
    expect(fs.readdirSync(folder)).toEqual([]);
  },
);

it('does not call a shard forged that only a newer manifest lists', async () => {
  const folder = scratch();
  const [list, out] = [path.join(folder, 'new.json'), path.join(folder, 'shard-6.txt')];
  expect((await sss(raise('--holder', 'X', '--new-manifest', list, '--out', out))).code).toBe(0);
  const ran = await sss(['verify', '--manifest', set.manifest, out]);
  expect(ran.code).toBe(1);
  expect(errorOf(ran)).toMatch(/lists no shard .*\n.*Is this the newest manifest of the set/);
});

describe('the bundle', () => {
  let folder: string;
  beforeAll(async () => {
    folder = scratch();
    await bundleSss(folder);
  });
  const run = (script: string) =>
    spawnSync('bash', ['-c', `sss() { node '${folder}/sss.cjs' "$@"; }\n${script}`], {
      cwd: scratch(),
      encoding: 'utf8',
      env: { PATH: process.env.PATH, SSS_TEST: '1', OLD: set.folder, NEW: path.join(folder, 'new') },
    });

  it('tells which new shard is not verified yet', () => {
    const { status, stdout, stderr } = run(`
sss reshare --manifest "$OLD/manifest.json" --threshold 2 --generation 2 --holder A --holder B --out new "$OLD"/shard-[123].txt >made
sss verify --manifest new/manifest.json --receipt receipt new/shard-1.txt >made
ssh-keygen -q -t ed25519 -N '' -f key
printf 'witness %s\\n' "$(cat key.pub)" >allowed
cp "$OLD/manifest.json" old.json
ssh-keygen -Y sign -q -f key -n mks-manifest old.json new/manifest.json
sss retire --manifest old.json --new-manifest new/manifest.json --check allowed --signer witness --out record receipt`);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /sss: error: not verified yet: shard 2 \([0-9A-F]{4}-\d{3}\)\nsss: hint: The old set stays/,
    );
  });

  it.runIf(fs.existsSync('/dev/full'))('says that the report is lost, not that nothing was written', () => {
    const { status, stderr } = run(`
sss combine --manifest "$OLD/manifest.json" --out key "$OLD"/shard-[123].txt >/dev/full
code=$?; test "$(stat --format=%s key)" = 32 && exit $code`);
    expect(status).toBe(3);
    expect(stderr).toMatch(/sss: error: standard output: ENOSPC\nsss: hint: The command did its work/);
  });

  it.runIf(fs.existsSync('/dev/full'))('keeps its exit code when standard error fails as well', () => {
    expect(run('sss inspect missing 2>/dev/full').status).toBe(3);
  });

  it('says which files belong together when it was copied alone', () => {
    const alone = path.join(scratch(), 'sss.cjs');
    fs.copyFileSync(path.join(folder, 'sss.cjs'), alone);
    for (const argv of ['inspect a', '--help', 'audit verify a']) {
      const { status, stdout, stderr } = run(`node '${alone}' ${argv}`);
      expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
      expect(stderr).toMatch(/sss: error: a part of sss is missing: .*\nsss: hint: Copy the whole kit/);
    }
  });

  it('leaves the unfinished file of another run alone', () => {
    // The other run begins in the moment between the last look and the first write.
    const race = fileWith(
      'race.cjs',
      `const fs = require('node:fs'); const { openSync } = fs;
fs.openSync = (file, ...more) => {
  if (file.endsWith('.partial')) fs.closeSync(openSync(file, 'w'));
  return openSync(file, ...more);
};`,
    );
    const { status, stderr, stdout } = run(`
node --require '${race}' ${folder}/sss.cjs combine --manifest "$OLD/manifest.json" --out key "$OLD"/shard-[123].txt
code=$?; ls; exit $code`);
    expect({ status, stdout }).toEqual({ status: 3, stdout: 'key.partial\n' });
    expect(stderr).toMatch(/sss: error: key: exists already\nsss: hint: Another run of sss is writing it/);
  });
});
