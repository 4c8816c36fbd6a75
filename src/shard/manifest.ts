/** The public list of a set: schema `mks-manifest/1`, strict reader, and the check of one shard without a secret. */
import { kcvOf, lineDigest, sameHex } from './commitment';
import {
  keyBytesOf,
  labelOf,
  MAX_KEY_BYTES,
  MIN_KEY_BYTES,
  type Shard,
  ShardError,
  shardLabel,
  shardX,
} from './format';
import { isPlainName } from './names';

/** How a shard was encrypted when it was dealt: RSA-OAEP (RFC 8017, 7.1), for a key that its holder can use. */
export interface Wrapped {
  /** SHA-256 of the public key (DER SubjectPublicKeyInfo), 64 hex digits. */
  key: string;
  /** Of OAEP and of MGF1. */
  hash: 'sha256' | 'sha1';
  /** SHA-256 of the ciphertext, 64 hex digits. */
  sha256: string;
}

export interface ManifestShard {
  /** Shard number n, 1..N: the order of the holders at generation. */
  number: number;
  label: string;
  x: number;
  /** SHA-256 of the shard line, 64 hex digits. */
  sha256: string;
  /** Ed25519 public key of the shard, 64 hex digits: its receipts are signed with a key that the shard alone gives. */
  receiptKey?: string;
  /** Absent for a shard that was dealt in clear. */
  wrapped?: Wrapped;
  /** Who or what holds it, as stated at generation. */
  holder: string;
}

/** The set of the same key that `sss reshare` made a set from. */
export interface Origin {
  setId: string;
  generation: number;
  commitment: string;
  /** How many shards its manifest listed then. */
  shards: number;
}

/**
 * A signature over the whole manifest with a key that only the MasterKey gives: two manifests with the same seal key
 * are of the same key, and nothing in them was changed by anybody who does not hold it.
 */
export interface Seal {
  /** Ed25519 public key, 64 hex digits. */
  key: string;
  /** Over `sealedText`, 128 hex digits. */
  signature: string;
}

export interface Manifest {
  format: 'mks-manifest/1';
  keyName: string;
  keyBytes: number;
  test: boolean;
  threshold: number;
  /** N as every shard's header states it. */
  total: number;
  generation: number;
  setId: string;
  commitment: string;
  /** Absent in the first set of a key. */
  follows?: Origin;
  /** Absent in manifests of sss before 0.1.0. */
  seal?: Seal;
  /** N entries; more only after a shard was issued above N. */
  shards: ManifestShard[];
}

const KEY_NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$/;
/**
 * Control, invisible and direction-changing characters: they would let a name draw on the terminal that prints it.
 * As ranges, because compiling the Unicode property takes longer than combining a key.
 */
export const UNPRINTABLE =
  '\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff';

const isHolder = (holder: unknown): boolean =>
  typeof holder === 'string' &&
  holder.length <= 120 &&
  isPlainName(holder) &&
  !/mks1[a-z0-9]{6}/i.test(holder);

/** @throws ShardError when the name could not stand in a file, a log or a command. */
export function checkKeyName(name: string): void {
  if (!KEY_NAME.test(name)) {
    throw new ShardError('manifest', 'a key name has 1 to 64 letters, digits, dots, dashes or slashes');
  }
}

/** @throws ShardError when the text is empty, too long, holds anything that can't be seen, or looks like a shard. */
export function checkHolder(holder: string): void {
  if (isHolder(holder)) return;
  const hint = 'Type it again: no invisible character, no blank at an end, no two blanks side by side.';
  throw new ShardError('manifest', 'a holder is 1 to 120 characters of plain text, and never a shard', hint);
}

type Field = [name: string, good: (value: unknown) => boolean, wanted: string];
const text = (pattern: RegExp) => (v: unknown) => typeof v === 'string' && pattern.test(v);
const whole = (low: number, high: number) => (v: unknown) =>
  typeof v === 'number' && Number.isInteger(v) && v >= low && v <= high;

