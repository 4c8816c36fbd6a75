/** Input that is no shard at all: one clear error, a non-zero exit, no stack trace, nothing of a shard printed. */
import * as fs from 'node:fs';
import path from 'node:path';
import { PNG } from 'pngjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { allCommands, checkNode } from '../../../scripts/sss/main';
import { errorOf, fileWith, type MadeSet, makeSet, scratch, sss } from './run';

let set: MadeSet;
beforeAll(async () => {
  set = await makeSet();
});

const png = PNG.sync.write(new PNG({ width: 8, height: 8 }));
const INPUTS: [name: string, make: () => string, message: RegExp][] = [
  ['a PNG', () => fileWith('photo.txt', png), /not a shard: wanted one line of plain text/],
  ['an empty file', () => fileWith('empty.txt', ''), /empty, wanted one shard line/],
  ['10 MB of zeros', () => fileWith('zeros.txt', new Uint8Array(10 << 20)), /larger than 4096 bytes/],
  ['a directory', () => scratch(), /is a directory/],
  ['a missing file', () => path.join(scratch(), 'missing.txt'), /no such file/],
  [
    'prose',
    () => fileWith('note.txt', 'The shard is in the safe.'),
    /not a shard: a shard line starts with mks1/,
  ],
  ['a file under a file', () => path.join(fileWith('a', ''), 'b'), /not a directory/],
];

describe('a file that is no shard', () => {
  for (const [name, make, message] of INPUTS) {
    for (const command of ['inspect', 'verify', 'combine']) {
      it(`${command}: ${name}`, async () => {
        const out = path.join(scratch(), 'master.key');
        const manifest = ['--manifest', set.manifest];
        const file = make();
        const argv = {
          inspect: [file],
          verify: [...manifest, file],
          combine: [...manifest, '--out', out, set.shard(1), file, set.shard(2), set.shard(3)],
        }[command];
        const ran = await sss([command, ...(argv ?? [])]);
        expect(ran).toMatchObject({ code: 3, out: '' });
        expect(errorOf(ran)).toMatch(message);
        expect(errorOf(ran)).toMatch(/^sss: error: .*\n(sss: hint: .*\n)?$/);
        expect(fs.existsSync(out)).toBe(false);
      });
    }
  }

  it('scan: each of them', async () => {
    for (const [name, make] of INPUTS) {
      const out = path.join(scratch(), 'shard.txt');
      const ran = await sss(['scan', make(), '--out', out]);
      expect(ran, name).toMatchObject({ code: 3, out: '' });
      expect(errorOf(ran), name).toMatch(/^sss: error: .*\n(sss: hint: .*\n)?$/);
      expect(fs.existsSync(out)).toBe(false);
    }
  });
});

describe('an output that can not be written', () => {
  const CASES: [name: string, out: () => string, message: RegExp][] = [
    [
      'in a folder that is not there',
      () => path.join(scratch(), 'no', 'key'),
      /key: the folder for it does not exist/,
    ],
    ['under a file', () => path.join(fileWith('a', ''), 'key'), /key: part of the path is not a directory/],
    ['with a name that is too long', () => path.join(scratch(), 'k'.repeat(300)), /the name is too long/],
    ['that is a link to nowhere', () => link(), /key: exists already/],
  ];
  const link = (): string => {
    const file = path.join(scratch(), 'key');
    fs.symlinkSync('/nowhere', file);
    return file;
  };
  for (const [name, out, message] of CASES) {
    it(name, async () => {
      const shards = [1, 2, 3].map((n) => set.shard(n));
      for (const argv of [
        ['combine', '--manifest', set.manifest, '--out', out(), ...shards],
        [
          'generate',
          ...'--threshold 2 --bytes 32 --key-name k --generation 1 --holder A --holder B --out'.split(' '),
          out(),
        ],
      ]) {
        const ran = await sss(argv);
        expect(ran).toMatchObject({ code: 3, out: '' });
        expect(errorOf(ran)).toMatch(message);
        expect(errorOf(ran)).toMatch(/^sss: error: .*\n(sss: hint: .*\n)?$/);
      }
    });
  }
});

