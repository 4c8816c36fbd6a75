/** Command lines that `pkcs11-tool` must answer alike on openCryptoki's soft token and in its stand-in: both hashes of OAEP, numbered slots, a PIN that locks. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shards, wrap } from './sandbox';
import type { Script } from './transcripts';

const module = '/usr/lib/x86_64-linux-gnu/libopencryptoki.so.0';
const tool = `pkcs11-tool --module ${module}`;
const token = `${tool} --slot 0x3`;
const user = '--login --pin env:HSM_PIN';
const unwrap = (hash: string, mgf: string, file: string) =>
  `${token} ${user} --decrypt --mechanism RSA-PKCS-OAEP --hash-algorithm ${hash} --mgf ${mgf} --id 04 --input-file ${file}`;
const slots = `${tool} --list-token-slots`;
const wrongPin = `${tool} --slot 0x2 --login --pin env:BAD_PIN --list-objects`;

export const openCryptokiScript: Script = {
  tool: 'pkcs11-tool',
  target: 'pkcs11-hsm',
  held: shards.map((shard) => (shard.provider === 'pkcs11-hsm' ? { ...shard, module } : shard)),
  env: ({ userPins }) => ({ HSM_PIN: userPins['masterkey-hsm'] ?? '', BAD_PIN: '0000000' }),
  setUp: [
    slots,
    `${token} ${user} --keypairgen --key-type rsa:2048 --id 04 --label shard-4`,
    `${token} --read-object --type pubkey --id 04 --output-file pub.der`,
  ],
  prepare(_, cwd) {
    const convert = ['pkey', '-pubin', '-inform', 'DER', '-in', 'pub.der', '-out', 'pub.pem'];
    execFileSync('openssl', convert, { cwd });
    for (const hash of ['sha1', 'sha256'] as const)
      wrap(join(cwd, 'pub.pem'), hash, 'mks1 the shard', join(cwd, `${hash}.bin`));
    writeFileSync(join(cwd, 'noise.bin'), Buffer.alloc(256, 7));
  },
  cases: [
    ['objects', `${token} ${user} --list-objects --type privkey`],
    ['SHA-256', unwrap('SHA256', 'MGF1-SHA256', 'sha256.bin')],
    ['SHA-1', unwrap('SHA-1', 'MGF1-SHA1', 'sha1.bin')],
    ['another hash in the ciphertext', unwrap('SHA256', 'MGF1-SHA256', 'sha1.bin')],
    ['another mask function', unwrap('SHA256', 'MGF1-SHA1', 'sha256.bin')],
    ['another ciphertext', unwrap('SHA256', 'MGF1-SHA256', 'noise.bin')],
    ['an unknown id', unwrap('SHA256', 'MGF1-SHA256', 'sha256.bin').replace('--id 04', '--id 09')],
    ['no PIN', unwrap('SHA256', 'MGF1-SHA256', 'sha256.bin').replace(user, '')],
    [
      'the right PIN on the token whose label only begins so',
      `${tool} --token-label masterkey-hsm ${user} --list-objects`,
    ],
    ['tries after a wrong PIN', slots],
    ['a second wrong PIN', wrongPin],
    ['the last try', slots],
    ['a third wrong PIN', wrongPin],
    ['a locked PIN', wrongPin],
    ['slots with a locked PIN', slots],
  ],
};
