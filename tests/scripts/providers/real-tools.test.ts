/**
 * The unmodified aws and gcloud on the same cases as their stand-ins, in a private network with the world's endpoints
 * (rung 2). Minutes long, so it runs where REAL_TOOLS=1 asks for it; there a missing tool is a failure.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsState } from '../../../scripts/providers/aws-kms/state';
import { bundleRealTools } from '../../../scripts/providers/bundle';
import { postgresState } from '../../../scripts/providers/postgres/state';
import { type RealPostgres, startRealPostgres } from '../../../scripts/providers/real/postgresql';
import { missingOnRung2 } from '../../../scripts/providers/real/support';
import { injectFault } from '../../../scripts/providers/seed';
import { faultState } from '../../../scripts/providers/world';
import { readSheet } from '../../../scripts/tabletop/world/sheets';
import { exampleRoot } from '../../example';
import * as aws from './aws-cases';
import * as gcloud from './gcloud-cases';
import { record } from './record';
import { makeSandbox, type Result, type Sandbox, words, wrap } from './sandbox';
import { scripts } from './scripts';
import { transcriptsOf } from './transcripts';

const wanted = process.env.REAL_TOOLS === '1';
/** Tools that this machine may lack all the same, by name. */
const allowed = (process.env.ALLOW_RUNG ?? '').split(',').filter(Boolean);
const lacks = (tool: string) => allowed.includes(tool);
const patience = 120_000;

