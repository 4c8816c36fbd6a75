/** The coefficients of the split are uniform, zero included: the regression test for the bias of earlier releases. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { splitKey } from '../../src/shard/shares';

const SPLITS = 200_000;
/** Expected 781; six standard deviations are 168. A library that avoids zero gives 0. */
const fair = (hits: number) => hits >= 650 && hits <= 920;

describe('200,000 splits of one byte, 2 of 2', () => {
  it('give a share equal to the byte as often as chance does, and every other value as well', async () => {
    const secret = Uint8Array.of(0x5a);
    const counts = new Uint32Array(256);
    const coordinates = new Uint32Array(256);
    for (let i = 0; i < SPLITS; i += 1) {
      const [share] = await splitKey(secret, 2, 2);
      if (!share) throw new Error('no share');
      counts[share[0] ?? 0] = (counts[share[0] ?? 0] ?? 0) + 1;
      coordinates[share[1] ?? 0] = (coordinates[share[1] ?? 0] ?? 0) + 1;
    }
    expect(fair(counts[0x5a] ?? 0)).toBe(true);
    // Chi-square with 255 degrees of freedom: mean 255, standard deviation 22.6; 400 is more than 6 away.
    const expected = SPLITS / 256;
    const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chi).toBeLessThan(400);
    expect(coordinates[0]).toBe(0);
  }, 240_000);

  it('would notice a splitter that never draws zero', () => {
    let hits = 0;
    for (let i = 0; i < 2000; i += 1) {
      const coefficients = crypto.getRandomValues(new Uint8Array(100)).map((value) => value || 1);
      hits += coefficients.filter((value) => value === 0).length;
    }
    expect(fair(hits)).toBe(false);
  });
});

describe('the library', () => {
  it('is pinned to exactly 0.0.4, in package.json and in the lock file', () => {
    const json = (name: string) =>
      JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
    expect(json('package.json').dependencies['shamir-secret-sharing']).toBe('0.0.4');
    expect(json('package-lock.json').packages['node_modules/shamir-secret-sharing']).toMatchObject({
      version: '0.0.4',
      integrity: expect.stringMatching(/^sha512-/),
    });
  });
});
