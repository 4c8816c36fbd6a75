/** static/recover.py against sss, both ways: two programs that share no code must agree on every shard. */
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitmentOf, kcvOf } from '../../../src/shard/commitment';
import {
  ALPHABET,
  formatShard,
  printShard,
  type SetHeader,
  shardLength,
  toHex,
} from '../../../src/shard/format';
import { combineShares, splitKey } from '../../../src/shard/shares';
import { preprocessor } from '../../../src/site/preprocess';
import { envelope } from '../../shard/vectors';
import { fileWith, makeSet, scratch, sss } from './run';

const RECOVER = path.resolve(__dirname, '../../../static/recover.py');
const python = (...argv: string[]) =>
  spawnSync('python3', [RECOVER, ...argv], { encoding: 'utf8', env: { ...process.env, SSS_TEST: '1' } });

// Python is no requirement of the project; CI must have it, so that these tests can't vanish unnoticed.
const hasPython = spawnSync('python3', ['--version']).status === 0 || process.env.CI !== undefined;

describe.runIf(hasPython)('recover.py', () => {
  it('has fewer than 80 lines and imports the standard library only', () => {
    const text = fs.readFileSync(RECOVER, 'utf8');
    expect(text.split('\n').length - 1).toBeLessThan(80);
    expect(text.match(/^(import|from) .*/gm)).toEqual(['import argparse, hashlib, hmac, os, sys']);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(121);
  });

  it('recovers the envelope vectors, typed and printed form', () => {
    for (const { shards, M, secret, commitment } of envelope.vectors) {
      const files = shards
        .slice(-M)
        .map(({ text }, i) => fileWith(`${i}.txt`, i % 2 ? printShard(text) : text));
      const out = path.join(scratch(), 'master.key');
      // As the Ceremony Log may have it: digits of either case.
      const ran = python('--out', out, '--commitment', commitment.toUpperCase(), ...files);
      expect(ran.stderr).toBe('');
      expect(ran.stdout).toBe(
        `${out}: ${secret.length / 2} bytes, check value OK, commitment ${commitment}\n`,
      );
      expect(fs.readFileSync(out).toString('hex')).toBe(secret);
      expect(fs.statSync(out).mode & 0o777).toBe(0o600);
    }
  });

  it('gives the same key as sss combine', async () => {
    const set = await makeSet();
    const [ours, theirs] = [path.join(scratch(), 'key'), path.join(scratch(), 'key')];
    await sss([
      'combine',
      '--manifest',
      set.manifest,
      '--out',
      ours,
      set.shard(1),
      set.shard(2),
      set.shard(3),
    ]);
    python('--out', theirs, set.shard(5), set.shard(4), set.shard(1));
    expect(fs.readFileSync(theirs)).toEqual(fs.readFileSync(ours));
  });

  it('refuses what sss refuses, with one line and without a key', async () => {
    const [set, other, real] = [await makeSet(), await makeSet(), await makeSet({}, {})];
    const line = fs.readFileSync(set.shard(1), 'utf8');
    const typo = fileWith(
      'typo.txt',
      line.replace(/.$/, (c) => (c === 'q' ? 'p' : 'q')),
    );
    const out = path.join(scratch(), 'key');
    const cases: [string[], RegExp][] = [
      [[set.shard(1), set.shard(2)], /give exactly 3 different shards/],
      [[set.shard(1), set.shard(2), set.shard(1)], /give exactly 3 different shards/],
      [[set.shard(1), set.shard(2), other.shard(3)], /not all of one set/],
      [[set.shard(1), set.shard(2), real.shard(3)], /TEST and real shards never mix/],
      [[typo, set.shard(2), set.shard(3)], /typo.txt: the checksum is wrong/],
      [[scratch(), set.shard(2), set.shard(3)], /Is a directory/],
      [['/missing', set.shard(2), set.shard(3)], /missing: No such file/],
      [[fileWith('zeros', new Uint8Array(10 << 20))], /zeros: not a shard/],
      ...['00'.repeat(32), '', ' ', 'zz', '00', '0x'].map((given): [string[], RegExp] => [
        ['--commitment', given, set.shard(1), set.shard(2), set.shard(3)],
        /or --commitment is wrong/,
      ]),
      [['/missing/\u001b[2J', set.shard(2), set.shard(3)], /missing\/\?\[2J: No such file/],
    ];
    for (const [argv, message] of cases) {
      const ran = python('--out', out, ...argv);
      expect(ran.status).toBe(1);
      expect(ran.stdout).toBe('');
      expect(ran.stderr).toMatch(/^recover: error: .*\n$/);
      expect(ran.stderr).toMatch(message);
      expect(fs.existsSync(out)).toBe(false);
    }
  });

  it('never echoes a shard that is typed as an argument, whole or in groups', async () => {
    const set = await makeSet();
    const line = fs.readFileSync(set.shard(1), 'utf8');
    const out = path.join(scratch(), 'key');
    for (const typed of [
      [line],
      [line.toUpperCase()],
      [` ${line}`],
      printShard(line).split(/\s/),
      [`--x=${line}`],
    ]) {
      const ran = python('--out', out, ...typed, set.shard(2), set.shard(3));
      expect(ran).toMatchObject({ status: 1, stdout: '' });
      expect(ran.stderr).toMatch(/^recover: error: an argument looks like the text of a shard.*\n$/);
      expect(fs.existsSync(out)).toBe(false);
    }
    const wrong = python('--out', out, '--x\u001b[2J', set.shard(1), set.shard(2), set.shard(3));
    expect(wrong).toMatchObject({ status: 1, stdout: '' });
    expect(wrong.stderr).toMatch(/^recover: error: unrecognized arguments: --x\?\[2J\n$/);
  });

  it('leaves no key file when the disk is full, as sss does', async () => {
    const set = await makeSet();
    const cwd = scratch();
    const shards = [1, 2, 3].map((n) => `'${set.shard(n)}'`).join(' ');
    // No file may grow, as on a full disk.
    const full = (command: string) =>
      spawnSync('bash', ['-c', `ulimit -f 0; trap '' XFSZ; ${command}`], {
        cwd,
        encoding: 'utf8',
        env: { ...process.env, SSS_TEST: '1' },
      });
    const ran = full(`python3 '${RECOVER}' --out key ${shards}`);
    expect(ran).toMatchObject({ status: 1, stdout: '' });
    expect(ran.stderr).toMatch(/^recover: error: key: File too large, so there is no key file\n$/);
    expect(fs.readdirSync(cwd)).toEqual([]);
    // The report can be lost, the key can't.
    const lost = spawnSync('bash', ['-c', `python3 '${RECOVER}' --out key ${shards} > /dev/full`], {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, SSS_TEST: '1' },
    });
    expect(lost.stderr).toContain('recover: error: standard output: No space left on device\n');
    expect(fs.statSync(path.join(cwd, 'key')).size).toBe(32);
  });
});

describe('the page of the shard format', () => {
  const page = preprocessor(process.cwd())({
    filePath: path.resolve('docs/ceremony/shard-format.mdx'),
    fileContent: fs.readFileSync('docs/ceremony/shard-format.mdx', 'utf8'),
  });

  it('prints the second program in full', () => {
    expect(page).toContain(`\n\`\`\`python title="recover.py"\n${fs.readFileSync(RECOVER, 'utf8')}\`\`\`\n`);
  });

  it('shows the alphabet and the lengths that the programs use', () => {
    const rows = [...page.matchAll(/^\| \*\*(\d+)\*\* \|(.*)\|$/gm)];
    expect(rows.map(([, from]) => from)).toEqual(['0', '8', '16', '24']);
    expect(rows.map(([, , cells = '']) => cells.replace(/[ |]/g, '')).join('')).toBe(ALPHABET);
    const lengths = [...page.matchAll(/^\| (\d+) bytes \| (\d+) characters \|$/gm)];
    expect(lengths).toHaveLength(5);
    for (const [, bytes, characters] of lengths) expect(shardLength(Number(bytes))).toBe(Number(characters));
  });

  it('computes its example right', async () => {
    const example = /^For example.*?\n\n/ms.exec(page)?.[0] ?? '';
    const numbers = example.match(/0x[0-9A-F]{2}/g)?.map(Number) ?? [];
    const [y1 = 0, y2 = 0, w1, w2, , , p1 = 0, , , p2 = 0] = numbers;
    const key = numbers.at(-1);
    expect(Array.from(await combineShares([Uint8Array.of(y1, 1), Uint8Array.of(y2, 2)], 2))).toEqual([key]);
    expect([w1, w2]).toEqual([0xf7, 0xf6]);
    expect(p1 ^ p2).toBe(key);
  });
});

// One Python process for thousands of cases: recover.py is loaded, not started, and its functions are used as is.
const MANY = `
import json, os, random, sys
source = open(sys.argv[1]).read().replace("\\n    main()", "\\n    pass")
exec(compile(source, "recover.py", "exec"))
POLY = 0x11B
for text in sys.stdin:
    case = json.loads(text)
    for i, line in enumerate(case["lines"]):
        open("shard-%d" % i, "w").write(line)
    sys.argv = ["recover.py", "--out", "key"] + ["shard-%d" % i for i in range(len(case["lines"]))]
    sys.stdout = open(os.devnull, "w")
    main()
    sys.stdout = sys.__stdout__
    print(open("key", "rb").read().hex())
    os.remove("key")
`;

describe.runIf(hasPython)('thousands of random sets', () => {
  it('split by sss, recovered by recover.py', async () => {
    const cases: { key: string; lines: string[] }[] = [];
    for (let i = 0; i < 2000; i += 1) {
      // recover.py searches its inverses, so large M are few.
      const threshold = i % 25 === 0 ? 6 + (i % 6) : 2 + (i % 4);
      const total = threshold + (i % 4);
      const key = crypto.getRandomValues(new Uint8Array(16 + (i % 49)));
      const setId = toHex(crypto.getRandomValues(new Uint8Array(8)));
      const header: SetHeader = { test: true, threshold, total, generation: 1 + i, setId };
      const kcv = kcvOf(commitmentOf(key, header));
      const shares = await splitKey(key, threshold, total);
      const lines = shares.map((share) => formatShard({ ...header, kcv, share }));
      cases.push({ key: toHex(key), lines: lines.slice(total - threshold) });
    }
    const cwd = scratch();
    const program = fileWith('many.py', MANY);
    const input = cases.map((one) => JSON.stringify(one)).join('\n');
    const env = { ...process.env, SSS_TEST: '1' };
    const found = execFileSync('python3', [program, RECOVER], { cwd, env, input, encoding: 'utf8' });
    expect(found.trim().split('\n')).toEqual(cases.map(({ key }) => key));
  });

  it('split by Python, recovered by sss', async () => {
    const python3 = `
import hashlib, hmac, json, os, sys
source = open(sys.argv[1]).read().replace("\\n    main()", "\\n    pass")
exec(compile(source, "recover.py", "exec"))
def polymod(values):
    check = 1
    for value in values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for i, g in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= g if top >> i & 1 else 0
    return check
def encode(data):
    bits = "".join(format(b, "08b") for b in data)
    bits += "0" * (-len(bits) % 5)
    words = [int(bits[i : i + 5], 2) for i in range(0, len(bits), 5)]
    check = polymod([3, 3, 3, 0, 13, 11, 19] + words + [0] * 6) ^ 0x2BC830A3
    return "mks1" + "".join(CHARS[w] for w in words + [check >> 5 * (5 - i) & 31 for i in range(6)])
for i in range(1000):
    m = 2 + i % 5; n = m + i % 3; key = os.urandom(16 + i % 49)
    header = bytes([0x11, m, n, 0, 1]) + os.urandom(8)
    kcv = hmac.new(key, b"mks/v1/kcv" + header, hashlib.sha256).digest()[:4]
    polynomials = [[b] + list(os.urandom(m - 1)) for b in key]
    lines = []
    for x in range(1, n + 1):
        y = bytearray()
        for p in polynomials:
            value = 0
            for c in reversed(p):
                value = multiply(value, x) ^ c
            y.append(value)
        lines.append(encode(header + kcv + bytes(y) + bytes([x])))
    print(json.dumps({"key": key.hex(), "lines": lines[n - m :]}))
`;
    const program = fileWith('deal.py', python3);
    const made = execFileSync('python3', [program, RECOVER], { encoding: 'utf8', maxBuffer: 1 << 26 });
    const folder = scratch();
    for (const [i, text] of made.trim().split('\n').entries()) {
      const { key, lines } = JSON.parse(text) as { key: string; lines: string[] };
      const files = lines.map((line, k) => {
        const file = path.join(folder, `${k}.txt`);
        fs.writeFileSync(file, line);
        return file;
      });
      const out = path.join(folder, `key-${i}`);
      const ran = await sss(['combine', '--out', out, ...files]);
      expect(ran.code, ran.err).toBe(0);
      expect(fs.readFileSync(out).toString('hex')).toBe(key);
    }
  });
});
