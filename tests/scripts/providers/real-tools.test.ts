/**
 * The unmodified aws and gcloud on the same cases as their stand-ins, in a private network with the world's endpoints
 * (rung 2). Minutes long, so it runs where REAL_TOOLS=1 asks for it; there a missing tool is a failure.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleRealTools } from '../../../scripts/providers/bundle';
import { missingForRealTools } from '../../../scripts/providers/real/support';
import { injectFault } from '../../../scripts/providers/seed';
import { load, save } from '../../../scripts/providers/world';
import * as aws from './aws-cases';
import * as gcloud from './gcloud-cases';
import { makeSandbox, type Result, words, wrap } from './sandbox';

const wanted = process.env.REAL_TOOLS === '1';
const patience = 120_000;

describe.runIf(wanted)('real tools', () => {
  const folder = mkdtempSync(join(tmpdir(), 'real-'));
  const bundle = join(folder, 'real.cjs');
  const sandbox = makeSandbox();

  beforeAll(() => bundleRealTools(bundle));
  afterAll(() => {
    rmSync(folder, { recursive: true });
    sandbox.remove();
  });

  function call(line: string, env: Readonly<Record<string, string>> = {}): Result {
    const [tool = '', ...rest] = words(line);
    const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, tool, sandbox.world, ...rest], {
      cwd: sandbox.cwd,
      env: { HOME: sandbox.home, LANG: 'C.UTF-8', TZ: 'UTC', COLUMNS: '200', PATH: '/usr/bin:/bin', ...env },
    });
    return { code: status ?? -1, stdout: stdout.toString(), stderr: stderr.toString() };
  }

  test('are all here', () => {
    expect(missingForRealTools()).toEqual([]);
  });

  describe('aws', () => {
    let arn = '';
    const id = /mrk-[0-9a-f]{32}/g;
    const run = (line: string, env?: Readonly<Record<string, string>>): Result => {
      const filled = line.replace('@ARN', arn).replace('@REPLICA', arn.replace('us-east-1', 'us-west-2'));
      const { code, stdout, stderr } = call(filled, env);
      if (arn === '') arn = stdout.trim();
      return { code, stdout: stdout.replace(id, 'KEY'), stderr: stderr.replace(id, 'KEY') };
    };

    beforeAll(() => {
      for (const [line, result] of aws.setUp) {
        expect(run(`${line} --profile 000000000001-admin`), line).toEqual(result);
      }
      const key = '--key-id alias/masterkey-shard-1';
      const { stdout } = run(
        `aws kms get-public-key --region us-east-1 ${key} --query PublicKey --output text`,
      );
      writeFileSync(join(sandbox.cwd, 'pub.der'), Buffer.from(stdout, 'base64'));
      const convert = ['pkey', '-pubin', '-inform', 'DER', '-in', 'pub.der', '-out', 'pub.pem'];
      execFileSync('openssl', convert, { cwd: sandbox.cwd });
      wrap(join(sandbox.cwd, 'pub.pem'), 'sha256', 'mks1 the shard', join(sandbox.cwd, 'shard.bin'));
      sandbox.file('noise.bin', Buffer.alloc(512, 7));
    }, patience);

    test.each(aws.cases)('%s', (_, line, result) => expect(run(line)).toEqual(result), patience);

    test(
      'one life of a replica',
      () => {
        for (const [line, result] of aws.life) expect(run(line), line).toEqual(result);
        const key = '--key-id alias/masterkey-shard-1 --profile 000000000001-admin';
        expect(run(`aws kms enable-key --region us-east-1 ${key}`).code).toBe(0);
      },
      patience,
    );

    test.each([
      [
        'refuse',
        255,
        /^\nCould not connect to the endpoint URL: "https:\/\/kms\.us-east-1\.amazonaws\.com\/"\n$/,
      ],
      ['hang', 255, /^\nRead timeout on endpoint URL: "https:\/\/kms\.us-east-1\.amazonaws\.com\/"\n$/],
      [
        'http-503',
        254,
        /\(ServiceUnavailableException\) when calling the Decrypt operation \(reached max retries: 0\): Service Unavailable\n$/,
      ],
      [
        'throttle',
        254,
        /\(ThrottlingException\) when calling the Decrypt operation \(reached max retries: 0\): Rate exceeded\n$/,
      ],
      [
        'denied',
        254,
        /\(AccessDeniedException\) when calling the Decrypt operation \(reached max retries: 0\): User: /,
      ],
      [
        'no-credentials',
        253,
        /^\nUnable to locate credentials\. You can configure credentials by running "aws configure"\.\n$/,
      ],
      [
        'tampered',
        254,
        /\(InvalidCiphertextException\) when calling the Decrypt operation \(reached max retries: 0\): \n$/,
      ],
    ] as const)(
      'fault: %s',
      (mode, code, stderr) => {
        injectFault(sandbox.world, 'aws-kms:us-east-1', mode);
        const line = `${aws.decrypt} --cli-read-timeout 1 --cli-connect-timeout 1`;
        const result = run(line, { AWS_MAX_ATTEMPTS: '1' });
        save(sandbox.world, 'faults', {});
        expect(result).toMatchObject({ code, stdout: '' });
        expect(result.stderr).toMatch(stderr);
      },
      patience,
    );

    test('a wrong secret is a wrong signature', () => {
      const user = load(sandbox.world, 'aws').accounts[0]?.users[0];
      const env = { AWS_ACCESS_KEY_ID: user?.accessKeyId ?? '', AWS_SECRET_ACCESS_KEY: 'x' };
      expect(run(aws.decrypt, env).stderr).toContain(
        '(InvalidSignatureException) when calling the Decrypt operation',
      );
    });
  });

  describe('gcloud', () => {
    const run = (line: string): gcloud.GcloudResult => {
      const { code, stdout, stderr } = call(line);
      return { code, stdout, says: stderr.split('\n')[0] ?? '' };
    };

    beforeAll(() => {
      for (const [line, result] of gcloud.setUp) expect(run(line), line).toEqual(result);
      expect(run(gcloud.fetchPublicKey)).toEqual({ code: 0, stdout: '', says: '' });
      wrap(join(sandbox.cwd, 'pub.pem'), 'sha256', 'mks1 the shard', join(sandbox.cwd, 'shard.bin'));
      sandbox.file('noise.bin', Buffer.alloc(512, 7));
    }, patience);

    test.each([...gcloud.grammar, ...gcloud.cases])(
      '%s',
      (_, line, result) => expect(run(line)).toEqual(result),
      patience,
    );

    test('unwraps what openssl wrapped, and the account is logged in', () => {
      run(gcloud.decrypt);
      expect(readFileSync(join(sandbox.cwd, 'shard.txt'), 'utf8')).toBe('mks1 the shard');
      const active = "gcloud auth list --filter status:ACTIVE --format 'value(account)'";
      expect(run(active).stdout).toBe('masterkey-recovery@example-shards.iam.gserviceaccount.com\n');
    });

    test(
      'one life of a version',
      () => {
        for (const [line, result] of gcloud.life) expect(run(line), line).toEqual(result);
      },
      patience,
    );

    test.each([
      ['refuse', /^ERROR: gcloud crashed \(ConnectionError\): .*\[Errno 111\] Connection refused/],
      [
        'http-503',
        /^ERROR: \(gcloud\.kms\.asymmetric-decrypt\) HttpError accessing <https:\/\/cloudkms\.googleapis\.com\//,
      ],
      [
        'denied',
        /PERMISSION_DENIED: Permission 'cloudkms\.cryptoKeyVersions\.useToDecrypt' denied .* This command is authenticated as masterkey-recovery@/,
      ],
      ['no-credentials', /You do not currently have an active account selected\.$/],
      ['tampered', /INVALID_ARGUMENT: Decryption failed: the ciphertext is invalid\.$/],
    ] as const)(
      'fault: %s',
      (mode, says) => {
        injectFault(sandbox.world, 'gcp-kms', mode);
        const result = run(gcloud.decrypt);
        save(sandbox.world, 'faults', {});
        expect(result).toMatchObject({ code: 1, stdout: '' });
        expect(result.says).toMatch(says);
      },
      patience,
    );
  });
});
