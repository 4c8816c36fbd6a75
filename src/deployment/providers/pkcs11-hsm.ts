/** A PKCS#11 HSM: an RSA-4096 key pair on a token, decryption by RSA-PKCS-OAEP with the hash that the token knows. */
import { z } from 'zod';
import { custody, line, name, online, path, placed } from './common';
import type { ProviderKind } from './kind';
import { pkcs11HsmPermissions } from './pkcs11-hsm.permissions';

const schema = z.strictObject({
  provider: z.literal('pkcs11-hsm'),
  module: path.describe('The vendor’s PKCS#11 library.'),
  // CK_TOKEN_INFO: 32 bytes of UTF-8, filled up with blanks.
  token: name(32)
    .refine(
      (text) => text.length > 32 || new TextEncoder().encode(text).length <= 32,
      'wanted at most 32 bytes of UTF-8',
    )
    .refine(
      (text) => !text.includes('"'),
      'wanted a label without ", which no record of the audit trail can hold',
    )
    .describe('Label of the token.'),
  objectId: z.string().regex(/^([0-9a-f]{2}){1,8}$/, 'wanted hex digits in pairs, in quotes'),
  // SHA-1 unless said otherwise: every token with OAEP knows it, SoftHSM up to 2.6.1 nothing else.
  oaepHash: z
    .enum(['sha1', 'sha256'])
    .default('sha1')
    .describe('Hash of OAEP and of its MGF1: sha256 where the token knows it, sha1 where it knows no other.'),
  model: line.describe('Maker and model, for the inventory.'),
  ...placed,
  administrators: online.administrators,
  ...custody,
});

/** `04` → `0402` → `0403`: CKA_ID in hex, whose last byte counts the keys; `04ff` → `04ff02`. Eight bytes are counted on as one number. */
function nextObjectId(id: string): string {
  if (id.length < 16 && (id.length === 2 || id.endsWith('ff'))) return `${id}02`;
  return BigInt.asUintN(64, BigInt(`0x${id}`) + 1n)
    .toString(16)
    .padStart(id.length, '0');
}

/** A token in a PKCS#11 URI (RFC 7512): everything but letters, digits and - _ . ~ as percent and hex. */
const uriText = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

export const pkcs11Hsm: ProviderKind<z.infer<typeof schema>> = {
  name: 'PKCS#11 HSM',
  medium: 'wrapped',
  has: ['pin', 'device'],
  oaepHash: (shard) => shard.oaepHash,
  tool: 'pkcs11-tool',
  schema,
  permissions: pkcs11HsmPermissions,
  place: (shard) => shard.token,
  keyReference: (shard) =>
    `pkcs11:token=${uriText(shard.token)};id=%${shard.objectId.match(/../g)?.join('%')}`,
  next: (shard) => ({ objectId: nextObjectId(shard.objectId) }),
  domains: () => [],
  operator: (shard) => ({ id: `hsm-${shard.token}`, name: `HSM ${shard.token}` }),
};
