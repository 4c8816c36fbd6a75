/** Times: mean time to failure of an M-of-N set without repair, and loss per year with periodic checks. */
import { chanceWithin } from './chance';
import { loss, poissonBinomial, tails } from './distribution';
import { checkThreshold } from './types';

function checkRate(name: string, value: number): void {
  if (typeof value !== 'number') throw new TypeError(`${name}: wanted a number, got ${typeof value}`);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name}: wanted a finite number above 0, got ${value}`);
  }
}

/**
 * Mean time until fewer than M of N shards are left, when each is lost independently at a constant rate and nothing
 * is repaired: (1/rate)·Σ 1/i for i = M..N. Unit: that of 1/rate.
 */
export function meanTimeToLoss(threshold: number, count: number, rate: number): number {
  checkThreshold(threshold, count);
  checkRate('rate', rate);
  let sum = 0;
  for (let i = count; i >= threshold; i--) sum += 1 / i;
  return sum / rate;
}

/** Mean time until M of N shards are stolen at a constant rate each, when no reshare takes place: (1/rate)·Σ 1/i, i = N-M+1..N. */
export function meanTimeToCompromise(threshold: number, count: number, rate: number): number {
  checkThreshold(threshold, count);
  return meanTimeToLoss(count - threshold + 1, count, rate);
}

/** Loss with periodic checks that find and replace every lost shard. */
export interface CheckedLoss {
  /** P(fewer than M shards are left at the end of one interval). */
  readonly perInterval: number;
  /** P(that happens in at least one interval of a year). */
  readonly perYear: number;
}

/** `rate` per shard and year, `interval` in years between two checks; independent losses. */
export function lossWithChecks(
  threshold: number,
  count: number,
  rate: number,
  interval: number,
): CheckedLoss {
  checkThreshold(threshold, count);
  checkRate('rate', rate);
  checkRate('interval', interval);
  const shard = chanceWithin(rate, interval);
  const perInterval = loss(threshold, tails(poissonBinomial(new Array(count).fill(shard))));
  return { perInterval, perYear: -Math.expm1(Math.log1p(-perInterval) / interval) };
}
