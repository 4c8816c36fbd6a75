/** RSA keys of the stand-ins: RSAES-OAEP of RFC 8017 section 7.1 by node:crypto; MGF1 uses the same hash, as every provider here does. */
import { constants, createPublicKey, generateKeyPairSync, privateDecrypt } from 'node:crypto';

/** Makes a private key as PKCS#8 PEM; `bits` is the length of the modulus. */
export function generatePrivateKey(bits: number): string {
  return generateKeyPairSync('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
}

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