const SET_ID: Field = ['setId', text(/^[0-9a-f]{16}$/), '16 hex digits'];
const GENERATION: Field = ['generation', whole(1, 65535), '1 to 65535'];
const digest = (name: string): Field => [name, text(/^[0-9a-f]{64}$/), '64 hex digits'];
const COMMITMENT = digest('commitment');
const ORIGIN_FIELDS = [SET_ID, GENERATION, COMMITMENT, ['shards', whole(2, 255), '2 to 255'] as Field];
const SIGNATURE: Field = ['signature', text(/^[0-9a-f]{128}$/), '128 hex digits'];
const SEAL_FIELDS = [digest('key'), SIGNATURE];
const HASH: Field = ['hash', text(/^sha(256|1)$/), 'sha256 or sha1'];
const WRAPPED_FIELDS = [digest('key'), HASH, digest('sha256')];
const FIELDS: Field[] = [
  ['format', (v) => v === 'mks-manifest/1', 'mks-manifest/1'],
  ['keyName', text(KEY_NAME), 'a key name'],
  ['keyBytes', whole(MIN_KEY_BYTES, MAX_KEY_BYTES), `${MIN_KEY_BYTES} to ${MAX_KEY_BYTES}`],
  ['test', (v) => typeof v === 'boolean', 'true or false'],
  ['threshold', whole(2, 255), '2 to 255'],
  ['total', whole(2, 255), '2 to 255'],
  GENERATION,
  SET_ID,
  COMMITMENT,
  ['follows', (v) => v === undefined || typeof v === 'object', 'the set before it'],
  ['seal', (v) => v === undefined || typeof v === 'object', 'key and signature'],
  ['shards', (v) => Array.isArray(v), 'a list'],
];
const SHARD_FIELDS: Field[] = [
  ['number', whole(1, 255), '1 to 255'],
  ['label', text(/^[0-9A-F]{4}-\d{3}$/), 'a label such as 9F3A-083'],
  ['x', whole(1, 255), '1 to 255'],
  digest('sha256'),
  ['receiptKey', (v) => v === undefined || text(/^[0-9a-f]{64}$/)(v), '64 hex digits'],
  ['wrapped', (v) => v === undefined || typeof v === 'object', 'key, hash and sha256'],
  ['holder', isHolder, '1 to 120 characters of plain text'],
];

function checkFields(value: unknown, fields: Field[], where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ShardError('manifest', `${where} is not an object`);
  }
  const object = value as Record<string, unknown>;
  for (const [name, good, wanted] of fields) {
    if (!good(object[name])) throw new ShardError('manifest', `${where}: ${name} must be ${wanted}`);
  }
  const extra = Object.keys(object).find((name) => !fields.some(([known]) => known === name));
  if (extra !== undefined)
    throw new ShardError('manifest', `${where} has a field that version 1 doesn't know`);
  return object;
}

/**
 * Reads a manifest; every field is checked, unknown fields are refused.
 * @throws ShardError `manifest` with the field and what was wanted.
 */
export function parseManifest(json: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new ShardError('manifest', 'not a manifest: this is not JSON');
  }
  const manifest = checkFields(value, FIELDS, 'the manifest') as unknown as Manifest;
  if (manifest.follows !== undefined) checkFields(manifest.follows, ORIGIN_FIELDS, 'the manifest, follows');
  if (manifest.seal !== undefined) checkFields(manifest.seal, SEAL_FIELDS, 'the manifest, seal');
  else if (manifest.follows !== undefined) {
    throw new ShardError('manifest', 'the manifest: follows needs a seal, and there is none');
  }
  if ((manifest.follows?.generation ?? 0) >= manifest.generation) {
    throw new ShardError(
      'manifest',
      'the manifest: generation must be higher than that of the set it follows',
    );
  }
  const seen = new Set<number>();
  for (const [i, entry] of manifest.shards.entries()) {
    const where = `the manifest, shard ${i + 1}`;
    const { number, x, label, wrapped } = checkFields(entry, SHARD_FIELDS, where) as unknown as ManifestShard;
    if (wrapped !== undefined) checkFields(wrapped, WRAPPED_FIELDS, `${where}, wrapped`);
    if (wrapped !== undefined && !manifest.seal)
      throw new ShardError('manifest', `${where}: wrapped needs a seal, and there is none`);
    if (number !== i + 1) throw new ShardError('manifest', `${where}: number must be ${i + 1}`);
    if (label !== shardLabel(manifest.setId, x)) {
      throw new ShardError('manifest', `${where}: the label doesn't follow from set id and x`);
    }
    if (seen.has(x)) throw new ShardError('manifest', `${where}: x is listed twice`);
    seen.add(x);
  }
  if (manifest.threshold > manifest.total || manifest.shards.length < manifest.total) {
    const found = `M = ${manifest.threshold}, N = ${manifest.total}, ${manifest.shards.length} shards listed`;
    throw new ShardError('manifest', `the manifest contradicts itself: ${found}`);
  }
  return manifest;
}

