/** RSA-OAEP (RFC 8017, 7.1) by Node's OpenSSL: shards and keys that travel encrypted, for keys that others hold. */
import { createPrivateKey, createPublicKey, privateDecrypt, publicEncrypt } from 'node:crypto';
import { digestOf } from '../../src/shard/commitment';
import { ShardError } from '../../src/shard/format';
import type { ManifestShard, Wrapped } from '../../src/shard/manifest';
import { fingerprintWords } from '../../src/shard/words';
import { type Args, fileError, type Option, printable, refusal, usageError } from './command';
import { readLimited } from './files';

type Key = ReturnType<typeof createPublicKey>;
/** The private key of one recovery. */
export type SessionKey = Key;

/** A public RSA key with the hash that its holder can use; MGF1 takes the same one. */
export interface WrappingKey {
  key: Key;
  hash: Wrapped['hash'];
  /** SHA-256 of the DER SubjectPublicKeyInfo, 64 hex digits. */
  digest: string;
}

export const UNWRAP_OPTION: Option = {
  name: 'unwrap-with',
  value: 'FILE',
  help: 'The session key (sss session-key) for which every SHARD is wrapped.',
};

/** One file that is written encrypted. */
export const WRAP_OPTION: Omit<Option, 'help'> = { name: 'wrap-to', value: 'FILE' };

/** RSA_PKCS1_OAEP_PADDING of OpenSSL. */
const OAEP = 4;
const PEM_LIMIT = 16_384;
/** 128 bits of strength (NIST SP 800-57 part 1, table 2); above the other bound OpenSSL takes seconds. */
const [LEAST, MOST] = [3072, 8192];

/**
 * The RSA key in the PEM text of `file`; what OpenSSL says about a text that it can not read stays here.
 * @throws CliError (exit 3) for what is no such key, (exit 1) for a private one where a public one belongs and a weak one.
 */
export function rsaKeyFrom(file: string, pem: Buffer, kind: 'PUBLIC' | 'PRIVATE'): Key {
  const refuse = (what: string, hint = MAKE_ONE) => refusal(`${printable(file)}: ${what}`, hint);
  const wanted = `wanted RSA-${LEAST} to RSA-${MOST}`;
  if (kind === 'PUBLIC' && pem.includes('PRIVATE KEY'))
    throw refuse('a private key, wanted a public one', PRIVATE_GIVEN);
  let key: Key | undefined;
  try {
    // Encrypted keys and those of older formats begin with other words.
    if (pem.includes(`-----BEGIN ${kind} KEY-----`))
      key = kind === 'PUBLIC' ? createPublicKey(pem) : createPrivateKey(pem);
  } catch {}
  if (!key)
    throw fileError(`${printable(file)}: no ${kind.toLowerCase()} key in PEM, ${wanted}`, NO_PEM[kind]);
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== 'rsa') throw refuse(`a key for ${key.asymmetricKeyType}, ${wanted}`);
  if (modulusLength < LEAST || modulusLength > MOST) throw refuse(`RSA-${modulusLength}, ${wanted}`);
  if (publicExponent < 65_537n) throw refuse('an exponent below 65537');
  return key;
}

function readKey(file: string, kind: 'PUBLIC' | 'PRIVATE'): Key {
  const bytes = readLimited(file, PEM_LIMIT, 'a key');
  try {
    return rsaKeyFrom(file, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), kind);
  } finally {
    bytes.fill(0);
  }
}

const PRIVATE_GIVEN = 'Only its public half belongs here. Find out who has seen the private one.';
const MAKE_ONE =
  'sss session-key makes one for a recovery; that of a service or provider comes from its owner.';
const NO_PEM = {
  PUBLIC: 'It begins with BEGIN PUBLIC KEY; of a key in DER, openssl pkey -pubin -inform DER makes it.',
  PRIVATE: 'It begins with BEGIN PRIVATE KEY and has no passphrase: the file that sss session-key made.',
};

/** Reads the public key that an option names: `FILE`, or `FILE,sha1` for a module without OAEP with SHA-256. */
export function readWrappingKey(given: string): WrappingKey {
  const file = given.replace(/,sha1$/, '');
  if (file === '-') throw usageError('-: wanted the name of a file with a public key');
  const key = readKey(file, 'PUBLIC');
  const spki = Uint8Array.from(key.export({ format: 'der', type: 'spki' }));
  return { key, hash: file === given ? 'sha256' : 'sha1', digest: digestOf(spki) };
}

/** The key of `--unwrap-with`, if it is given. */
export const sessionKeyOf = (args: Args): Key | undefined =>
  args.has('unwrap-with') ? readKey(args.text('unwrap-with'), 'PRIVATE') : undefined;

/** The key of `--wrap-to`, if it is given. */
export const wrapToOf = (args: Args): WrappingKey | undefined =>
  args.has('wrap-to') ? readWrappingKey(args.text('wrap-to')) : undefined;

/** The bytes of a file and what a manifest records of them. */
export interface Written {
  bytes: Uint8Array;
  record: Pick<ManifestShard, 'wrapped'>;
}

/** What is written of some bytes: encrypted for `to`, and in clear without it. */
export function wrap(to: WrappingKey | undefined, clear: Uint8Array): Written {
  if (!to) return { bytes: clear, record: {} };
  const { key, hash, digest } = to;
  const bytes = Uint8Array.from(publicEncrypt({ key, padding: OAEP, oaepHash: hash }, clear));
  return { bytes, record: { wrapped: { key: digest, hash, sha256: digestOf(bytes) } } };
}

/** The end of a line of a report on what is wrapped; nothing for what is clear. */
export const wrappedFor = ({ wrapped }: Written['record']): string =>
  wrapped ? `, wrapped for ${fingerprintWords(wrapped.key)}` : '';

/**
 * Decrypts what was wrapped with SHA-256 for a session key; the caller wipes it.
 * @throws ShardError `wrapped` for anything else, `not-text` for a shard in clear.
 */
export function unwrap(key: Key, bytes: Uint8Array): Uint8Array {
  const length = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  if (bytes.length !== length) {
    if (/^\s*mks1/i.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1')))
      throw new ShardError('not-text', 'a shard in clear, and --unwrap-with takes wrapped ones', CLEAR);
    throw new ShardError(
      'wrapped',
      `${bytes.length} bytes, and what is wrapped for this key has ${length}`,
      FOREIGN,
    );
  }
  try {
    const clear = privateDecrypt({ key, padding: OAEP, oaepHash: 'sha256' }, bytes);
    const copy = Uint8Array.from(clear);
    clear.fill(0);
    return copy;
  } catch {
    throw new ShardError('wrapped', 'does not open with this session key', FOREIGN);
  }
}

const CLEAR = 'Wrap it for the session key: sss wrap reads it from a pipe.';
const FOREIGN =
  'It is damaged, or wrapped for another key: compare the words, and let its custodian wrap it again.';
