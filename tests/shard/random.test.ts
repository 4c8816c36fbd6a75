/** The tests of randomness: what they find, and how rarely they refuse what is random, computed and tried. */
import { describe, expect, it } from 'vitest';
import { isText } from '../../scripts/sss/checks';
import { coefficientsOf } from '../../src/shard/field';
import { fromHex, toHex } from '../../src/shard/format';
import { equalBits, fewBits, healthFault, rangeBits, structureOf } from '../../src/shard/random';
import { splitKey } from '../../src/shard/shares';
import { vault } from './vectors';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const bytes = (length: number, of: (i: number) => number) => Uint8Array.from({ length }, (_, i) => of(i));
const LENGTHS = Array.from({ length: 49 }, (_, i) => 16 + i);

describe('structureOf', () => {
  const block = random(8);
  const MADE_UP: [name: string, key: (length: number) => Uint8Array][] = [
    ['zeros', (length) => new Uint8Array(length)],
    ['00 01 02 …', (length) => bytes(length, (i) => i)],
    ['a count from anywhere, in any step', (length) => bytes(length, (i) => 201 + 17 * i)],
    ['a count downwards', (length) => bytes(length, (i) => 90 - i)],
    ['11 22 33 …', (length) => bytes(length, (i) => 0x11 * i)],
    ['a counter of 16 bits', (length) => bytes(length, (i) => (i % 2 ? i >> 1 : 0))],
    ['a counter of 32 bits', (length) => bytes(length, (i) => (i % 4 ? 0 : 1 + (i >> 2)))],
    ['a block of 8 bytes again and again', (length) => bytes(length, (i) => block[i % 8] ?? 0)],
    ['de ad be ef', (length) => bytes(length, (i) => [0xde, 0xad, 0xbe, 0xef][i % 4] ?? 0)],
    ['four values', (length) => random(length).map((byte) => [3, 77, 130, 201][byte % 4] ?? 0)],
    ['digits as numbers', (length) => random(length).map((byte) => byte % 9)],
    ['one bit set', (length) => new Uint8Array(length).fill(0x80, 7, 8)],
  ];
  it.each(MADE_UP)('finds %s in every length', (_, key) => {
    for (const length of LENGTHS) expect(structureOf(key(length)), `${length} bytes`).toBeDefined();
  });

  it('finds UTF-16 of any script, and halves that are the same', () => {
    const greek = Buffer.from('σωστό άλογο μπαταρία', 'utf16le');
    expect(structureOf(new Uint8Array(greek))).toBeDefined();
    for (const length of LENGTHS.filter((each) => each % 2 === 0)) {
      const half = random(length / 2);
      expect(structureOf(Uint8Array.of(...half, ...half)), `${length}`).toBeDefined();
    }
  });

  it('refuses less than 1 of 2^60 random keys of any length: the sum of the chances of its tests', () => {
    // The chance of a test is that of the most frequent pattern that it refuses.
    const chance = (bits: (k: number) => number, ks: number[]) =>
      Math.max(0, ...ks.map(bits).flatMap((each) => (each >= 64 ? 2 ** -each : [])));
    const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
    for (const length of LENGTHS) {
      const parts = [length];
      for (const step of [2, 4])
        for (let from = 0; from < step; from += 1) parts.push(Math.ceil((length - from) / step));
      for (const lag of [1, 2, 4, 8]) parts.push(length - lag);
      let sum = chance((width) => rangeBits(length, width), upTo(256));
      for (const n of parts) sum += chance((few) => fewBits(n, few), upTo(n));
      for (let shift = 1; shift < length; shift += 1) {
        const n = length - shift;
        sum += chance((same) => equalBits(n, same), upTo(n));
      }
      expect(Math.log2(sum), `${length} bytes`).toBeLessThan(-60);
    }
  });

  it('counts the bounds that it names, where counting by hand is possible', () => {
    // Two values at most in 3 bytes: 256·255·254 of 256^3 have three.
    expect(2 ** -fewBits(3, 2)).toBeGreaterThanOrEqual(1 - (255 * 254) / 65_536);
    expect(fewBits(4, 1)).toBe(24);
    expect(equalBits(8, 8)).toBe(64);
    expect(rangeBits(16, 1)).toBe(120);
  });

  it('accepts 5,000 random keys', () => {
    for (let i = 0; i < 5000; i += 1) expect(structureOf(random(16 + (i % 49)))).toBeUndefined();
  });
});

