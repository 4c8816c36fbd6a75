/** Contract of `aws`: the stand-in answers as AWS CLI 2.9 does. The same cases run on the real tool in real-tools.test.ts. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsState } from '../../../scripts/providers/aws-kms/state';
import { injectFault } from '../../../scripts/providers/seed';
import { faultState } from '../../../scripts/providers/world';
import { cases, decrypt, life, setUp } from './aws-cases';
import { makeSandbox, type Result, wrap } from './sandbox';

const sandbox = makeSandbox();
let arn = '';
afterAll(sandbox.remove);

const id = /mrk-[0-9a-f]{32}/g;

async function run(line: string, env: Readonly<Record<string, string>> = {}): Promise<Result> {
  const filled = line.replace('@ARN', arn).replace('@REPLICA', arn.replace('us-east-1', 'us-west-2'));
  const { code, stdout, stderr } = await sandbox.run(filled, { env });
  if (arn === '') arn = stdout.trim();
  return { code, stdout: stdout.replace(id, 'KEY'), stderr: stderr.replace(id, 'KEY') };
}

beforeAll(async () => {
  for (const [line, result] of setUp) {
    expect(await run(`${line} --profile 000000000001-admin`), line).toEqual(result);
  }
  const key = '--key-id alias/masterkey-shard-1';
  const { stdout } = await run(
    `aws kms get-public-key --region us-east-1 ${key} --query PublicKey --output text --profile 000000000001-admin`,
  );
  writeFileSync(join(sandbox.cwd, 'pub.der'), Buffer.from(stdout, 'base64'));
  execFileSync('openssl', ['pkey', '-pubin', '-inform', 'DER', '-in', 'pub.der', '-out', 'pub.pem'], {
    cwd: sandbox.cwd,
  });
  wrap(join(sandbox.cwd, 'pub.pem'), 'sha256', 'mks1 the shard', join(sandbox.cwd, 'shard.bin'));
  sandbox.file('noise.bin', Buffer.alloc(512, 7));
});

describe('aws', () => {
  test.each(cases)('%s', async (_, line, result) => {
    expect(await run(line)).toEqual(result);
  });

  test('knows only its own operations', async () => {
    const { code, stderr } = await run('aws kms encrypt --region us-east-1');
    expect(code).toBe(252);
    expect(stderr).toMatch(
      /aws: error: argument operation: Invalid choice, valid choices are:\n\ncancel-key-deletion/,
    );
    expect((await run('aws s3 ls')).stderr).toContain('aws: error: argument command: Invalid choice');
    expect((await run(decrypt.replace('--output text', '--output txt'))).stderr).toContain(
      'aws: error: argument --output: Invalid choice',
    );
    expect((await run(decrypt.replace('Plaintext', 'Plaintext[]'))).code).toBe(252);
  });

  test('finds its credentials in the environment first', async () => {
    const wrong = { AWS_ACCESS_KEY_ID: 'AKIANOBODY', AWS_SECRET_ACCESS_KEY: 'x' };
    expect((await run(decrypt, wrong)).stderr).toBe(
      '\nAn error occurred (UnrecognizedClientException) when calling the Decrypt operation: The security token included in the request is invalid.\n',
    );
    const identity = await run('aws sts get-caller-identity --region us-east-1', wrong);
    expect(identity.stderr).toContain('(InvalidClientTokenId) when calling the GetCallerIdentity operation');
    expect((await run(decrypt, { HOME: '/nonexistent' })).code).toBe(253);
    expect((await run(decrypt, { AWS_PROFILE: '000000000001' })).code).toBe(0);
    expect((await run(decrypt.replace('--region us-east-1', ''), { AWS_REGION: 'us-west-2' })).code).toBe(0);
  });

  test('takes the output format from the configuration, as a hostile one shows', async () => {
    sandbox.file(
      '.aws/config',
      '[default]\noutput = table\nregion = us-west-2\n[profile 000000000001]\noutput = none\n',
    );
    const line = 'aws kms describe-key --key-id alias/masterkey-shard-1 --query KeyMetadata.Arn';
    expect((await run(line)).stdout).toBe('-------------\n|DescribeKey|\n+-----------+\n');
    expect((await run(`${line} --output text`)).stdout).toBe('arn:aws:kms:us-west-2:000000000001:key/KEY\n');
    const odd = await run(`${line} --region us-east-1 --profile 000000000001`);
    expect(odd).toEqual({ code: 255, stdout: '', stderr: '\nUnknown output type: none\n' });
    const fromEnvironment = await run(line, { AWS_DEFAULT_OUTPUT: 'json' });
    expect(fromEnvironment.stdout).toBe('"arn:aws:kms:us-west-2:000000000001:key/KEY"\n');
    sandbox.file('.aws/config', '');
  });

  test('a key of GovCloud has the ARN of its partition', async () => {
    const key = `aws kms create-key --region us-gov-west-1 --profile 000000000001-admin --key-spec RSA_2048 --key-usage ENCRYPT_DECRYPT`;
    const { code, stdout } = await run(`${key} --query KeyMetadata.Arn --output text`);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^arn:aws-us-gov:kms:us-gov-west-1:000000000001:key\//),
    ]);
    const nowhere = await run(key.replace('us-gov-west-1', 'us-esat-1'));
    expect([nowhere.code, nowhere.stderr]).toEqual([255, expect.stringContaining('Could not connect')]);
  });

  test('a key that may not leave its region is not found in another', async () => {
    const admin = '--profile 000000000001-admin';
    const made = await sandbox.run(
      `aws kms create-key --region us-east-1 --key-spec RSA_2048 --key-usage ENCRYPT_DECRYPT --query KeyMetadata.KeyId --output text ${admin}`,
    );
    const key = made.stdout.trim();
    expect(key).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const refused = await run(
      `aws kms replicate-key --region us-east-1 --key-id ${key} --replica-region us-west-2 ${admin}`,
    );
    expect(refused.stderr).toContain('(UnsupportedOperationException)');
    expect((await run(`aws kms describe-key --region us-west-2 --key-id ${key}`)).stderr).toContain(
      'does not exist',
    );
  });

  test('one life of a replica', async () => {
    for (const [line, result] of life) expect(await run(line), line).toEqual(result);
  });
});

describe('aws: faults', () => {
  beforeAll(async () => {
    for (const region of ['us-east-1', 'us-west-2']) {
      const key = '--key-id alias/masterkey-shard-1 --profile 000000000001-admin';
      expect((await run(`aws kms enable-key --region ${region} ${key}`)).code).toBe(0);
    }
  });
  const error = 'An error occurred';
  const during = 'when calling the Decrypt operation';
  const keyArn = 'arn:aws:kms:us-east-1:000000000001:key/KEY';
  test.each([
    ['refuse', 255, 'Could not connect to the endpoint URL: "https://kms.us-east-1.amazonaws.com/"'],
    ['absent', 255, 'Could not connect to the endpoint URL: "https://kms.us-east-1.amazonaws.com/"'],
    ['hang', 255, 'Read timeout on endpoint URL: "https://kms.us-east-1.amazonaws.com/"'],
    [
      'http-503',
      254,
      `${error} (ServiceUnavailableException) ${during} (reached max retries: 2): Service Unavailable`,
    ],
    ['throttle', 254, `${error} (ThrottlingException) ${during} (reached max retries: 2): Rate exceeded`],
    [
      'denied',
      254,
      `${error} (AccessDeniedException) ${during}: User: arn:aws:iam::000000000001:user/masterkey-recovery is not authorized to perform: kms:Decrypt on resource: ${keyArn} because no identity-based policy allows the kms:Decrypt action`,
    ],
    [
      'no-credentials',
      253,
      'Unable to locate credentials. You can configure credentials by running "aws configure".',
    ],
    ['tampered', 254, `${error} (InvalidCiphertextException) ${during}: `],
  ] as const)('%s', async (mode, code, message) => {
    injectFault(sandbox.world, 'aws-kms:us-east-1', { mode, scale: 0.0001 });
    expect(await run(decrypt)).toEqual({ code, stdout: '', stderr: `\n${message}\n` });
    faultState.save(sandbox.world, {});
    expect((await run(decrypt.replace('us-east-1', 'eu-west-1'))).stderr).toContain('NotFoundException');
  });

  test('retries are those of AWS_MAX_ATTEMPTS', async () => {
    injectFault(sandbox.world, 'aws-kms', 'http-503');
    expect((await run(decrypt, { AWS_MAX_ATTEMPTS: '1' })).stderr).toContain('(reached max retries: 0)');
    faultState.save(sandbox.world, {});
    const other = decrypt.replace('shard.bin', 'noise.bin');
    expect((await run(other, { AWS_MAX_ATTEMPTS: '1' })).stderr).toContain(
      'operation (reached max retries: 0): \n',
    );
    faultState.save(sandbox.world, {});
  });

  test('a signature by a slow clock has expired, in the words of AWS', async () => {
    injectFault(sandbox.world, 'aws-kms:us-east-1', 'clock-skew');
    const { code, stderr } = await run(decrypt);
    faultState.save(sandbox.world, {});
    expect(code).toBe(254);
    const time = '(\\d{8}T\\d{6}Z)';
    const words = `Signature expired: ${time} is now earlier than ${time} \\(${time} - 5 min\\.\\)`;
    const [, signed = '', limit = '', now = ''] =
      new RegExp(`\\(InvalidSignatureException\\) ${during}: ${words}\n$`).exec(stderr) ?? [];
    expect(signed < limit && limit < now, stderr).toBe(true);
  });

  test('a fault of one region leaves the other alone, and wrong-shard returns what it was given', async () => {
    injectFault(sandbox.world, 'aws-kms:us-east-1', { mode: 'wrong-shard', plaintext: 'other' });
    expect((await run(decrypt)).stdout).toBe(`${Buffer.from('other').toString('base64')}\n`);
    expect((await run(decrypt.replace('us-east-1', 'us-west-2'))).stdout).toBe('bWtzMSB0aGUgc2hhcmQ=\n');
    faultState.save(sandbox.world, {});
  });

  test.each([
    ['key-disabled', `(DisabledException) ${during}: ${keyArn} is disabled.`],
    ['key-pending-deletion', `(KMSInvalidStateException) ${during}: ${keyArn} is pending deletion.`],
    [
      'key-deleted',
      `(NotFoundException) ${during}: Alias arn:aws:kms:us-east-1:000000000001:alias/masterkey-shard-1 is not found.`,
    ],
  ] as const)('%s', async (mode, message) => {
    const before = awsState.load(sandbox.world);
    injectFault(sandbox.world, 'aws-kms:us-east-1', mode);
    expect(await run(decrypt)).toEqual({ code: 254, stdout: '', stderr: `\n${error} ${message}\n` });
    expect((await run(decrypt.replace('us-east-1', 'us-west-2'))).code).toBe(0);
    awsState.save(sandbox.world, before);
  });

  test('a primary key that waits for its deletion waits for its replica first', async () => {
    const before = awsState.load(sandbox.world);
    injectFault(sandbox.world, 'aws-kms:us-east-1', 'key-pending-deletion');
    injectFault(sandbox.world, 'aws-kms:us-west-2', 'key-pending-deletion');
    const state = (region: string) =>
      run(
        `aws kms describe-key --region ${region} --key-id alias/masterkey-shard-1 --query KeyMetadata.KeyState --output text`,
      );
    expect((await state('us-east-1')).stdout).toBe('PendingReplicaDeletion\n');
    expect((await state('us-west-2')).stdout).toBe('PendingDeletion\n');
    awsState.save(sandbox.world, before);
  });

  test('a fault that does not exist here is refused', () => {
    expect(() => injectFault(sandbox.world, 'aws-kms:us-east-1', 'sealed')).toThrow('cannot be "sealed"');
    expect(() => injectFault(sandbox.world, 'aws-kms:eu-north-1', 'key-deleted')).toThrow(
      'it has no key yet',
    );
  });
});
