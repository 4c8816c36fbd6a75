/** Distribution of how many of N independent shards are hit, and its tails, each summed on its own. */
import type { Chance } from './chance';
import { checkThreshold } from './types';

/** Product of two generating functions with non-negative coefficients. */
export function convolve(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length + b.length - 1);
  for (let i = 0; i < a.length; i++) {
    const factor = a[i] as number;
    if (factor === 0) continue;
    for (let j = 0; j < b.length; j++) out[i + j] = (out[i + j] as number) + factor * (b[j] as number);
  }
  return out;
}

/**
 * Poisson binomial distribution: P(k of the independent events happen), k = 0..N.
 * d₀ = 1; for each event d_k ← d_k·miss + d_{k-1}·hit. Only sums of positive terms, so each entry is exact to about
 * N rounding errors; entries below 1e-290 may underflow towards 0.
 */
export function poissonBinomial(chances: readonly Chance[]): Float64Array {
  const out = new Float64Array(chances.length + 1);
  out[0] = 1;
  chances.forEach(({ hit, miss }, index) => {
    for (let k = index + 1; k > 0; k--) out[k] = (out[k] as number) * miss + (out[k - 1] as number) * hit;
    out[0] = (out[0] as number) * miss;
  });
  return out;
}

/** Both families of tails of a distribution over 0..N. */
export interface Tails {
  /** `atLeast[k]` = P(count ≥ k). */
  readonly atLeast: Float64Array;
  /** `atMost[k]` = P(count ≤ k). */
  readonly atMost: Float64Array;
}

/** Each tail is summed from its own far end: 1 minus the other tail would have no digits left. */
export function tails(distribution: Float64Array): Tails {
  const n = distribution.length;
  const atLeast = new Float64Array(n);
  const atMost = new Float64Array(n);
  let sum = 0;
  for (let k = 0; k < n; k++) atMost[k] = sum = Math.min(1, sum + (distribution[k] as number));
  sum = 0;
  for (let k = n - 1; k >= 0; k--) atLeast[k] = sum = Math.min(1, sum + (distribution[k] as number));
  return { atLeast, atMost };
}

/** P(the key can be reconstructed): at most N - M shards are down. `down` is the distribution of shards down. */
export function availability(threshold: number, down: Tails): number {
  checkThreshold(threshold, down.atMost.length - 1);
  return down.atMost[down.atMost.length - 1 - threshold] as number;
}

/** P(the key cannot be reconstructed): at least N - M + 1 shards are down. */
export function loss(threshold: number, down: Tails): number {
  checkThreshold(threshold, down.atLeast.length - 1);
  return down.atLeast[down.atLeast.length - threshold] as number;
}

/** P(a thief can reconstruct the key): at least M shards are in the thief's hands. */
export function compromise(threshold: number, stolen: Tails): number {
  checkThreshold(threshold, stolen.atLeast.length - 1);
  return stolen.atLeast[threshold] as number;
}
