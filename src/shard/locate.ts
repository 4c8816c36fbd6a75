/** Points at one or two wrong characters of a shard line by the syndrome of its bech32m checksum (BIP-350). */
import { ALPHABET, normalizeShard, PREFIX } from './format';

const START = PREFIX.length + 1;
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const BECH32M = 0x2bc830a3;
/** Length of a line for keys of 16, 24, 32, 48 and 64 bytes. */
const USUAL = [65, 78, 90, 116, 142];

/** Indices count from 0 in the line without spaces. */
export type Finding =
  | { kind: 'fine' }
  /** Characters that no shard line holds. */
  | { kind: 'impossible'; at: number[] }
  /** One or two substituted characters (two also when neighbors were swapped). */
  | { kind: 'wrong'; at: number[] }
  /** One character is missing before the index, or the one there is extra. */
  | { kind: 'missing' | 'extra'; at: number[] }
  | { kind: 'unknown'; length: number; usual: number };

function step(sum: number, value: number): number {
  let next = ((sum & 0x1ffffff) << 5) ^ value;
  for (const [i, g] of GENERATOR.entries()) if ((sum >>> (25 + i)) & 1) next ^= g;
  return next;
}

/** 0 for a line with a right checksum; otherwise a value that depends on the errors alone, not on the shard. */
function syndrome(words: readonly number[]): number {
  const codes = [...PREFIX].map((c) => c.charCodeAt(0));
  return [...codes.map((c) => c >> 5), 0, ...codes.map((c) => c & 31), ...words].reduce(step, 1) ^ BECH32M;
}

/**
 * Finds where a line was mistyped. The right characters are computable but never given: the operator reads them
 * from the sheet.
 * @throws ShardError when the text can't be a shard line at all.
 */
export function locate(text: string): Finding {
  const line = normalizeShard(text);
  const words = [...line.slice(START)].map((c) => ALPHABET.indexOf(c));
  const impossible = words.flatMap((word, i) => (word < 0 ? START + i : []));
  if (impossible.length > 0) return { kind: 'impossible', at: impossible };
  const target = syndrome(words);
  if (target === 0) return { kind: 'fine' };
  const usual = USUAL.reduce((a, b) => (Math.abs(b - line.length) < Math.abs(a - line.length) ? b : a));
  if (line.length === usual) {
    const at = substitutions(words.length, target);
    if (at) return { kind: 'wrong', at: at.map((i) => START + i) };
  }
  const missing = words.length + START < usual ? insertions(words) : [];
  if (missing.length > 0) return { kind: 'missing', at: missing.map((i) => START + i) };
  const extra = words.flatMap((_, i) => (syndrome(words.toSpliced(i, 1)) === 0 ? START + i : []));
  if (extra.length > 0) return { kind: 'extra', at: extra };
  return { kind: 'unknown', length: line.length, usual };
}

/** The one or two positions whose errors add up to the syndrome; undefined when none or several pairs do. */
function substitutions(length: number, target: number): number[] | undefined {
  const positions = new Map<number, number>();
  for (let i = 0; i < length; i += 1) {
    for (let error = 1; error < 32; error += 1) {
      let sum = error;
      for (let k = i + 1; k < length; k += 1) sum = step(sum, 0);
      positions.set(sum, i);
    }
  }
  const one = positions.get(target);
  if (one !== undefined) return [one];
  const pairs = [...positions].flatMap(([sum, i]) => {
    const j = positions.get(sum ^ target);
    return j !== undefined && j > i ? [[i, j]] : [];
  });
  return pairs.length === 1 ? pairs[0] : undefined;
}

function insertions(words: readonly number[]): number[] {
  const at: number[] = [];
  for (let i = 0; i <= words.length; i += 1) {
    if ([...ALPHABET].some((_, word) => syndrome(words.toSpliced(i, 0, word)) === 0)) at.push(i);
  }
  return at;
}
