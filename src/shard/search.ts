/** Finds the key among good and bad shares: every M-subset in turn, bounded, judged by a check of the key. */
import { ShardError } from './format';
import { checkShares, combineShares } from './shares';

/** More subsets than this are never tried one by one. */
export const SUBSET_LIMIT = 200_000;

/** Number of M-subsets of N, or Infinity once it passes 2^53. */
export function countSubsets(n: number, m: number): number {
  let count = 1;
  for (let i = 1; i <= m; i += 1) {
    count = (count * (n - m + i)) / i;
    if (count > Number.MAX_SAFE_INTEGER) return Number.POSITIVE_INFINITY;
  }
  return Math.round(count);
}

/** Every M-subset of the indices 0..n-1 in lexicographic order. */
export function* subsets(n: number, m: number): Generator<number[]> {
  const pick = Array.from({ length: m }, (_, i) => i);
  if (m > n) return;
  for (;;) {
    yield [...pick];
    let i = m - 1;
    while (i >= 0 && pick[i] === n - m + i) i -= 1;
    if (i < 0) return;
    pick[i] = (pick[i] ?? 0) + 1;
    for (let j = i + 1; j < m; j += 1) pick[j] = (pick[j - 1] ?? 0) + 1;
  }
}

/** What a search found: the key (the caller wipes it), the subset that gave it, and who does not fit to it. */
export interface Found {
  key: Uint8Array;
  used: number[];
  /** Indices whose share is not on the polynomial of `used`. */
  disagree: number[];
  /**
   * True when more than M shares agree. With exactly M, a bad share can hide among them: two shares that are
   * wrong in the same single byte cancel in about one of 255 subsets.
   */
  attributable: boolean;
}

const at = (shares: readonly Uint8Array[], indices: readonly number[]) =>
  indices.flatMap((i) => shares[i] ?? []);

/**
 * Tries the M-subsets until `accept` takes the key, then tests every other share against that polynomial.
 * @throws ShardError `threshold` below M shares, `commitment` when no subset is accepted or the bound is passed.
 */
export async function findKey(
  shares: readonly Uint8Array[],
  threshold: number,
  accept: (key: Uint8Array) => boolean,
): Promise<Found> {
  if (shares.length < threshold) {
    throw new ShardError('threshold', `${shares.length} shards, and ${threshold} are needed`);
  }
  checkShares(shares);
  let tried = 0;
  for (const used of subsets(shares.length, threshold)) {
    if (tried === SUBSET_LIMIT) break;
    tried += 1;
    const key = await combineShares(at(shares, used), threshold);
    if (accept(key)) {
      const disagree = await outliers(shares, threshold, used, accept);
      return { key, used, disagree, attributable: shares.length - disagree.length > threshold };
    }
    key.fill(0);
  }
  const bound = tried === SUBSET_LIMIT ? ' (the search stops there)' : '';
  const none =
    tried === 1 ? 'these shards do not give a key' : `none of the ${tried} combinations tried gives a key`;
  throw new ShardError('commitment', `${none}${bound}`);
}

/**
 * A share that replaces one of `used` and still gives the key agrees with the polynomial in M points (M-1 shares
 * and the key at 0), so it lies on it.
 */
async function outliers(
  shares: readonly Uint8Array[],
  threshold: number,
  used: readonly number[],
  accept: (key: Uint8Array) => boolean,
): Promise<number[]> {
  const bad: number[] = [];
  for (const i of shares.keys()) {
    if (used.includes(i)) continue;
    const key = await combineShares(at(shares, [...used.slice(1), i]), threshold);
    if (!accept(key)) bad.push(i);
    key.fill(0);
  }
  return bad;
}

/** How a fresh split was proved: by every M-subset, or by the N-M+1 subsets that suffice. */
export interface Proof {
  tried: number;
  of: number;
}

/**
 * Proves that every M-subset of `shares` gives the key. Up to SUBSET_LIMIT each one is combined; above it the
 * N-M+1 subsets that share M-1 members are: each further share then agrees in M points with the same polynomial.
 * @throws ShardError `commitment` at the first subset that gives anything else.
 */
export async function proveSplit(
  shares: readonly Uint8Array[],
  threshold: number,
  accept: (key: Uint8Array) => boolean,
  progress: (tried: number, of: number) => void = () => undefined,
): Promise<Proof> {
  const of = countSubsets(shares.length, threshold);
  const every = of <= SUBSET_LIMIT;
  const base = Array.from({ length: threshold - 1 }, (_, i) => i);
  const rest = Array.from({ length: shares.length - threshold + 1 }, (_, i) => [...base, threshold - 1 + i]);
  let tried = 0;
  for (const pick of every ? subsets(shares.length, threshold) : rest) {
    const key = await combineShares(at(shares, pick), threshold);
    const good = accept(key);
    key.fill(0);
    if (!good) throw new ShardError('commitment', 'a combination of the new shards does not give the key');
    tried += 1;
    progress(tried, every ? of : rest.length);
  }
  return { tried, of };
}