/** The one byte form of a manifest: what is hashed and signed. */
export const formatManifest = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`;

/** What the seal signs: every field but the seal, as values in a fixed order, so that no reordering matters. */
export function sealedText(manifest: Manifest): string {
  const { format, keyName, keyBytes, test, threshold, total, generation, setId, commitment, follows } =
    manifest;
  const header = [format, keyName, keyBytes, test, threshold, total, generation, setId, commitment];
  const origin = follows ? [follows.setId, follows.generation, follows.commitment, follows.shards] : null;
  const shards = manifest.shards.map((s) => [
    s.number,
    s.label,
    s.x,
    s.sha256,
    s.receiptKey ?? null,
    s.holder,
    // Nothing more in a row without it, so that older seals hold.
    ...(s.wrapped ? [[s.wrapped.key, s.wrapped.hash, s.wrapped.sha256]] : []),
  ]);
  return `mks/v1/seal\n${JSON.stringify([...header, origin, shards])}`;
}

type SetFacts = Omit<Shard, 'share'>;

/** The first fact in which two sets differ, with the value in each; undefined when it is one set. */
export function setDifference(a: SetFacts, b: SetFacts): [what: string, a: string, b: string] | undefined {
  const kind = ({ test }: SetFacts) => (test ? 'a TEST shard' : 'a real shard');
  const facts: [what: string, of: (set: SetFacts) => string | number][] = [
    ['kind', kind],
    ['generation', (set) => set.generation],
    ['set', (set) => set.setId],
    ['M =', (set) => set.threshold],
    ['N =', (set) => set.total],
    ['check value', (set) => set.kcv],
  ];
  for (const [what, of] of facts) if (of(a) !== of(b)) return [what, String(of(a)), String(of(b))];
  return undefined;
}

/**
 * Checks that a shard belongs to the set of a manifest.
 * @throws ShardError `test` or `foreign` with what was found and wanted.
 */
export function checkSameSet(found: Shard, wanted: SetFacts): void {
  const [what, a, b] = setDifference(found, wanted) ?? [];
  if (what === undefined) return;
  if (what === 'kind')
    throw new ShardError('test', `${a}, and the set is ${wanted.test ? 'a TEST set' : 'real'}`);
  const message = `a shard of another set: ${what} ${a}, wanted ${b}`;
  throw new ShardError('foreign', message, 'Leave this shard out.');
}

/**
 * Checks one shard against the manifest, alone and without a secret; `line` is its normalized text.
 * @returns its entry. @throws ShardError `test`, `foreign` or `altered`.
 */
export function checkListed(manifest: Manifest, shard: Shard, line: string): ManifestShard {
  checkSameSet(shard, { ...manifest, kcv: kcvOf(manifest.commitment) });
  if (keyBytesOf(shard) !== manifest.keyBytes) {
    const found = `a share of ${keyBytesOf(shard)} bytes, and the manifest says ${manifest.keyBytes}`;
    throw new ShardError('altered', `altered: ${found}`);
  }
  const entry = manifest.shards.find(({ x }) => x === shardX(shard));
  const hint =
    'No slip of typing: its checksum is right. Compare the digest of the manifest with the Ceremony Log; if it is the same, treat the shard as tampered with: keep it, log it.';
  if (!entry) {
    const newest = `Is this the newest manifest of the set (reissue --raise-n makes one)? If it is: ${hint}`;
    throw new ShardError('altered', `altered: the manifest lists no shard ${labelOf(shard)}`, newest);
  }
  if (!sameHex(entry.sha256, lineDigest(line))) {
    throw new ShardError('altered', `altered: not the text of ${entry.label} that the manifest lists`, hint);
  }
  return entry;
}
