/** Shard text format v1 (`mks1…`): bech32m (BIP-350) over a 17-byte header and one share in Vault's layout. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { bech32m } from '@scure/base';

export const PREFIX = 'mks';
export const HEADER_BYTES = 13;
const KCV_BYTES = 4;
export const MIN_KEY_BYTES = 16;
export const MAX_KEY_BYTES = 64;
/** The 32 characters of bech32, in value order. */
export const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** What all shards of one set have in common; the 13 bytes that the commitment binds. */
export interface SetHeader {
  test: boolean;
  /** M, 2..255. */
  threshold: number;
  /** N, M..255. */
  total: number;
  /** 1..65535. */
  generation: number;
  /** 16 lower-case hex digits, random per split. */
  setId: string;
}

/** One shard, decoded. `share` is `y_1..y_L` then `x`, the layout of HashiCorp Vault and OpenBao. */
export interface Shard extends SetHeader {
  /** 8 lower-case hex digits: the first 4 bytes of the commitment. */
  kcv: string;
  share: Uint8Array;
}

export type ShardErrorCode =
  | 'empty'
  | 'not-text'
  | 'prefix'
  | 'case'
  | 'characters'
  | 'checksum'
  | 'length'
  | 'header'
  | 'x-zero'
  | 'test'
  | 'foreign'
  | 'duplicate'
  | 'altered'
  | 'threshold'
  | 'commitment'
  | 'wrapped'
  | 'manifest';

/** A shard, a set or a manifest that must be refused. The message never quotes any of a shard's text. */
export class ShardError extends RangeError {
  constructor(
    readonly code: ShardErrorCode,
    message: string,
    readonly hint = '',
  ) {
    super(message);
    this.name = 'ShardError';
  }
}

/** Bytes as lower-case hex. */
export const toHex = (bytes: Uint8Array): string => bytesToHex(bytes);

/**
 * Hex digits of either case as bytes.
 * @throws TypeError when it is no string, RangeError for an odd number of digits or another character; neither quotes it.
 */
export function fromHex(text: string): Uint8Array {
  if (typeof text !== 'string') throw new TypeError(`hex must be a string, found ${typeof text}`);
  if (!/^([0-9a-f]{2})*$/i.test(text))
    throw new RangeError('not hex: wanted pairs of the digits 0 to 9 and a to f');
  return hexToBytes(text);
}

/** Packs the 13 header bytes: version and flags, M, N, generation (big endian), set id. */
export function packHeader(header: SetHeader): Uint8Array {
  checkNumbers(header);
  const bytes = new Uint8Array(HEADER_BYTES);
  bytes.set([0x10 | (header.test ? 1 : 0), header.threshold, header.total]);
  bytes.set([header.generation >> 8, header.generation & 0xff], 3);
  bytes.set(fromHex(header.setId), 5);
  return bytes;
}

function checkNumbers({ threshold, total, generation, setId }: SetHeader): void {
  const whole = (n: number, low: number, high: number) => Number.isInteger(n) && n >= low && n <= high;
  if (!whole(threshold, 2, 255))
    throw new ShardError('header', `threshold M = ${threshold}, wanted 2 to 255`);
  if (!whole(total, threshold, 255)) {
    throw new ShardError('header', `number of shards N = ${total}, wanted ${threshold} to 255`);
  }
  if (!whole(generation, 1, 65535)) {
    throw new ShardError('header', `generation ${generation}, wanted 1 to 65535`);
  }
  if (!/^[0-9a-f]{16}$/.test(setId))
    throw new ShardError('header', 'set id must be 16 lower-case hex digits');
}

/** The shard's name in speech and print: first four hex digits of the set id, and x in three decimal digits. */
export function shardLabel(setId: string, x: number): string {
  return `${setId.slice(0, 4).toUpperCase()}-${String(x).padStart(3, '0')}`;
}

/** The x coordinate: the last byte of the share, 1..255. */
export const shardX = (shard: Shard): number => shard.share[shard.share.length - 1] ?? 0;
export const labelOf = (shard: Shard): string => shardLabel(shard.setId, shardX(shard));
/** Length of the key in bytes. */
export const keyBytesOf = (shard: Shard): number => shard.share.length - 1;

/**
 * Encodes a shard as one lower-case line without a newline; 90 characters for a 32-byte key.
 * @throws ShardError when a field is outside its range.
 */
export function formatShard(shard: Shard): string {
  const length = keyBytesOf(shard);
  if (length < MIN_KEY_BYTES || length > MAX_KEY_BYTES) {
    throw new ShardError('length', `key of ${length} bytes, wanted ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES}`);
  }
  if (shardX(shard) === 0) throw new ShardError('x-zero', 'x is 0, wanted 1 to 255');
  if (!/^[0-9a-f]{8}$/.test(shard.kcv)) throw new ShardError('header', 'check value must be 8 hex digits');
  const bytes = new Uint8Array(HEADER_BYTES + KCV_BYTES + shard.share.length);
  bytes.set(packHeader(shard));
  bytes.set(fromHex(shard.kcv), HEADER_BYTES);
  bytes.set(shard.share, HEADER_BYTES + KCV_BYTES);
  try {
    return bech32m.encode(PREFIX, bech32m.toWords(bytes), false);
  } finally {
    bytes.fill(0);
  }
}