describe.runIf(wanted)('real tools', () => {
  let folder = '';
  let bundle = '';
  let sandbox: Sandbox;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'real-'));
    bundle = join(folder, 'real.cjs');
    sandbox = makeSandbox();
    await bundleRealTools(bundle);
  });
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

  test('are all here, but for those that are allowed to be missing', () => {
    expect([...missingOnRung2().keys()].filter((name) => !lacks(name))).toEqual([]);
  });

  const needs: Readonly<Record<string, string>> = { opencryptoki: 'pkcs11-tool:opencryptoki', az: 'az' };
  for (const [name, { script, version }] of Object.entries(scripts)) {
    const absent = !wanted || lacks(script.tool) || lacks(needs[name] ?? '');
    const release = absent ? '' : version();
    const recorded = transcriptsOf(name).find((transcript) => transcript.version === release);
    // Another release than the recorded ones has other words: `record.ts` keeps them.
    test.skipIf(recorded === undefined)(
      `${name} answers as when it was recorded`,
      async () => {
        expect((await record(bundle, name)).entries).toEqual(recorded?.entries);
      },
      20 * 60_000,
    );
  }

  test.skipIf(!existsSync('/usr/bin/zbarimg'))('zbarimg reads the sheet that the shard tool reads', () => {
    const safes = join(exampleRoot(), 'tests/fixtures/tabletop/world/safes');
    const sheets = readdirSync(safes, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.png'),
    );
    expect(sheets.length).toBeGreaterThan(0);
    for (const sheet of sheets) {
      const file = join(safes, sheet);
      const read = execFileSync('/usr/bin/zbarimg', ['--quiet', '--raw', file], { encoding: 'utf8' });
      expect(read.trim().toLowerCase()).toBe(readSheet(file));
    }
  });

  describe.skipIf(lacks('aws'))('aws', () => {
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
        `aws kms get-public-key --region us-east-1 ${key} --query PublicKey --output text --profile 000000000001-admin`,
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
        'clock-skew',
        254,
        /\(InvalidSignatureException\) when calling the Decrypt operation \(reached max retries: 0\): Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)\n$/,
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
        faultState.save(sandbox.world, {});
        expect(result).toMatchObject({ code, stdout: '' });
        expect(result.stderr).toMatch(stderr);
      },
      patience,
    );

    test('a wrong secret is a wrong signature', () => {
      const user = awsState.load(sandbox.world).accounts[0]?.users[0];
      const env = { AWS_ACCESS_KEY_ID: user?.accessKeyId ?? '', AWS_SECRET_ACCESS_KEY: 'x' };
      expect(run(aws.decrypt, env).stderr).toContain(
        '(InvalidSignatureException) when calling the Decrypt operation',
      );
    });
  });

  describe.skipIf(lacks('gcloud'))('gcloud', () => {
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
      [
        'clock-skew',
        /There was a problem refreshing auth tokens for account masterkey-recovery@example-shards\.iam\.gserviceaccount\.com: \('invalid_grant: Invalid JWT: Token must be a short-lived token \(60 minutes\)/,
      ],
      ['no-credentials', /You do not currently have an active account selected\.$/],
      ['tampered', /INVALID_ARGUMENT: Decryption failed: the ciphertext is invalid\.$/],
    ] as const)(
      'fault: %s',
      (mode, says) => {
        injectFault(sandbox.world, 'gcp-kms', mode);
        const result = run(gcloud.decrypt);
        faultState.save(sandbox.world, {});
        expect(result).toMatchObject({ code: 1, stdout: '' });
        expect(result.says).toMatch(says);
      },
      patience,
    );
  });

  describe.skipIf(lacks('pkcs11-tool'))('pkcs11-tool', () => {
    const module = '/usr/lib/softhsm/libsofthsm2.so';
    // The tool takes the first token whose label begins as it was given: a label that no other one continues.
    const tool = `pkcs11-tool --module ${module} --token-label masterkey-hsm-old`;
    const unwrap = '--decrypt --mechanism RSA-PKCS-OAEP --hash-algorithm SHA-1 --mgf MGF1-SHA1 --id 04';

    test('unwraps with a key that the stand-in made', async () => {
      const env = { HSM_PIN: sandbox.seeded.userPins['masterkey-hsm-old'] ?? '' };
      const make = `${tool} --login --pin env:HSM_PIN --keypairgen --key-type rsa:2048 --id 04 --label shard-4`;
      expect((await sandbox.run(make, { env })).code).toBe(0);
      const read = await sandbox.run(`${tool} --read-object --type pubkey --id 04 --output-file hsm.der`);
      expect(read.code).toBe(0);
      const convert = ['pkey', '-pubin', '-inform', 'DER', '-in', 'hsm.der', '-out', 'hsm.pem'];
      execFileSync('openssl', convert, { cwd: sandbox.cwd });
      wrap(join(sandbox.cwd, 'hsm.pem'), 'sha1', 'mks1 the shard', join(sandbox.cwd, 'hsm.bin'));
      const line = `${tool} --login --pin env:HSM_PIN ${unwrap} --input-file hsm.bin --output-file hsm.txt`;
      expect(call(line, env)).toMatchObject({ code: 0, stdout: '' });
      expect(readFileSync(join(sandbox.cwd, 'hsm.txt'), 'utf8')).toBe('mks1 the shard');
      injectFault(sandbox.world, 'pkcs11-hsm', 'absent');
      const absent = { code: 1, stdout: '', stderr: 'No slot with token named "masterkey-hsm-old" found\n' };
      expect(call(line, env)).toEqual(absent);
      faultState.save(sandbox.world, {});
    });
  });

  describe.skipIf(lacks('psql'))('psql', () => {
    const query =
      'psql service=masterkey --no-psqlrc --tuples-only --no-align --command "SELECT label FROM entry"';
    const at = 'psql: error: connection to server at "db.ledger.example" (192.0.2.50), port 5432 failed: ';
    const refused = `${at}Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?\n`;
    let engine: RealPostgres;

    beforeAll(async () => {
      engine = await startRealPostgres();
      await engine.reset(
        'CREATE TABLE entry (label text); INSERT INTO entry VALUES (\'9F3A-001\'); CREATE ROLE "masterkey-recovery" LOGIN; GRANT SELECT ON entry TO "masterkey-recovery";',
      );
      postgresState.save(sandbox.world, { ...postgresState.load(sandbox.world), socket: engine.socket });
    }, patience);
    afterAll(() => engine?.close());

    test('reaches PostgreSQL by the name in pg_service.conf', async () => {
      expect(call(query)).toEqual({ code: 0, stdout: '9F3A-001\n', stderr: '' });
      expect(call(query.replace('SELECT label', 'DELETE')).stderr).toBe(
        'ERROR:  permission denied for table entry\n',
      );
      expect(await engine.query('SELECT label FROM entry')).toEqual([{ label: '9F3A-001' }]);
      const typed =
        "SELECT '\\xdead'::bytea AS a, '2026-01-02 03:04:05+00'::timestamptz AS b, 5 AS c, NULL::bytea AS d";
      const row = { a: new Uint8Array([0xde, 0xad]), b: new Date('2026-01-02T03:04:05Z'), c: 5, d: null };
      expect(await engine.query(typed)).toEqual([row]);
    });

    test.each([
      ['refuse', refused],
      ['hang', `${at}timeout expired\n`],
      ['denied', `${at}FATAL:  password authentication failed for user "masterkey-recovery"\n`],
      [
        'absent',
        'psql: error: could not translate host name "db.ledger.example" to address: Name or service not known\n',
      ],
    ] as const)('fault: %s', (mode, stderr) => {
      injectFault(sandbox.world, 'postgres', mode);
      const result = call(query, { PGCONNECT_TIMEOUT: '2' });
      faultState.save(sandbox.world, {});
      expect(result).toEqual({ code: 2, stdout: '', stderr });
    });

    test('says so when the server is down', async () => {
      await engine.stop();
      expect(call(query).stderr).toBe(refused);
      await engine.start();
      await engine.reset();
      expect(call(query).code).toBe(2);
    });
  });

  test('nothing outlives a call', () => {
    const left = spawnSync('pgrep', ['--full', bundle]).stdout.toString();
    expect(left).toBe('');
    expect(readFileSync('/etc/hosts', 'utf8')).not.toContain('amazonaws');
  });
});
