/** Structure of an M-of-N set without probabilities: tolerances, and the numbers of minimal paths and cuts. */
import { checkThreshold } from './types';

export interface Structure {
  /** Shards that may be lost: N - M. */
  readonly toleratedLosses: number;
  /** Shards that may be stolen: M - 1. */
  readonly toleratedThefts: number;
  /** Size of every minimal path (a smallest set that reconstructs): M. */
  readonly pathSize: number;
  /** Size of every minimal cut (a smallest set whose loss ends recovery): N - M + 1. */
  readonly cutSize: number;
  readonly paths: bigint;
  readonly cuts: bigint;
}

/** Binomial coefficient, exact. 0 when k is outside 0..n. */
export function choose(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n;
  let out = 1n;
  for (let i = 1; i <= Math.min(k, n - k); i++) out = (out * BigInt(n - i + 1)) / BigInt(i);
  return out;
}

/** Tolerances, paths and cuts of M of N. Throws RangeError unless 1 ≤ M ≤ N ≤ 255. */
export function structure(threshold: number, count: number): Structure {
  checkThreshold(threshold, count);
  return {
    toleratedLosses: count - threshold,
    toleratedThefts: threshold - 1,
    pathSize: threshold,
    cutSize: count - threshold + 1,
    paths: choose(count, threshold),
    cuts: choose(count, count - threshold + 1),
  };
}
