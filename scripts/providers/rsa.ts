/** RSA keys of the stand-ins: RSAES-OAEP of RFC 8017 section 7.1 by node:crypto; MGF1 uses the same hash, as every provider here does. */
import {
  constants,
  createPublicKey,
  generateKeyPair,
  generateKeyPairSync,
  privateDecrypt,
} from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const poolOf = (folder: string, bits: number) => join(folder, `keys-${bits}`);

/** Lays keys beside the bundled stand-ins, for runs in which making them would take most of the time. Each is used once in a world. */
export async function layKeys(folder: string, bits: number, count: number): Promise<void> {
  const pool = poolOf(folder, bits);
  mkdirSync(pool, { recursive: true, mode: 0o700 });
  const lay = async (_: unknown, index: number) => {
    const { privateKey } = await promisify(generateKeyPair)('rsa', shapeOf(bits));
    writeFileSync(join(pool, `${index}.pem`), privateKey, { mode: 0o600 });
  };
  await Promise.all(Array.from({ length: count }, lay));
}

/** The next key of the pool for the world that this process works in; undefined where there is no pool, or it is used up. */
function pooledKey(bits: number): string | undefined {
  const [, program = '', , world = ''] = process.argv;
  const pool = poolOf(dirname(program), bits);
  if (!existsSync(pool) || !existsSync(world)) return undefined;
  const counter = join(world, `keys-${bits}.used`);
  const used = existsSync(counter) ? Number(readFileSync(counter, 'utf8')) : 0;
  if (used >= readdirSync(pool).length) return undefined;
  writeFileSync(counter, String(used + 1), { mode: 0o600 });
  return readFileSync(join(pool, `${used}.pem`), 'utf8');
}

/** A private key as PKCS#8 PEM; `bits` is the length of the modulus. */
export function generatePrivateKey(bits: number): string {
  return pooledKey(bits) ?? newKey(bits);
}

const shapeOf = (bits: number) =>
  ({
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }) as const;

const newKey = (bits: number): string => generateKeyPairSync('rsa', shapeOf(bits)).privateKey;

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
