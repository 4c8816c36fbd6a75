/**
 * What uniformly random bytes practically never show. It finds sources that failed and keys that were made up; it can not
 * find a generator that somebody can predict.
 */

/** Bits by which a pattern must be rarer than one key: together the patterns meet less than 1 of 2^60 random keys. */
const BITS = 64;

const log2Choose = (n: number, k: number): number => {
  let bits = 0;
  for (let i = 0; i < k; i += 1) bits += Math.log2((n - i) / (k - i));
  return bits;
};

/** Bits of the chance that at least `same` of `n` pairs of random bytes are equal. */
export const equalBits = (n: number, same: number): number => 8 * same - log2Choose(n, same);
/** Bits of the chance that `n` random bytes have at most `few` values. */
export const fewBits = (n: number, few: number): number => n * Math.log2(256 / few) - log2Choose(256, few);
/** Bits of the chance that `n` random bytes lie within a range of `width` values. */
export const rangeBits = (n: number, width: number): number => n * Math.log2(256 / width) - 8;

const countEqual = (a: Uint8Array, b: Uint8Array): number => a.filter((byte, i) => byte === b[i]).length;

/** True when two rows of random bytes would not agree in so many places. */
export const alike = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && equalBits(a.length, countEqual(a, b)) >= BITS + 16;

/** The structure that these 16 to 64 bytes have and random ones have not (less than 1 of 2^60); undefined for none. */
export function structureOf(bytes: Uint8Array): string | undefined {
  const few = (part: Uint8Array) => fewBits(part.length, new Set(part).size) >= BITS;
  const every = (step: number, from: number) => bytes.filter((_, i) => i % step === from);
  if ([1, 2, 4].some((step) => [...Array(step).keys()].some((from) => few(every(step, from)))))
    return 'too few different bytes';
  // Counters of one, two, four and eight bytes.
  if ([1, 2, 4, 8].some((lag) => few(bytes.subarray(lag).map((byte, i) => byte - (bytes[i] ?? 0)))))
    return 'its bytes count up or down';
  if (rangeBits(bytes.length, Math.max(...bytes) - Math.min(...bytes) + 1) >= BITS)
    return 'its bytes lie close together';
  for (let shift = 1; shift < bytes.length; shift += 1) {
    const rest = bytes.subarray(shift);
    if (equalBits(rest.length, countEqual(rest, bytes)) >= BITS) return 'a block of it repeats';
  }
  return undefined;
}

/** A value comes so much more or less often than `expected` that one of 2^49 samples shows it (Chernoff's bound). */
const unlikely = (count: number, expected: number): boolean =>
  count * Math.log(Math.max(count, 1) / expected) - count + expected > 34;

/**
 * The health tests: what is wrong with a sample of a random source, undefined for nothing. Repetition count and
 * proportion follow NIST SP 800-90B, 4.4, for eight bits of entropy a byte; a block that comes twice shows a source that
 * gives the same again. All three see total failure only. It refuses less than 1 of 2^38 good samples of up to 64 KiB.
 */
export function healthFault(sample: Uint8Array): string | undefined {
  const counts = new Uint32Array(256);
  const seen = new Set<bigint>();
  const view = new DataView(sample.buffer, sample.byteOffset, sample.length);
  let run = 0;
  for (const [i, byte] of sample.entries()) {
    counts[byte] = (counts[byte] ?? 0) + 1;
    run = byte === sample[i - 1] ? run + 1 : 1;
    if (run === 8) return 'a byte repeats';
    if (i + 10 > sample.length) continue;
    // Ten bytes: 64 KiB have 2^31 pairs of places.
    const block = (view.getBigUint64(i) << 16n) | BigInt(view.getUint16(i + 8));
    if (seen.has(block)) return 'a block repeats';
    seen.add(block);
  }
  return counts.some((count) => unlikely(count, sample.length / 256))
    ? 'a value is too frequent or too rare'
    : undefined;
}