/** Characters of the line of a shard of a key with `bytes` bytes: prefix, separator, 5 bits a character, checksum of 6. */
export function shardLength(bytes: number): number {
  const payload = HEADER_BYTES + KCV_BYTES + bytes + 1;
  return PREFIX.length + 1 + Math.ceil((payload * 8) / 5) + 6;
}

/** The form for paper: upper case in groups of five, `perLine` groups a line. */
export function printShard(line: string, perLine = 6): string {
  const groups = line.toUpperCase().match(/.{1,5}/g) ?? [];
  return groups.map((group, i) => (i === 0 ? '' : i % perLine === 0 ? '\n' : ' ') + group).join('');
}

/** Position for a human: counted from 1, and as group and character within the groups of five on paper. */
export function describePosition(index: number): string {
  return `character ${index + 1} (group ${Math.floor(index / 5) + 1}, character ${(index % 5) + 1})`;
}

/**
 * Removes spaces and line breaks and folds upper case; refuses whatever can't be a shard line at all.
 * @throws ShardError `empty`, `not-text`, `case` or `prefix`.
 */
export function normalizeShard(text: string): string {
  const compact = text.replace(/[ \t\r\n]/g, '');
  if (compact === '') throw new ShardError('empty', 'empty, wanted one shard line that starts with mks1');
  if (!/^[\x21-\x7e]{1,1000}$/.test(compact)) {
    const hint =
      'Save the line as plain text (ASCII, no byte order mark), and nothing else in the file. A wrapped shard needs --unwrap-with.';
    throw new ShardError(
      'not-text',
      'not a shard: wanted one line of plain text that starts with mks1',
      hint,
    );
  }
  const lower = compact.toLowerCase();
  if (!lower.startsWith(`${PREFIX}1`)) {
    const hint = 'The letters M, K, S and the digit 1 (one), then no further 1. Is it the right file?';
    throw new ShardError('prefix', 'not a shard: a shard line starts with mks1', hint);
  }
  if (lower.lastIndexOf(`${PREFIX}1`) > 0) {
    throw new ShardError(
      'not-text',
      'more than one shard, wanted one',
      'Put each shard into a file of its own.',
    );
  }
  if (compact !== lower && compact !== compact.toUpperCase()) {
    throw new ShardError('case', 'upper and lower case are mixed', 'Type the whole line in one case.');
  }
  return lower;
}

/**
 * Decodes one shard text; accepts upper case, spaces and line breaks, and corrects nothing.
 * @throws ShardError with the reason; its message never quotes the text.
 */
export function parseShard(text: string): Shard {
  const line = normalizeShard(text);
  for (let i = PREFIX.length + 1; i < line.length; i += 1) {
    if (!ALPHABET.includes(line[i] ?? '')) {
      const never = 'A shard line never holds the characters 1 (after mks1), b, i or o.';
      throw new ShardError('characters', `${describePosition(i)} can't stand in a shard line`, never);
    }
  }
  const bytes = decode(line);
  const [first = 0, threshold = 0, total = 0, high = 0, low = 0] = bytes;
  if (first >> 4 !== 1) throw new ShardError('header', `shard format version ${first >> 4}, wanted 1`);
  if ((first & 0x0e) !== 0) throw new ShardError('header', 'a reserved flag bit is set');
  const start = HEADER_BYTES + KCV_BYTES;
  const length = bytes.length - start - 1;
  if (length < MIN_KEY_BYTES || length > MAX_KEY_BYTES) {
    const wanted = `${start + 1 + MIN_KEY_BYTES} to ${start + 1 + MAX_KEY_BYTES}`;
    throw new ShardError('length', `shard of ${bytes.length} bytes, wanted ${wanted}`);
  }
  const shard: Shard = {
    test: (first & 1) === 1,
    threshold,
    total,
    generation: high * 256 + low,
    setId: toHex(bytes.slice(5, HEADER_BYTES)),
    kcv: toHex(bytes.slice(HEADER_BYTES, start)),
    share: bytes.slice(start),
  };
  checkNumbers(shard);
  if (shardX(shard) === 0) {
    const hint =
      'x = 0 lets one holder choose the key. Treat this shard as forged: stop, and tell the witness.';
    throw new ShardError('x-zero', 'x is 0, wanted 1 to 255', hint);
  }
  return shard;
}

/** The library quotes the whole text in its messages, so nothing of what it throws leaves this function. */
function decode(line: string): Uint8Array {
  const words = bech32m.decodeUnsafe(line, false)?.words;
  if (!words) {
    const hint =
      'A character is wrong, missing or extra: `sss locate` points at one or two wrong characters.';
    throw new ShardError('checksum', 'the checksum is wrong', hint);
  }
  const bytes = bech32m.fromWordsUnsafe(words);
  if (!bytes) throw new ShardError('length', 'the data is not a whole number of bytes');
  return Uint8Array.from(bytes);
}
