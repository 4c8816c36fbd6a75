/** What is asked of a draw, a key and a split before they are used. Bundled apart from the file that handles keys. */
import { coefficientsOf } from '../../src/shard/field';
import { alike, healthFault, structureOf } from '../../src/shard/random';

/** What is wrong with freshly drawn bytes and with what the source gave next; undefined for nothing. */
export function drawFault(drawn: Uint8Array, next: Uint8Array): string | undefined {
  const sample = new Uint8Array(drawn.length + next.length);
  sample.set(drawn);
  sample.set(next, drawn.length);
  const fault = healthFault(sample) ?? structureOf(drawn);
  sample.fill(0);
  return fault;
}

const isPrintable = (byte: number): boolean =>
  (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;

/** How many bytes of a character follow its first one in UTF-8; 0 for a character of one byte. */
const following = (byte: number): number =>
  byte < 0xc2 || byte > 0xf4 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;

/** ASCII, UTF-8 or UTF-16 (Latin), told byte by byte: a key never becomes a string. */
export function isText(key: Uint8Array): boolean {
  let more = 0;
  const utf8 = key.every((byte) => {
    if (more > 0) {
      more -= 1;
      return byte >= 0x80 && byte < 0xc0;
    }
    more = following(byte);
    return more > 0 || isPrintable(byte);
  });
  const utf16 = [0, 1].some((high) =>
    key.every((byte, i) => (i % 2 === high ? byte === 0 : isPrintable(byte) || byte >= 0xa0)),
  );
  return (utf8 && more === 0) || utf16;
}

/**
 * What shows that a key (16 to 64 bytes) was not made by a random generator; undefined for nothing. Structure meets less
 * than 1 of 2^60 random keys; text 1 of 100,000 with 16 bytes, 1 of 10^10 with 32.
 */
export const keyFault = (key: Uint8Array): string | undefined =>
  isText(key) ? 'it is text' : structureOf(key);

/**
 * What is wrong with fresh shares of a key (16 to 64 bytes); undefined for nothing. The polynomials are computed back
 * from M shares without the library: they must begin with the key, and all their other coefficients must be random, none
 * missing, none used twice, none the key again. Refuses less than 1 of 2^50 good splits.
 */
export function splitFault(
  key: Uint8Array,
  shares: readonly Uint8Array[],
  threshold: number,
): string | undefined {
  const [constant = key, ...random] = coefficientsOf(shares.slice(0, threshold));
  const all = [key, ...random, ...shares.map((share) => share.subarray(0, -1))];
  try {
    if (!constant.every((byte, i) => byte === key[i])) return 'M shares do not give the key';
    if (random.some((row) => structureOf(row) !== undefined)) return 'a coefficient is not random';
    return all.some((row, i) => all.slice(0, i).some((other) => alike(row, other)))
      ? 'key, shares and coefficients repeat one another'
      : undefined;
  } finally {
    for (const row of [constant, ...random]) row.fill(0);
  }
}
