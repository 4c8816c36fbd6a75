/** A token and the hash of OAEP: what it was seeded with is what it takes, from openssl to `pkcs11-tool`, and nothing else. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ShardFields } from '../../../src/deployment/providers/registry';
import { makeSandbox, type Sandbox, shards, wrap } from './sandbox';

type Hash = 'sha1' | 'sha256';
const options = { sha1: ['SHA-1', 'MGF1-SHA1'], sha256: ['SHA256', 'MGF1-SHA256'] } as const;
const login = '--login --pin env:HSM_PIN';

/** A world whose token holds one shard for each of these hashes, under the ids 04, 05 and so on. */
async function tokenWith(...hashes: readonly Hash[]) {
  const held = hashes.map((oaepHash, index) => ({
    ...(shards.find(({ provider }) => provider === 'pkcs11-hsm') as ShardFields & { module: string }),
    oaepHash,
    objectId: `0${4 + index}`,
  }));
  const module = held[0]?.module ?? '';
  const sandbox = makeSandbox(held);
  const env = { HSM_PIN: sandbox.seeded.userPins['masterkey-hsm'] ?? '' };
  const listed = await sandbox.run(`pkcs11-tool --module ${module} --list-token-slots`);
  const labels = [...listed.stdout.matchAll(/token label +: (\S+)/g)].map(([, label]) => label);
  const slot = /\((0x[0-9a-f]+)\).*\n {2}token label {8}: masterkey-hsm\n/.exec(listed.stdout)?.[1];
  const call = (words: string) =>
    sandbox.run(`pkcs11-tool --module ${module} --slot ${slot} ${words}`, { env });
  return { sandbox, call, labels };
}

/** Makes a key pair and wraps a text for it, as the ceremony does. */
async function wrapFor(
  { sandbox, call }: { sandbox: Sandbox; call: typeof sandbox.run },
  hash: Hash,
  id = '04',
) {
  await call(`${login} --keypairgen --key-type rsa:2048 --id ${id}`);
  await call(`--read-object --type pubkey --id ${id} --output-file ${id}.der`);
  execFileSync('openssl', ['pkey', '-pubin', '-inform', 'DER', '-in', `${id}.der`, '-out', `${id}.pem`], {
    cwd: sandbox.cwd,
  });
  wrap(join(sandbox.cwd, `${id}.pem`), hash, `shard ${id}`, join(sandbox.cwd, `${id}.bin`));
}

const decrypt = ([hash, mgf]: readonly [string, string] | readonly string[], id = '04') =>
  `${login} --decrypt --mechanism RSA-PKCS-OAEP --hash-algorithm ${hash} --mgf ${mgf} --id ${id} ` +
  `--input-file ${id}.bin --output-file ${id}.txt`;

describe('a token that knows OAEP with SHA-256', () => {
  it('opens what openssl wrapped with it', async () => {
    const token = await tokenWith('sha256');
    await wrapFor(token, 'sha256');
    expect(await token.call(decrypt(options.sha256))).toEqual({
      code: 0,
      stdout: '',
      stderr:
        'Using decrypt algorithm RSA-PKCS-OAEP\n' +
        'OAEP parameters: hashAlg=SHA256, mgf=MGF1-SHA256, source_type=0, source_ptr=(nil), source_len=0\n',
    });
    expect(readFileSync(join(token.sandbox.cwd, '04.txt'), 'utf8')).toBe('shard 04');
    token.sandbox.remove();
  });

  it('refuses what was wrapped with SHA-1', async () => {
    const token = await tokenWith('sha256');
    await wrapFor(token, 'sha1');
    const { code, stderr } = await token.call(decrypt(options.sha256));
    expect([code, stderr]).toEqual([1, expect.stringContaining('CKR_FUNCTION_NOT_SUPPORTED')]);
    token.sandbox.remove();
  });
});

it.each([
  ['sha256', options.sha1],
  ['sha1', options.sha256],
  ['sha256', ['SHA256', 'MGF1-SHA1']],
  ['sha1', ['SHA-1', 'MGF1-SHA256']],
  ['sha256', ['SHA512', 'MGF1-SHA512']],
] as const)('a token with %s alone refuses the options %s', async (hash, words) => {
  const token = await tokenWith(hash);
  await wrapFor(token, hash);
  const { code, stderr } = await token.call(decrypt(words));
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining('C_DecryptInit failed: rv = CKR_ARGUMENTS_BAD'),
  ]);
  token.sandbox.remove();
});

it('a token that holds two shards stands there once, and takes the hash of each', async () => {
  const token = await tokenWith('sha1', 'sha256');
  expect(token.labels).toEqual(['decoy', 'masterkey-hsm-old', 'masterkey-hsm']);
  for (const [hash, id] of [
    ['sha1', '04'],
    ['sha256', '05'],
  ] as const) {
    await wrapFor(token, hash, id);
    expect((await token.call(decrypt(options[hash], id))).code).toBe(0);
  }
  token.sandbox.remove();
});