describe('isText', () => {
  it.each([
    ['a password', 'correct horse battery', 'utf8'],
    ['with a line end', 'correct horse battery staple\r\n', 'utf8'],
    ['hex', '9f3a5c01d2e4b677', 'utf8'],
    ['German', 'Prüfung über Größe', 'utf8'],
    ['Japanese', '正しい馬の電池の主食', 'utf8'],
    ['emoji', '😀😀🐴🔋🔋😀', 'utf8'],
    ['UTF-16 of Windows', 'horse123', 'utf16le'],
    ['UTF-16 of Windows, Latin', 'Prüfung über Größe', 'utf16le'],
  ] as const)('tells %s', (_, text, encoding) => {
    const found = Uint8Array.from(Buffer.from(text, encoding));
    expect(isText(found)).toBe(true);
    if (encoding === 'utf16le') expect(isText(Uint8Array.from(Buffer.from(found).swap16()))).toBe(true);
  });

  it('takes less than 1 of 100,000 random keys of 16 bytes for text, and 1 of 10^10 of 32', () => {
    // UTF-8 a byte at a time: the chance to be at the start of a character after n bytes.
    const chance = (length: number) => {
      const lead = [98, 30, 16, 5].map((count) => count / 256);
      const at = [1];
      for (let n = 1; n <= length; n += 1)
        at[n] = lead.reduce((sum, each, more) => sum + each * 0.25 ** more * (at[n - 1 - more] ?? 0), 0);
      return (at[length] ?? 0) + 2 * ((98 + 96) / 65_536) ** (length / 2);
    };
    expect(chance(16)).toBeLessThan(1e-5);
    expect(chance(32)).toBeLessThan(1e-10);
    let hits = 0;
    for (let i = 0; i < 400_000; i += 1) hits += isText(random(4)) ? 1 : 0;
    expect(hits / 400_000).toBeCloseTo(chance(4), 2);
  });
});

describe('healthFault', () => {
  const again = random(512);
  const FAILED: [name: string, sample: Uint8Array][] = [
    ['a constant', new Uint8Array(1024).fill(7)],
    ['a byte that sticks for a moment', random(4096).fill(9, 1000, 1008)],
    ['a counter', bytes(1024, (i) => i)],
    ['the same at every call', Uint8Array.of(...again, ...random(100), ...again.subarray(0, 10))],
    ['a stuck bit', random(65_536).map((byte) => byte & 0x7f)],
    ['no zero', random(65_536).map((byte) => byte || 1)],
    ['a value half the time', random(1024).map((byte, i) => (i % 2 ? byte : 0x41))],
  ];
  it.each(FAILED)('finds %s', (_, sample) => expect(healthFault(sample)).toBeDefined());

  it('accepts good samples of every size that is drawn', () => {
    for (let i = 0; i < 300; i += 1)
      for (const size of [1032, 1088, 16_384]) expect(healthFault(random(size))).toBeUndefined();
    for (let i = 0; i < 20; i += 1) expect(healthFault(random(65_536))).toBeUndefined();
  });
});

describe('coefficientsOf', () => {
  it('finds the key of every set of Vault and OpenBao, and for every M shares the same polynomial', () => {
    for (const { M, shares, secret, combine_subsets } of vault) {
      const all = combine_subsets.map((pick) =>
        coefficientsOf(pick.slice(0, M).map((i) => fromHex(shares[i] ?? ''))).map(toHex),
      );
      expect(all[0]?.[0]).toBe(secret);
      for (const one of all) expect(one).toEqual(all[0]);
    }
  });

  it('gives M rows, the first of them the key, up to 255 shares', async () => {
    for (const m of [2, 3, 17, 255]) {
      const key = Uint8Array.from(random(32));
      const rows = coefficientsOf((await splitKey(key, m, 255)).slice(0, m));
      expect(rows).toHaveLength(m);
      expect(rows[0]).toEqual(key);
    }
  });
});
