/** Heads of a trail as people carry them: `12:` and 64 hexadecimal digits, or 32 words that can be read aloud. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { fromWords, toWords } from './words';

/** A head that is known from outside the trail: a printed page, a signature, a second organization. */
export interface Anchor {
  readonly digest: string;
  /** Sequence of the record, where it is known. */
  readonly sequence: number | undefined;
}

/** `12:9f3a…` */
export function formatHead(head: { readonly sequence: number; readonly digest: string }): string {
  return `${head.sequence}:${head.digest}`;
}

/** The digest as four lines of eight words, to be printed and read aloud. */
export function headWords(digest: string): string[] {
  const words = toWords(hexToBytes(digest));
  return [0, 8, 16, 24].map((start) => words.slice(start, start + 8).join(' '));
}

const DIGITS = /^(?:([1-9][0-9]{0,15}):)?([0-9a-fA-F]{64})$/;

function ofWords(words: readonly string[]): string {
  const bytes = fromWords(words);
  if (bytes.length !== 32) throw new RangeError(`the head has ${words.length} words; wanted 32`);
  return bytesToHex(bytes);
}

/**
 * Reads `SEQUENCE:HEX`, `HEX`, 32 words, or a whole print: digits and the words below them, which have to agree.
 * Throws RangeError that says what was wanted.
 */
export function parseHead(text: string): Anchor {
  const [first = '', ...rest] = text.trim().split(/[\s,;]+/);
  const [, place, hex] = DIGITS.exec(first) ?? [];
  const sequence = place === undefined ? undefined : Number(place);
  if (hex !== undefined && (sequence === undefined || Number.isSafeInteger(sequence))) {
    const digest = hex.toLowerCase();
    if (rest.length > 0 && ofWords(rest) !== digest)
      throw new RangeError('the words are not those of the digits; one of them was copied wrong');
    return { digest, sequence };
  }
  const words = text.trim().split(/[\s,;-]+/);
  if (words.length < 2)
    throw new RangeError('the head is neither SEQUENCE:DIGEST, nor 64 hexadecimal digits, nor 32 words');
  return { digest: ofWords(words), sequence: undefined };
}
