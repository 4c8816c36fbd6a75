/** Key commitment and key check value of a set: HMAC-SHA-256 (RFC 2104) keyed with the MasterKey. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { packHeader, type SetHeader, toHex } from './format';

const DOMAIN = new TextEncoder().encode('mks/v1/kcv');

/**
 * The 32-byte commitment as 64 hex digits: HMAC(key, "mks/v1/kcv" followed by the 13 header bytes).
 * Public only because the key is uniformly random and at least 16 bytes long.
 */
export function commitmentOf(key: Uint8Array, header: SetHeader): string {
  return toHex(hmac(sha256, key, Uint8Array.of(...DOMAIN, ...packHeader(header))));
}

/** The 4-byte key check value that every shard carries, 8 hex digits. */
export const kcvOf = (commitment: string): string => commitment.slice(0, 8);

/** SHA-256 of a shard line (lower case, no newline), 64 hex digits: what the manifest lists. */
export const lineDigest = (line: string): string => toHex(sha256(new TextEncoder().encode(line)));

/** SHA-256 of bytes, 64 hex digits. */
export const digestOf = (bytes: Uint8Array): string => toHex(sha256(bytes));

/** Compares two hex strings without an early exit: one of them is derived from the key. */
export function sameHex(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i += 1) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
