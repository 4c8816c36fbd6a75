/** RSA keys of the stand-ins: RSAES-OAEP of RFC 8017 section 7.1 by node:crypto; MGF1 uses the same hash, as every provider here does. */
import { constants, createPublicKey, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where this process finds keys that were made before, and the world that it works in. */
let pool: { readonly folder: string; readonly world: string } | undefined;

/**
 * From now on a world's first key is the pool's first, its second the second: what one world of a drill has made, the
 * others take, as making keys would take most of their time. No two keys of a world are the same.
 */
export function takeKeysFrom(folder: string, world: string): void {
  pool = existsSync(world) ? { folder, world } : undefined;
}

/** The next key of the world; made and laid into the pool where it is the first to come so far. */
function pooledKey(bits: number, { folder, world }: NonNullable<typeof pool>): string {
  const counter = join(world, `keys-${bits}.used`);
  const used = existsSync(counter) ? Number(readFileSync(counter, 'utf8')) : 0;
  writeFileSync(counter, String(used + 1), { mode: 0o600 });
  const file = join(folder, `${bits}-${used}.pem`);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const key = newKey(bits);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.${process.pid}`, key, { mode: 0o600 });
  renameSync(`${file}.${process.pid}`, file);
  return key;
}

/** A private key as PKCS#8 PEM; `bits` is the length of the modulus. */
export function generatePrivateKey(bits: number): string {
  return pool ? pooledKey(bits, pool) : newKey(bits);
}

const newKey = (bits: number): string =>
  generateKeyPairSync('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;

/** SubjectPublicKeyInfo of a private key, as PEM with a final newline. */
export function publicPem(privateKey: string): string {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string;
}

/** SubjectPublicKeyInfo of a private key, as DER. */
export function publicDer(privateKey: string): Buffer {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
}

/** Decrypts, or returns undefined where ciphertext, key and hash do not belong together. */
export function decryptOaep(
  privateKey: string,
  hash: 'sha1' | 'sha256' | 'sha512',
  ciphertext: Uint8Array,
): Buffer | undefined {
  try {
    return privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash },
      ciphertext,
    );
  } catch {
    return undefined;
  }
}