describe('a manifest that is none', () => {
  const manifest = () => JSON.parse(fs.readFileSync(set.manifest, 'utf8'));
  const CASES: [name: string, make: () => string, message: RegExp][] = [
    ['not JSON', () => 'mks', /not a manifest: this is not JSON/],
    ['null', () => 'null', /the manifest is not an object/],
    [
      'another format',
      () => JSON.stringify({ ...manifest(), format: 'x' }),
      /format must be mks-manifest\/1/,
    ],
    [
      'an unknown field',
      () => JSON.stringify({ ...manifest(), extra: 1 }),
      /a field that version 1 doesn't know/,
    ],
    ['an unknown origin', () => JSON.stringify({ ...manifest(), follows: 'x' }), /follows must be the set/],
    [
      'half an origin',
      () => JSON.stringify({ ...manifest(), follows: { setId: manifest().setId } }),
      /the manifest, follows: generation must be 1 to 65535/,
    ],
    ['M above N', () => JSON.stringify({ ...manifest(), threshold: 6 }), /contradicts itself: M = 6, N = 5/],
    [
      'a shard missing',
      () => JSON.stringify({ ...manifest(), shards: manifest().shards.slice(1) }),
      /number must be 1/,
    ],
    [
      'a wrong label',
      () => JSON.stringify({ ...manifest(), setId: '0'.repeat(16) }),
      /the label doesn't follow from set id and x/,
    ],
    [
      'a holder that draws on the terminal',
      () => fs.readFileSync(set.manifest, 'utf8').replace('GCP KMS', '\\u001b[2J'),
      /shard 2: holder must be/,
    ],
  ];
  for (const [name, make, message] of CASES) {
    it(name, async () => {
      const ran = await sss(['verify', '--manifest', fileWith('manifest.json', make()), set.shard(1)]);
      expect(ran).toMatchObject({ code: 3, out: '' });
      expect(errorOf(ran)).toMatch(message);
    });
  }
});

describe('the command line', () => {
  const CASES: [argv: string, message: RegExp][] = [
    ['', /^sss: the shards of a MasterKey/],
    ['nonsense', /unknown command nonsense/],
    ['verify', /--manifest FILE, SHARD… are missing/],
    ['verify --manifest', /--manifest needs FILE/],
    ['verify --manifest --json', /--manifest needs FILE/],
    ['verify -m x', /unknown option -m/],
    ['verify --manifest a --manifest b c', /--manifest is given twice/],
    ['verify --manifest a', /SHARD… is missing/],
    ['inspect a b', /2 files, wanted one/],
    ['inspect --json=1 a', /--json takes no value/],
    ['inspect', /SHARD is missing/],
    ['inspect -', /-: wanted the name of a file\n.*\/dev\/stdin/],
    ['combine', /--out FILE, SHARD… are missing/],
    ['generate now --bytes 32', /--key-name NAME, --threshold M, .* are missing/],
    ['verfy a', /unknown command verfy\n.*Did you mean verify\? sss --help/],
    ['Manifest', /unknown command Manifest\n.*Did you mean manifest\? /],
    ['gen', /Did you mean generate\? /],
    ['retrie', /Did you mean retire\? /],
    ['sing', /unknown command sing\nsss: hint: sss --help lists/],
    ['verify --manfest a b', /unknown option --manfest\n.*Did you mean --manifest\? sss verify --help/],
    ['verify --keys a b', /unknown option --keys\nsss: hint: sss verify --help/],
    ['combine --out k --format base64 a', /--format: wanted vault-hex/],
    ['combine --out k --threshold 2 a', /--threshold belongs to --format vault-hex/],
    ['combine --out k --commitment 12 a', /--commitment: wanted 64 hex digits/],
  ];
  for (const [argv, message] of CASES) {
    it(`sss ${argv}`, async () => {
      const ran = await sss(argv === '' ? [] : argv.split(' '));
      expect(ran).toMatchObject({ code: 2, out: '' });
      expect(errorOf(ran)).toMatch(message);
    });
  }

  it('refuses the text of a shard as an argument, and does not repeat it', async () => {
    const line = fs.readFileSync(set.shard(1), 'utf8');
    for (const argv of [
      ['inspect', line],
      ['inspect', line.toUpperCase()],
      ['combine', `--out=${line}`],
      [line],
    ]) {
      const ran = await sss(argv);
      expect(ran).toMatchObject({ code: 2, out: '' });
      expect(ran.err.toLowerCase()).not.toContain(line.slice(0, 12));
      expect(errorOf(ran)).toContain('treat it as exposed');
    }
  });

  it('names its release', async () => {
    const { version } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
    for (const word of ['--version', 'version']) {
      const ran = await sss([word], {});
      expect(ran).toEqual({
        code: 0,
        out: `sss ${version}, shard format v1, Node ${process.versions.node}\n`,
        err: '',
      });
    }
  });

  it('refuses a Node that is too old, and knows a way without', () => {
    for (const found of ['18.20.8', '20.18.3']) expect(() => checkNode(found)).toThrow('too old');
    for (const found of ['20.19.0', '22.12.0', '26.10.0']) expect(() => checkNode(found)).not.toThrow();
  });

  it('has a help text with a worked example for each command', async () => {
    for (const { name, example } of await allCommands()) {
      const ran = await sss([name, '--help'], {});
      expect(ran).toMatchObject({ code: 0, err: '' });
      expect(ran.out).toContain(`    $ ${example.command.replace(/\n/g, '\n    ')}\n`);
      expect(ran.out).toContain('Exit codes:');
      expect(Math.max(...ran.out.split('\n').map((line) => line.length))).toBeLessThan(240);
    }
    expect((await sss(['--help'], {})).out).toContain('verify');
  });
});
