/** Split, combine and search against the vectors of Vault and OpenBao, and against properties. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/shard/commitment';
import { fromHex, toHex } from '../../src/shard/format';
import { countSubsets, findKey, proveSplit, subsets } from '../../src/shard/search';
import { combineShares, shareAt, splitKey } from '../../src/shard/shares';
import { bad, vault } from './vectors';

describe('combineShares', () => {
  it('combines every subset of the Vault and OpenBao vectors', async () => {
    let combined = 0;
    for (const { M, shares, secret, combine_subsets } of vault) {
      for (const pick of combine_subsets) {
        // Some subsets are larger than M; exactly M are used.
        const used = pick.slice(0, M).map((i) => fromHex(shares[i] ?? ''));
        expect(toHex(await combineShares(used, M))).toBe(secret);
        combined += 1;
      }
    }
    expect(combined).toBeGreaterThan(150);
  });

  it('refuses x = 0, equal x, unequal lengths, and any number but M', async () => {
    const [a, b, c] = await splitKey(new Uint8Array(16).fill(7), 2, 3);
    if (!a || !b || !c) throw new Error('no shares');
    await expect(combineShares([a, b, c], 2)).rejects.toThrow('3 shares, wanted exactly 2');
    await expect(combineShares([a], 2)).rejects.toThrow('1 shares, wanted exactly 2');
    await expect(combineShares([a, a], 2)).rejects.toThrow('two shares have x');
    await expect(combineShares([a, b.slice(1)], 2)).rejects.toThrow('length');
    b[16] = 0;
    await expect(combineShares([a, b], 2)).rejects.toThrow('x = 0');
    await expect(combineShares([a], 1)).rejects.toThrow(RangeError);
  });
});

describe('splitKey', () => {
  it('refuses what the library takes: fractions, a Buffer', async () => {
    const key = new Uint8Array(16);
    await expect(splitKey(key, 2.5, 3)).rejects.toThrow(RangeError);
    await expect(splitKey(key, 3, 4.7)).rejects.toThrow(RangeError);
    await expect(splitKey(key, 4, 3)).rejects.toThrow(RangeError);
    await expect(splitKey(key, 1, 3)).rejects.toThrow(RangeError);
    await expect(splitKey(Buffer.alloc(16), 2, 3)).rejects.toThrow(TypeError);
  });
});

describe('shareAt', () => {
  it('recreates any share from any M others', async () => {
    const sizes = fc.tuple(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 1, max: 6 }));
    await fc.assert(
      fc.asyncProperty(sizes, fc.uint8Array({ minLength: 1, maxLength: 40 }), async ([m, extra], bytes) => {
        const shares = await splitKey(Uint8Array.from(bytes), m, m + extra);
        const lost = shares.pop();
        if (!lost) throw new Error('no shares');
        const again = await shareAt(shares.slice(-m), m, lost[lost.length - 1] ?? 0);
        expect(again).toEqual(lost);
      }),
    );
  });

  it('refuses x = 0 (that is the key) and an x that is given', async () => {
    const shares = await splitKey(new Uint8Array(16), 2, 2);
    await expect(shareAt(shares, 2, 0)).rejects.toThrow(RangeError);
    await expect(shareAt(shares, 2, shares[0]?.[16] ?? 0)).rejects.toThrow(RangeError);
  });
});

describe('findKey', () => {
  for (const { id, kind, M, secret, present, bad_indices, expect: verdict } of bad) {
    it(`${id}: ${kind}, ${verdict}`, async () => {
      const accept = (key: Uint8Array) => digestOf(key) === digestOf(fromHex(secret));
      const search = findKey(present.map(fromHex), M, accept);
      if (verdict === 'reject') {
        await expect(search).rejects.toThrow(RangeError);
        return;
      }
      const found = await search;
      expect(toHex(found.key)).toBe(secret);
      expect(found.disagree).toEqual(bad_indices);
      expect(found.attributable).toBe(present.length - bad_indices.length > M);
    });
  }

  it('stops at its bound instead of searching for hours', async () => {
    const shares = await splitKey(new Uint8Array(1), 10, 24);
    await expect(findKey(shares, 10, () => false)).rejects.toThrow('200000 combinations tried');
  });
});

describe('subsets', () => {
  it('yields each one once, and as many as countSubsets says', () => {
    for (let n = 1; n <= 10; n += 1) {
      for (let m = 1; m <= n; m += 1) {
        const all = [...subsets(n, m)].map(String);
        expect(new Set(all).size).toBe(all.length);
        expect(all.length).toBe(countSubsets(n, m));
      }
    }
    expect(countSubsets(20, 10)).toBe(184_756);
    expect(countSubsets(255, 128)).toBe(Number.POSITIVE_INFINITY);
    expect([...subsets(2, 3)]).toEqual([]);
  });
});

describe('proveSplit', () => {
  const prove = async (shares: Uint8Array[], m: number, key: Uint8Array) =>
    proveSplit(shares, m, (found) => digestOf(found) === digestOf(key));

  it('tries every combination, and notices one wrong byte in any share', async () => {
    const key = new Uint8Array(16).fill(9);
    const shares = await splitKey(key, 3, 6);
    expect(await prove(shares, 3, key)).toEqual({ tried: 20, of: 20 });
    for (const share of shares) {
      share[5] = (share[5] ?? 0) ^ 1;
      await expect(prove(shares, 3, key)).rejects.toThrow('does not give the key');
      share[5] = (share[5] ?? 0) ^ 1;
    }
  });

  it('proves a large split with N-M+1 combinations, and notices one wrong byte in any share', async () => {
    const key = new Uint8Array(16).fill(9);
    const shares = await splitKey(key, 12, 24);
    expect(await prove(shares, 12, key)).toEqual({ tried: 13, of: 2_704_156 });
    for (const share of shares) {
      share[5] = (share[5] ?? 0) ^ 1;
      await expect(prove(shares, 12, key)).rejects.toThrow('does not give the key');
      share[5] = (share[5] ?? 0) ^ 1;
    }
  });
});
