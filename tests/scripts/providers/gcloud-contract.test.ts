/** Contract of `gcloud`: the stand-in answers as SDK 528 does. The same cases run on the real tool in real-tools.test.ts. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gcpState } from '../../../scripts/providers/gcp-kms/state';
import { injectFault } from '../../../scripts/providers/seed';
import { faultState } from '../../../scripts/providers/world';
import { cases, decrypt, fetchPublicKey, type GcloudResult, grammar, life, setUp } from './gcloud-cases';
import { makeSandbox, wrap } from './sandbox';

const sandbox = makeSandbox();
afterAll(sandbox.remove);

async function run(line: string, env: Readonly<Record<string, string>> = {}): Promise<GcloudResult> {
  const { code, stdout, stderr } = await sandbox.run(line, { env });
  return { code, stdout, says: stderr.split('\n')[0] ?? '' };
}

beforeAll(async () => {
  for (const [line, result] of setUp) expect(await run(line), line).toEqual(result);
  expect(await run(fetchPublicKey)).toEqual({ code: 0, stdout: '', says: '' });
  wrap(join(sandbox.cwd, 'pub.pem'), 'sha256', 'mks1 the shard', join(sandbox.cwd, 'shard.bin'));
  sandbox.file('noise.bin', Buffer.alloc(512, 7));
});

describe('gcloud', () => {
  test.each([...grammar, ...cases])('%s', async (_, line, result) => {
    rmSync(join(sandbox.cwd, 'shard.txt'), { force: true });
    expect(await run(line)).toEqual(result);
    expect(existsSync(join(sandbox.cwd, 'shard.txt'))).toBe(line === decrypt);
  });

  test('unwraps what openssl wrapped', async () => {
    await run(decrypt);
    expect(readFileSync(join(sandbox.cwd, 'shard.txt'), 'utf8')).toBe('mks1 the shard');
  });

  test('one life of a version', async () => {
    for (const [line, result] of life) expect(await run(line), line).toEqual(result);
  });

  test('needs an account that is logged in', async () => {
    expect((await run(decrypt, { HOME: '/nonexistent' })).says).toBe(
      'ERROR: (gcloud.kms.asymmetric-decrypt) You do not currently have an active account selected.',
    );
    expect((await run(`${decrypt} --account nobody@ledger.example`)).says).toBe(
      'ERROR: (gcloud.kms.asymmetric-decrypt) Your current active account [nobody@ledger.example] does not have any valid credentials',
    );
    const active = "gcloud auth list --filter status:ACTIVE --format 'value(account)'";
    const account = 'masterkey-recovery@example-shards.iam.gserviceaccount.com\n';
    expect(await run(active)).toEqual({ code: 0, stdout: account, says: '' });
    expect(await run(active, { HOME: '/nonexistent' })).toEqual({ code: 0, stdout: '', says: '' });
  });

  test('suggests the flag that was meant', async () => {
    const { stderr } = await sandbox.run(`${decrypt} --cipher-file x`);
    expect(stderr).toBe(
      'ERROR: (gcloud.kms.asymmetric-decrypt) unrecognized arguments:\n' +
        "  --cipher-file (did you mean '--ciphertext-file'?)\n  x\n" +
        '  To search the help text of gcloud commands, run:\n  gcloud help -- SEARCH_TERMS\n',
    );
  });

  test('a project that is not there looks like one that is denied', async () => {
    expect((await run(decrypt.replace('example-shards', 'other'))).says).toContain(
      "PERMISSION_DENIED: Permission 'cloudkms.cryptoKeyVersions.useToDecrypt' denied on resource 'projects/other'",
    );
  });

  test('refuses a format that it does not know', async () => {
    expect(
      (
        await run(
          decrypt
            .replace('asymmetric-decrypt', 'keys versions describe 1')
            .replace(/--version.*/, '--format json'),
        )
      ).code,
    ).toBe(1);
  });
});

describe('gcloud: faults', () => {
  const prefix = 'ERROR: (gcloud.kms.asymmetric-decrypt) ';
  test.each([
    [
      'refuse',
      /^ERROR: gcloud crashed \(ConnectionError\): HTTPSConnectionPool\(host='cloudkms\.googleapis\.com', port=443\): Max retries exceeded with url: \/v1\/projects\/example-shards\/locations\/europe-west4\/keyRings\/masterkey\/cryptoKeys\/masterkey-shard-2\/cryptoKeyVersions\/1:asymmetricDecrypt\?alt=json \(Caused by NewConnectionError\(.*Connection refused'\)\)$/,
    ],
    ['hang', /^ERROR: gcloud crashed \(ReadTimeout\): .*Read timed out\. \(read timeout=300\)$/],
    [
      'http-503',
      /^ERROR: \(gcloud\.kms\.asymmetric-decrypt\) HttpError accessing <https:\/\/cloudkms\.googleapis\.com\/v1\/projects\/.*:asymmetricDecrypt\?alt=json>: response: <\{.*'status': 503\}>, content </,
    ],
    [
      'denied',
      /PERMISSION_DENIED: Permission 'cloudkms\.cryptoKeyVersions\.useToDecrypt' denied on resource .* \(or it may not exist\)\. This command is authenticated as masterkey-recovery@/,
    ],
    ['throttle', /RESOURCE_EXHAUSTED: Quota exceeded/],
    [
      'clock-skew',
      /There was a problem refreshing auth tokens for account masterkey-recovery@example-shards\.iam\.gserviceaccount\.com: \('invalid_grant: Invalid JWT: Token must be a short-lived token \(60 minutes\)/,
    ],
    ['no-credentials', `${prefix}You do not currently have an active account selected.`],
    ['tampered', `${prefix}INVALID_ARGUMENT: Decryption failed: the ciphertext is invalid.`],
    ['key-disabled', /FAILED_PRECONDITION: .* current state is: DISABLED\.$/],
    ['key-pending-deletion', /FAILED_PRECONDITION: .* current state is: DESTROY_SCHEDULED\.$/],
    ['key-deleted', /FAILED_PRECONDITION: .* current state is: DESTROYED\.$/],
  ] as const)('%s', async (mode, says) => {
    const before = gcpState.load(sandbox.world);
    const inner = mode.startsWith('key-');
    injectFault(sandbox.world, 'gcp-kms', (inner ? mode : { mode, scale: 0.0001 }) as never);
    rmSync(join(sandbox.cwd, 'shard.txt'), { force: true });
    const result = await run(decrypt);
    expect(result.code).toBe(1);
    if (typeof says === 'string') expect(result.says).toBe(says);
    else expect(result.says).toMatch(says);
    expect(existsSync(join(sandbox.cwd, 'shard.txt'))).toBe(false);
    faultState.save(sandbox.world, {});
    gcpState.save(sandbox.world, before);
  });

  test('wrong-shard returns what it was given', async () => {
    injectFault(sandbox.world, 'gcp-kms:example-shards', { mode: 'wrong-shard', plaintext: 'other' });
    await run(decrypt);
    expect(readFileSync(join(sandbox.cwd, 'shard.txt'), 'utf8')).toBe('other');
    faultState.save(sandbox.world, {});
  });
});
