/** Bytes of a trail to lines, and what an interrupted append leaves behind. */
import type { Head } from './chain';

/** One array of several; the only one as it is. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Lines of a block that ends with a newline, without their newlines; undefined for a line that is not valid UTF-8. */
export function* splitDecoded(block: Uint8Array): Generator<string | undefined> {
  const text = decoded(block);
  if (text !== undefined) {
    for (let start = 0; start < text.length; ) {
      const end = text.indexOf('\n', start);
      yield text.slice(start, end);
      start = end + 1;
    }
    return;
  }
  // Somewhere in the block a byte is wrong: line by line, to name the right one.
  for (let start = 0; start < block.length; ) {
    const end = block.indexOf(0x0a, start);
    yield decoded(block.subarray(start, end));
    start = end + 1;
  }
}

function isPrefixOfEither(found: string, wanted: string): boolean {
  return wanted.startsWith(found) || found.startsWith(wanted);
}

/** Tells whether an unfinished last line can be the beginning of the record that comes after `head`. */
export function isTornRecord(rest: string, head: Head): boolean {
  if (!isPrefixOfEither(rest, '{"action":"')) return false;
  // A cut inside a character leaves one replacement character at the very end.
  if (/[\p{Cc}\\]|\uFFFD./u.test(rest)) return false;
  const previous = /"previous":"([^"]*)/.exec(rest)?.[1];
  if (previous !== undefined && !head.digest.startsWith(previous)) return false;
  const sequence = /"sequence":([0-9]*)(,?)/.exec(rest);
  if (!sequence) return true;
  const wanted = String(head.sequence + 1);
  return sequence[2] === ',' ? sequence[1] === wanted : wanted.startsWith(sequence[1] as string);
}

/** Zeros that a file may end with after a power cut; a longer stretch is no interrupted append. */
export const MAX_ZERO_TAIL = 1 << 20;

/** Fewer after the beginning of a record are no hole: a file system leaves blocks. */
const MIN_ZERO_TAIL = 16;

/** Zero bytes at the end of an array. */
export function trailingZeros(bytes: Uint8Array): number {
  let at = bytes.length;
  while (at > 0 && bytes[at - 1] === 0) at--;
  return bytes.length - at;
}

/**
 * Tells whether what stands after the last newline can be what a crash or a power cut left of an append: the beginning
 * of the next record, zeros where a block did not reach the disk, or both.
 * @param rest Without the zeros.
 */
export function isTornEnd(rest: Uint8Array, zeros: number, head: Head): boolean {
  if (zeros > MAX_ZERO_TAIL) return false;
  if (rest.length === 0) return zeros > 0;
  if (zeros > 0 && zeros < MIN_ZERO_TAIL) return false;
  return isTornRecord(new TextDecoder('utf-8').decode(rest), head);
}

/** Sequence of the record on the first line of a file, of which `start` is the beginning; infinity for what is no record. Puts files in order. */
export function firstSequence(start: string): number {
  const line = start.slice(0, start.indexOf('\n') + 1);
  return Number(/"sequence":([0-9]{1,15})[,}]/.exec(line)?.[1] ?? Number.POSITIVE_INFINITY);
}

/** Items in the order of the sequences of their files; those that are no trail stand last. */
export function inOrderOf<T>(items: readonly (readonly [item: T, first: number])[]): T[] {
  return [...items].sort(([, a], [, b]) => (a === b ? 0 : a - b)).map(([item]) => item);
}
