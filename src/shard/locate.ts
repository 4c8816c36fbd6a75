/** Points at one or two wrong characters of a shard line by the syndrome of its bech32m checksum (BIP-350). */
import {
  ALPHABET,
  MAX_KEY_BYTES,
  MIN_KEY_BYTES,
  normalizeShard,
  PREFIX,
  parseShard,
  shardLength,
} from './format';
import { type Retyped, retypings } from './layouts';

const START = PREFIX.length + 1;
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const BECH32M = 0x2bc830a3;
/** Every length that a line can have. */
const LENGTHS = new Set(
  Array.from({ length: MAX_KEY_BYTES - MIN_KEY_BYTES + 1 }, (_, i) => shardLength(MIN_KEY_BYTES + i)),
);

/** Indices count from 0 in the line without spaces. */
export type Finding =
  | { kind: 'fine' }
  /** Characters that no shard line holds. */
  | { kind: 'impossible'; at: number[] }
  /** One or two substituted characters (two also when neighbors were swapped). */
  | { kind: 'wrong'; at: number[] }
  /** One character is missing before the index, or the one there is extra. */
  | { kind: 'missing' | 'extra'; at: number[] }
  /** Typed on the keys of one layout and read as another: `text` is a proposal, and as secret as the shard. */
  | ({ kind: 'layout' } & Retyped)
  /** More than that; `possible` tells whether a line can have this length at all. */
  | { kind: 'unknown'; length: number; possible: boolean };

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

/** The mix-up of keyboard layouts that explains a whole line: only a right checksum counts (one in 10^8 by chance). */
function findLayout(text: string): Retyped | undefined {
  // A shard line has some hundred characters; nothing longer is tried.
  if (text.length > 2000) return undefined;
  return retypings(text).find((one) => {
    try {
      parseShard(one.text).share.fill(0);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Finds where a line was mistyped. The right characters are computable but never given: the operator reads them
 * from the sheet. Only a whole line whose keys were mixed up is given, as a proposal.
 * @throws ShardError when the text can't be a shard line at all.
 */
export function locate(text: string): Finding {
  const layout = findLayout(text);
  if (layout) return { kind: 'layout', ...layout };
  const line = normalizeShard(text);
  const words = [...line.slice(START)].map((c) => ALPHABET.indexOf(c));
  const impossible = words.flatMap((word, i) => (word < 0 ? START + i : []));
  if (impossible.length > 0) return { kind: 'impossible', at: impossible };
  const target = syndrome(words);
  if (target === 0) return { kind: 'fine' };
  const found = (kind: 'wrong' | 'missing' | 'extra', at: number[]): Finding => ({
    kind,
    at: at.map((i) => START + i),
  });
  const possible = LENGTHS.has(line.length);
  // By chance a single slip fits once in some 300,000 lines, and a pair of places once in some 300.
  const sums = errorSums(words.length);
  const one = sums.get(target);
  if (possible && one !== undefined) return found('wrong', [one]);
  const missing = LENGTHS.has(line.length + 1) ? insertions(words) : [];
  if (missing.length > 0) return found('missing', missing);
  const extra = LENGTHS.has(line.length - 1)
    ? words.flatMap((_, i) => (syndrome(words.toSpliced(i, 1)) === 0 ? i : []))
    : [];
  if (extra.length > 0) return found('extra', extra);
  const pair = possible ? onlyPair(sums, target) : undefined;
  return pair ? found('wrong', pair) : { kind: 'unknown', length: line.length, possible };
}

/** What each single error adds to the syndrome, and its place. */
function errorSums(length: number): Map<number, number> {
  const positions = new Map<number, number>();
  for (let i = 0; i < length; i += 1) {
    for (let error = 1; error < 32; error += 1) {
      let sum = error;
      for (let k = i + 1; k < length; k += 1) sum = step(sum, 0);
      positions.set(sum, i);
    }
  }
  return positions;
}

/** The two places whose errors add up to the syndrome; undefined when none or several pairs do. */
function onlyPair(sums: ReadonlyMap<number, number>, target: number): number[] | undefined {
  const pairs = [...sums].flatMap(([sum, i]) => {
    const j = sums.get(sum ^ target);
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
