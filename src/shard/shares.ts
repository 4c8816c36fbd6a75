/** Shamir's scheme (ISO/IEC 19592-2) through the library `shamir-secret-sharing`, with the checks that it lacks. */
import { combine, split } from 'shamir-secret-sharing';
import { ShardError } from './format';

const wholeNumber = (n: number, low: number, high: number) => Number.isInteger(n) && n >= low && n <= high;

/** x of a raw share: its last byte. */
export const xOf = (share: Uint8Array): number => share[share.length - 1] ?? 0;

/**
 * Splits a key into `total` shares of which any `threshold` recover it.
 * @throws TypeError unless the key is a plain Uint8Array; RangeError unless 2 <= M <= N <= 255.
 */
export async function splitKey(key: Uint8Array, threshold: number, total: number): Promise<Uint8Array[]> {
  if (key.constructor !== Uint8Array) throw new TypeError('key must be a plain Uint8Array');
  // The library accepts fractions.
  if (!wholeNumber(threshold, 2, 255)) throw new RangeError(`threshold ${threshold}, wanted 2 to 255`);
  if (!wholeNumber(total, threshold, 255))
    throw new RangeError(`${total} shares, wanted ${threshold} to 255`);
  return split(key, total, threshold);
}

/**
 * Refuses what the library would combine in silence: x = 0, equal x, unequal lengths.
 * @throws ShardError `x-zero`, `duplicate` or `length`.
 */
export function checkShares(shares: readonly Uint8Array[]): void {
  const seen = new Set<number>();
  for (const share of shares) {
    if (share.length < 2 || share.length !== shares[0]?.length) {
      throw new ShardError('length', 'the shares differ in length');
    }
    const x = xOf(share);
    if (x === 0) throw new ShardError('x-zero', 'a share has x = 0, wanted 1 to 255');
    if (seen.has(x)) throw new ShardError('duplicate', `two shares have x = ${x}`);
    seen.add(x);
  }
}

/**
 * Recovers the key from exactly `threshold` shares. Fewer or altered shares give a wrong key without an error,
 * so the caller always compares a check value.
 */
export async function combineShares(shares: readonly Uint8Array[], threshold: number): Promise<Uint8Array> {
  if (!wholeNumber(threshold, 2, 255)) throw new RangeError(`threshold ${threshold}, wanted 2 to 255`);
  if (shares.length !== threshold) {
    throw new ShardError('threshold', `${shares.length} shares, wanted exactly ${threshold}`);
  }
  checkShares(shares);
  return combine([...shares]);
}

/**
 * The share at coordinate `x` of the polynomial through exactly `threshold` shares. Addition in GF(2^8) is XOR:
 * shifting every coordinate by x moves the wanted value to 0, where the library evaluates.
 * @throws RangeError when x is outside 1..255 or one of the shares already has it.
 */
export async function shareAt(
  shares: readonly Uint8Array[],
  threshold: number,
  x: number,
): Promise<Uint8Array> {
  if (!wholeNumber(x, 1, 255)) throw new RangeError(`x = ${x}, wanted 1 to 255`);
  const shifted = shares.map((share) => {
    if (xOf(share) === x) throw new RangeError(`the share x = ${x} is among those given`);
    const copy = Uint8Array.from(share);
    copy[copy.length - 1] = xOf(share) ^ x;
    return copy;
  });
  try {
    const y = await combineShares(shifted, threshold);
    const share = new Uint8Array(y.length + 1);
    share.set(y);
    share[y.length] = x;
    y.fill(0);
    return share;
  } finally {
    for (const copy of shifted) copy.fill(0);
  }
}
