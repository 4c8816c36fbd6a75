/** Command lines that `az` must answer alike in stand-in and real tool: what it says is in the transcripts of its releases. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { azureState } from '../../../scripts/providers/azure-key-vault/state';
import { publicPem } from '../../../scripts/providers/rsa';
import { wrap } from './sandbox';
import type { Script } from './transcripts';

const at = '--vault-name example-shards --name masterkey-shard-5';
const query = (what: string) => `az keyvault key show ${at} --query ${what} --output tsv`;
const enabled = query('attributes.enabled');

/** Unwraps the shard that the set-up wrapped to `shard.bin`. */
const decrypt = `az keyvault key decrypt ${at} --algorithm RSA-OAEP-256 --data-type base64 --value @shard.bin --query result --output tsv`;

export const azScript: Script = {
  tool: 'az',
  target: 'azure-key-vault',
  setUp: [
    'az account show --query user.name --output tsv',
    `az keyvault key create ${at} --kty RSA --size 4096 --ops decrypt encrypt --query key.kty --output tsv`,
  ],
  prepare(world, cwd) {
    const key = azureState.load(world).vaults['example-shards']?.keys['masterkey-shard-5'];
    const file = join(cwd, 'pub.pem');
    writeFileSync(file, publicPem(key?.privateKey ?? ''));
    wrap(file, 'sha256', 'mks1 the shard', join(cwd, 'shard.bin'));
    wrap(file, 'sha1', 'mks1 the shard', join(cwd, 'sha1.bin'));
  },
  cases: [
    ['state', enabled],
    ['a list', query('key.keyOps')],
    ['what is not set', query('attributes.expires')],
    ['decrypt', decrypt],
    ['another hash in the ciphertext', decrypt.replace('shard.bin', 'sha1.bin')],
    ['no such command', 'az keyvaults key show'],
    ['half a command', 'az keyvault'],
    ['an unknown option', `${enabled} --nonsense x`],
    ['a stray word', `${enabled} stray`],
    ['no vault', enabled.replace('--vault-name example-shards', '')],
    ['a missing value', 'az keyvault key show --vault-name'],
    ['no algorithm', decrypt.replace('--algorithm RSA-OAEP-256', '')],
    ['an algorithm that is none', decrypt.replace('OAEP-256', 'OAEP-512')],
    ['an operation that is none', `az keyvault key create ${at} --kty RSA --size 4096 --ops decipher`],
    ['a bad query', query('attributes.[')],
    ['an unknown key', enabled.replace('shard-5', 'shard-9')],
    ['an unknown vault', enabled.replace('example-shards', 'elsewhere')],
    ['nobody listens', enabled, 'refuse'],
    ['an unknown host', enabled, 'unknown-host'],
    ['an unknown authority', enabled, 'unknown-authority'],
    ['the service is down', decrypt, 'http-503'],
    ['throttled', decrypt, 'throttle'],
    ['denied', decrypt, 'denied'],
    ['an expired secret', enabled, 'expired-sign-in'],
    ['nobody signed in', enabled, 'no-credentials'],
    ['a changed ciphertext', decrypt, 'tampered'],
    ['a disabled key', enabled, 'key-disabled'],
    ['decryption by a disabled key', decrypt, 'key-disabled'],
    ['a deleted key', enabled, 'key-pending-deletion'],
    ['signing out', 'az account clear'],
    ['after signing out', enabled],
  ],
  // Advice follows; it changes with the tool's help.
  judged: (stderr) => stderr.replace(/\n+(?:Examples from AI|Did you mean|To learn more)[\s\S]*$/, '\n'),
};
