/** A library that splits nothing, and sources of randomness that failed: the self-test fails, and no key is made. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleSss } from '../../../scripts/sss/bundle';
import { splitFault } from '../../../scripts/sss/checks';
import { splitKey } from '../../../src/shard/shares';
import { fileWith, scratch } from './run';

let folder: string;
beforeAll(async () => {
  folder = scratch();
  await bundleSss(folder);
});

const DEAL =
  '--threshold 3 --key-name k --generation 1 --holder A --holder B --holder C --holder D --out set';

/** Runs a copy of the kit's program, changed as told, before and after a line of code that Node loads first. */
function ran(
  argv: string,
  change: (code: string) => string,
  hook = '',
): ReturnType<typeof spawnSync> & { made: string[] } {
  const cwd = scratch();
  for (const name of fs.readdirSync(folder)) fs.copyFileSync(path.join(folder, name), path.join(cwd, name));
  const program = path.join(cwd, 'sss.cjs');
  const code = fs.readFileSync(program, 'utf8');
  fs.writeFileSync(program, change(code));
  const room = scratch();
  fs.writeFileSync(path.join(room, 'key'), crypto.getRandomValues(new Uint8Array(32)));
  const result = spawnSync('node', ['--require', fileWith('hook.cjs', hook), program, ...argv.split(' ')], {
    cwd: room,
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  return { ...result, made: fs.readdirSync(room).filter((name) => name !== 'key') };
}

const same = (code: string) => code;
const swap = (from: string | RegExp, to: string) => (code: string) => {
  const changed = code.replace(from, to);
  if (changed === code) throw new Error(`nothing like ${from} in the program`);
  return changed;
};

const DRAWN = 'coefficients.set(getRandomBytes(degree), 1);';
const LIBRARIES: [name: string, to: string][] = [
  ['zero coefficients: every share is the key', ''],
  ['a constant coefficient', 'coefficients.fill(0x53, 1);'],
  ['one coefficient less: M-1 shares are enough', 'coefficients.set(getRandomBytes(degree - 1), 1);'],
  ['the highest coefficient alone', 'coefficients.set(getRandomBytes(1), degree);'],
  ['one draw for all coefficients', 'coefficients.fill(getRandomBytes(1)[0], 1);'],
  [
    'coefficients drawn once for all bytes',
    'coefficients.set((globalThis.once ??= getRandomBytes(254)).subarray(0, degree), 1);',
  ],
  [
    'no zero among the coefficients (0.0.3 and before)',
    'coefficients.set(getRandomBytes(degree).map((c) => c || 1), 1);',
  ],
  ['seven bits', 'coefficients.set(getRandomBytes(degree).map((c) => c & 127), 1);'],
  ['the key as coefficient', 'coefficients.fill(intercept, 1);'],
];

describe('a library with', () => {
  it.each(LIBRARIES)('%s fails the self-test and makes nothing', (_, to) => {
    const tested = ran('selftest', swap(DRAWN, to));
    expect(tested.stdout).toMatch(/: FAILED$/m);
    expect(tested.status).toBe(1);
    for (const argv of [`generate --bytes 32 ${DEAL}`, `split --key-file key --uniformly-random ${DEAL}`]) {
      const made = ran(argv, swap(DRAWN, to));
      expect(made, argv).toMatchObject({ status: 1, stdout: '', made: [] });
      expect(made.stderr).toMatch(/^sss: error: self-test failed: .*\nsss: hint: Do not use this machine/);
    }
  });

  it('another field fails the known answer', () => {
    const tested = ran('selftest', swap(/0x01, 0xe5, 0x4c|1,\s+229,\s+76/, '1, 229, 77'));
    expect(tested.stdout).toMatch(/^known shares give the known key: FAILED$|: FAILED$/m);
    expect(tested.status).toBe(1);
  });

  it('zero coefficients for the real key alone are seen in its shares', () => {
    // The self-test calls with 8,192 and 32 bytes; the key has 24.
    const cheat = `if (!globalThis.cheat) ${DRAWN}`;
    const hook = swap(
      'const result = [];',
      'globalThis.cheat = secret.byteLength === 24; const result = [];',
    );
    const made = ran(`generate --bytes 24 ${DEAL}`, (code) => swap(DRAWN, cheat)(hook(code)));
    expect(made).toMatchObject({ status: 1, stdout: '', made: [] });
    expect(made.stderr).toMatch(
      /^sss: error: the split failed: a coefficient is not random\nsss: hint: Do not/,
    );
  });
});

const KEY =
  'globalThis.crypto.getRandomValues = (view) => { const b = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);';
const SPLIT = 'const c = require("node:crypto"); c.randomBytes = (n) => { const b = new Uint8Array(n);';
const FAILURES: [name: string, fill: string][] = [
  ['a constant', 'b.fill(0x5a);'],
  ['zeros', 'b.fill(0);'],
  [
    'the same at every call',
    'let x = 1; for (let i = 0; i < b.length; i += 1) b[i] = (x = (x * 48271) % 2147483647) >> 8;',
  ],
  ['a counter', 'globalThis.n ??= 0; for (let i = 0; i < b.length; i += 1) b[i] = globalThis.n++;'],
  [
    'a stuck bit',
    'require("node:fs").readSync(globalThis.fd ??= require("node:fs").openSync("/dev/urandom"), b); for (let i = 0; i < b.length; i += 1) b[i] |= 1;',
  ],
];

describe('a source that gives', () => {
  it.each(FAILURES)('%s, where the key is drawn from', (_, fill) => {
    const hook = `${KEY} ${fill} return view; };`;
    const tested = ran('selftest', same, hook);
    expect(tested.stdout).toMatch(/^draws for the key pass the health tests: FAILED$/m);
    expect(tested.status).toBe(1);
    expect(ran(`generate --bytes 32 ${DEAL}`, same, hook)).toMatchObject({ status: 1, stdout: '', made: [] });
  });

  it.each(FAILURES)('%s, where the library draws from', (_, fill) => {
    const hook = `${SPLIT} ${fill} return b; };`;
    const tested = ran('selftest', same, hook);
    expect(tested.stdout).toMatch(/^draws for the split pass the health tests: FAILED$/m);
    expect(tested.status).toBe(1);
    expect(ran(`generate --bytes 32 ${DEAL}`, same, hook)).toMatchObject({ status: 1, stdout: '', made: [] });
  });

  it('good bytes to the self-test and a constant afterwards is seen at the draw', () => {
    const hook = `const good = crypto.getRandomValues.bind(crypto); let calls = 0; ${KEY} if ((calls += 1) <= 2) return good(view); b.fill(3); return view; };`;
    expect(ran('selftest', same, hook).status).toBe(0);
    const made = ran(`generate --bytes 32 ${DEAL}`, same, hook);
    expect(made).toMatchObject({ status: 1, stdout: '', made: [] });
    expect(made.stderr).toMatch(
      /^sss: error: the random source of this machine has failed: a (byte|block) repeats\n/,
    );
  });
});

describe('wrapping', () => {
  it('with another hash, or none, fails the self-test', () => {
    const other = swap('oaepHash: hash', "oaepHash: 'sha1'");
    const none =
      'const c = require("node:crypto"); c.publicEncrypt = c.privateDecrypt = (_, bytes) => Buffer.from(bytes);';
    for (const tested of [ran('selftest', other), ran('selftest', same, none)]) {
      expect(tested.stdout).toMatch(/^a known wrapped text opens: FAILED$/m);
      expect(tested.status).toBe(1);
    }
  });

  it('makes no pair from a source that has failed', () => {
    const made = ran('session-key --out pair', same, `${SPLIT} b.fill(0); return b; };`);
    expect(made).toMatchObject({ status: 1, stdout: '', made: [] });
    expect(made.stderr).toMatch(/^sss: error: self-test failed: draws for the split/);
  });
});

/** In GF(2^8) modulo 0x11B, bit by bit: no table and no code of the program. */
const multiply = (a: number, b: number): number => {
  let product = 0;
  for (let [left, right] = [a, b]; right > 0; right >>= 1) {
    if (right & 1) product ^= left;
    left = (left << 1) ^ (left & 0x80 ? 0x11b : 0);
  }
  return product;
};

describe('splitFault', () => {
  it('accepts 2,000 splits, and the largest', async () => {
    for (let i = 0; i < 2000; i += 1) {
      const m = 2 + (i % 5);
      const key = crypto.getRandomValues(new Uint8Array(16 + (i % 49)));
      expect(splitFault(key, await splitKey(key, m, m + (i % 4)), m)).toBeUndefined();
    }
    const key = crypto.getRandomValues(new Uint8Array(32));
    expect(splitFault(key, await splitKey(key, 255, 255), 255)).toBeUndefined();
  });

  it('refuses shares of any polynomial that was not drawn, however few of its coefficients', () => {
    const random = () => crypto.getRandomValues(new Uint8Array(32));
    const [key, drawn] = [random(), random()];
    const cases: [coefficients: Uint8Array[], fault: RegExp][] = [
      [[new Uint8Array(32), drawn], /^a coefficient is not random$/],
      [[drawn, new Uint8Array(32)], /^a coefficient is not random$/],
      [[drawn, new Uint8Array(32).fill(0x53)], /^a coefficient is not random$/],
      [[drawn, Uint8Array.from({ length: 32 }, (_, i) => i)], /^a coefficient is not random$/],
      [[drawn, key], /repeat one another$/],
      [[drawn, drawn], /repeat one another$/],
    ];
    for (const [coefficients, fault] of cases) {
      const rows = [key, ...coefficients];
      // Horner's scheme at x, byte by byte.
      const share = (x: number) =>
        Uint8Array.of(
          ...key.map((_, i) => rows.reduceRight((sum, row) => multiply(sum, x) ^ (row[i] ?? 0), 0)),
          x,
        );
      expect(splitFault(key, [7, 77, 177, 250].map(share), 3)).toMatch(fault);
      expect(splitFault(key, [1, 2, 3].map(share), 3)).toMatch(fault);
    }
  });

  it('needs the key that was split', async () => {
    const key = crypto.getRandomValues(new Uint8Array(32));
    const shares = await splitKey(key, 2, 3);
    expect(splitFault(crypto.getRandomValues(new Uint8Array(32)), shares, 2)).toBe(
      'M shares do not give the key',
    );
  });
});

it('the sources are drawn from in few places only, so that no draw escapes the tests', () => {
  const files = fs
    .readdirSync('scripts/sss', { recursive: true, encoding: 'utf8' })
    // The commands for trails never hold a key: a lock there has a random name.
    .filter((file) => file.endsWith('.ts') && file !== 'bench.ts' && !file.startsWith('audit/'))
    .map((file) => `scripts/sss/${file}`)
    .concat(fs.readdirSync('src/shard').map((file) => `src/shard/${file}`));
  const drawing = files.filter((file) =>
    /getRandomValues|randomBytes|randomUUID|randomInt|Math\.random|randomFill|generateKeyPair/.test(
      fs.readFileSync(file, 'utf8'),
    ),
  );
  expect(drawing.sort()).toEqual([
    'scripts/sss/bundle.ts',
    // After the self-tests of both sources.
    'scripts/sss/commands/session-key.ts',
    'scripts/sss/draw.ts',
    'scripts/sss/selftest.ts',
  ]);
});
