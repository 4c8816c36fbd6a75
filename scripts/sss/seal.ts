/** Ed25519 (RFC 8032) keys that only a MasterKey or a shard gives: seals of manifests, and receipts of shards. */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { fromHex, toHex } from '../../src/shard/format';
import { type Manifest, sealedText } from '../../src/shard/manifest';
import { type Receipt, receiptText } from '../../src/shard/turnover';

/** What stands before the 32 bytes of a private and of a public key in DER (RFC 8410). */
const PRIVATE = '302e020100300506032b657004220420';
const PUBLIC = '302a300506032b6570032100';

type Secret = ReturnType<typeof createPrivateKey>;

/** The signing key that a secret of 16 bytes or more gives for one purpose: its seed is HMAC-SHA-256(secret, purpose). */
function keyFrom(secret: Uint8Array, purpose: string): Secret {
  const seed = hmac(sha256, secret, new TextEncoder().encode(purpose));
  const der = Buffer.concat([fromHex(PRIVATE), seed]);
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    seed.fill(0);
    der.fill(0);
  }
}

const publicHex = (secret: Secret): string =>
  toHex(Uint8Array.from(createPublicKey(secret).export({ format: 'der', type: 'spki' })).subarray(-32));

const signText = (secret: Secret, text: string): string =>
  toHex(Uint8Array.from(sign(null, Buffer.from(text), secret)));

function verifyText(key: string, text: string, signature: string): boolean {
  const spki = Buffer.concat([fromHex(PUBLIC), fromHex(key)]);
  try {
    const read = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    return verify(null, Buffer.from(text), read, fromHex(signature));
  } catch {
    return false;
  }
}

const sealSecret = (key: Uint8Array) => keyFrom(key, 'mks/v1/seal');
const receiptSecret = (line: string) => keyFrom(new TextEncoder().encode(line), 'mks/v1/receipt');

/** Public key of the seals of a MasterKey: the same for each of its sets. */
export const sealKeyOf = (key: Uint8Array): string => publicHex(sealSecret(key));

/** The manifest with its seal, made with the MasterKey that it is about. */
export function sealManifest(manifest: Manifest, key: Uint8Array): Manifest {
  const secret = sealSecret(key);
  const { shards, seal: _, ...head } = manifest;
  const seal = { key: publicHex(secret), signature: signText(secret, sealedText(manifest)) };
  return { ...head, seal, shards };
}

/** True when nothing of a sealed manifest was changed by anybody who does not hold the key of its seal. */
export const sealHolds = (manifest: Manifest): boolean =>
  manifest.seal !== undefined && verifyText(manifest.seal.key, sealedText(manifest), manifest.seal.signature);

/** Public key of the receipts of a shard; `line` is its normalized text. */
export const receiptKeyOf = (line: string): string => publicHex(receiptSecret(line));

/** Signs a receipt: only who holds the text of the shard can. */
export const signReceipt = (receipt: Omit<Receipt, 'signature'>, line: string): Receipt => ({
  ...receipt,
  signature: signText(receiptSecret(line), receiptText(receipt)),
});

/** True when the receipt was signed with the shard whose public key this is. */
export const receiptHolds = (receipt: Receipt, key: string): boolean =>
  verifyText(key, receiptText(receipt), receipt.signature);
