/** The stand-in of `vault`: output, errors and exit codes of Vault 1.15, taken from the sources of its open fork. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { injectFault } from '../../../scripts/providers/seed';
import { vaultState } from '../../../scripts/providers/vault-transit/state';
import { faultState } from '../../../scripts/providers/world';
import { makeSandbox, wrap } from './sandbox';

const sandbox = makeSandbox();
afterAll(sandbox.remove);

const decrypt = 'vault write -field=plaintext transit/decrypt/masterkey-shard-3 ciphertext=@shard.vault';
const url = 'https://vault.ledger.example:8200/v1/transit/decrypt/masterkey-shard-3';
const plaintext = Buffer.from('mks1 the shard').toString('base64');

const failed = (status: number, body: string) =>
  `Error writing data to transit/decrypt/masterkey-shard-3: Error making API request.\n\nURL: PUT ${url}\nCode: ${status}. ${body}\n`;
const errors = (...list: string[]) => `Errors:\n\n${list.map((text) => `* ${text}`).join('')}`;

beforeAll(async () => {
  const made = await sandbox.run('vault write -field=name transit/keys/masterkey-shard-3 type=rsa-4096');
  expect(made).toEqual({ code: 0, stdout: 'masterkey-shard-3', stderr: '' });
  const read = await sandbox.run('vault read -field=keys transit/export/public-key/masterkey-shard-3/1');
  expect(read.stdout).toMatch(
    /^map\[1:-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+-----END PUBLIC KEY-----\n\]$/,
  );
  sandbox.file('pub.pem', read.stdout.replace(/^map\[1:/, '').replace(/^\]$/m, ''));
  wrap(join(sandbox.cwd, 'pub.pem'), 'sha256', 'mks1 the shard', join(sandbox.cwd, 'shard.bin'));
  wrap(join(sandbox.cwd, 'pub.pem'), 'sha1', 'mks1 the shard', join(sandbox.cwd, 'sha1.bin'));
  const base64 = (name: string) => readFileSync(join(sandbox.cwd, name)).toString('base64');
  sandbox.file('shard.vault', `vault:v1:${base64('shard.bin')}`);
  sandbox.file('sha1.vault', `vault:v1:${base64('sha1.bin')}`);
});

describe('vault', () => {
  test('unwraps from a file and from standard input, with line breaks in the base64', async () => {
    expect(await sandbox.run(decrypt)).toEqual({ code: 0, stdout: plaintext, stderr: '' });
    const text = readFileSync(join(sandbox.cwd, 'shard.vault'), 'utf8').replace(/(.{70})/g, '$1\n');
    const piped = await sandbox.run(decrypt.replace('@shard.vault', '-'), { stdin: text });
    expect(piped).toEqual({ code: 0, stdout: plaintext, stderr: '' });
    const whole = await sandbox.run(decrypt.replace('-field=plaintext ', ''));
    expect(whole.stdout).toBe(`Key          Value\n---          -----\nplaintext    ${plaintext}\n`);
    const json = await sandbox.run(decrypt.replace('-field=plaintext', '-format=json'));
    expect(JSON.parse(json.stdout)).toMatchObject({ data: { plaintext } });
  });

  test.each([
    ['a key that is not there', decrypt.replace('shard-3', 'shard-9'), 'encryption key not found'],
    ['no prefix', decrypt.replace('@shard.vault', 'abc'), 'invalid ciphertext: no prefix'],
    [
      'no version',
      decrypt.replace('@shard.vault', 'vault:vx:YQ=='),
      'invalid ciphertext: version number could not be decoded',
    ],
    [
      'a field too few',
      decrypt.replace('@shard.vault', 'vault:v1'),
      'invalid ciphertext: wrong number of fields',
    ],
    [
      'a newer version',
      decrypt.replace('@shard.vault', 'vault:v2:YQ=='),
      'invalid ciphertext: version is too new',
    ],
    [
      'no base64',
      decrypt.replace('@shard.vault', 'vault:v1:Y_=='),
      'invalid ciphertext: could not decode base64',
    ],
    ['no ciphertext', decrypt.replace('ciphertext=@shard.vault', 'other=1'), 'missing ciphertext to decrypt'],
  ])('the server refuses %s', async (_, line, message) => {
    const { code, stdout, stderr } = await sandbox.run(line);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`Code: 400. ${errors(message)}\n`);
  });

  test('the server refuses another ciphertext', async () => {
    const body = errors(
      '1 error occurred:\n\t* failed to RSA decrypt the ciphertext: crypto/rsa: decryption error\n\n',
    );
    const expected = { code: 2, stdout: '', stderr: failed(500, body) };
    expect(await sandbox.run(decrypt.replace('shard.vault', 'sha1.vault'))).toEqual(expected);
    expect(await sandbox.run(decrypt.replace('@shard.vault', 'vault:v1:YQ=='))).toEqual(expected);
  });

  test.each([
    ['an unknown flag', decrypt.replace('-field', '-fild'), 1, 'flag provided but not defined: -fild\n'],
    ['a missing value', 'vault write -field', 1, 'flag needs an argument: -field\n'],
    [
      'a field that is not there',
      decrypt.replace('=plaintext', '=plain'),
      1,
      'Field "plain" not present in secret\n',
    ],
    ['no data', 'vault write transit/keys/x', 1, 'Must supply data or use -force\n'],
    ['no path', 'vault read', 1, 'Not enough arguments (expected 1, got 0)\n'],
    [
      'a pair that is none',
      'vault write transit/keys/x type',
      1,
      'Failed to parse K=V data: invalid key/value pair "type": format must be key=value\n',
    ],
    [
      'a missing file',
      decrypt.replace('shard.vault', 'nope'),
      1,
      'Failed to parse K=V data: error reading file: open nope: no such file or directory\n',
    ],
    ['a path that is empty', 'vault read transit/keys/nope', 2, 'No value found at transit/keys/nope\n'],
    ['an unknown format', 'vault read -format=xml transit/keys/x', 1, 'Invalid output format: xml\n'],
    ['words after status', 'vault status now', 1, 'Too many arguments (expected 0, got 1)\n'],
  ])('the client refuses %s', async (_, line, code, stderr) => {
    expect(await sandbox.run(line)).toEqual({ code, stdout: '', stderr });
  });

  test('an unknown command shows the usage', async () => {
    expect(await sandbox.run('vault decript x')).toMatchObject({ code: 127, stdout: '' });
  });

  test.each([
    ['an unknown key type', 'vault write transit/keys/x type=rsa-4097', 400, 'unknown key type rsa-4097'],
    [
      'an unknown export',
      'vault read transit/export/private-key/masterkey-shard-3',
      400,
      'invalid export type: private-key',
    ],
    [
      'the private half',
      'vault read transit/export/encryption-key/masterkey-shard-3',
      400,
      'private key material is not exportable',
    ],
    [
      'a version that is not there',
      'vault read transit/export/public-key/masterkey-shard-3/2',
      400,
      'version does not exist or cannot be found',
    ],
    ['another engine', 'vault read secret/data/x', 403, '1 error occurred:\n\t* permission denied\n\n'],
    [
      'an operation that is none',
      'vault read transit/decrypt/masterkey-shard-3',
      405,
      '1 error occurred:\n\t* unsupported operation\n\n',
    ],
    [
      'deletion before it is allowed',
      'vault delete transit/keys/masterkey-shard-3',
      400,
      'error deleting policy masterkey-shard-3: deletion is not allowed for this key',
    ],
  ])('the server refuses %s', async (_, line, status, message) => {
    const { code, stderr } = await sandbox.run(line);
    expect(code).toBe(2);
    expect(stderr).toContain(`Code: ${status}. ${errors(message)}\n`);
  });

  test('deletes a key once that is allowed', async () => {
    await sandbox.run('vault write transit/keys/gone type=rsa-2048');
    await sandbox.run('vault write transit/keys/gone/config deletion_allowed=true');
    expect(await sandbox.run('vault delete transit/keys/gone')).toEqual({
      code: 0,
      stdout: 'Success! Data deleted (if it existed) at: transit/keys/gone\n',
      stderr: '',
    });
    expect((await sandbox.run('vault read transit/keys/gone')).code).toBe(2);
    const again = await sandbox.run('vault write transit/keys/masterkey-shard-3 type=rsa-4096');
    expect(again.stderr).toContain('* key masterkey-shard-3 already existed\n');
  });

  test('shows its seal and says it with the exit code', async () => {
    const open = await sandbox.run('vault status');
    expect(open.code).toBe(0);
    expect(open.stdout).toMatch(/^Key {13}Value\n--- {13}-----\nSeal Type {7}shamir\n.*\nSealed {10}false\n/);
    const before = vaultState.load(sandbox.world);
    injectFault(sandbox.world, 'vault-transit:vault.ledger.example', 'sealed');
    const sealed = await sandbox.run('vault status');
    expect(sealed.code).toBe(2);
    expect(sealed.stdout).toContain('Sealed             true\n');
    expect((await sandbox.run('vault status -format=json')).stdout).toContain('\n  "sealed": true,\n');
    expect(await sandbox.run(decrypt)).toEqual({
      code: 2,
      stdout: '',
      stderr: failed(503, errors('Vault is sealed')),
    });
    vaultState.save(sandbox.world, before);
  });

  test('needs a token that it knows', async () => {
    const bad = await sandbox.run(decrypt, { env: { VAULT_TOKEN: 'hvs.nobody' } });
    const invalid = errors('2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n');
    expect(bad).toEqual({ code: 2, stdout: '', stderr: failed(403, invalid) });
    const none = await sandbox.run(decrypt, { env: { HOME: '/nonexistent' } });
    expect(none.stderr).toBe(failed(403, errors('permission denied')));
    const token = sandbox.seeded.home['.vault-token'] ?? '';
    const given = await sandbox.run(decrypt, { env: { HOME: '/nonexistent', VAULT_TOKEN: token } });
    expect(given.code).toBe(0);
  });
});

describe('vault: faults', () => {
  const doing = 'Error writing data to transit/decrypt/masterkey-shard-3: ';
  test.each([
    ['refuse', `${doing}Put "${url}": dial tcp 192.0.2.30:8200: connect: connection refused\n`],
    ['absent', `${doing}Put "${url}": dial tcp: lookup vault.ledger.example: no such host\n`],
    ['hang', `${doing}context deadline exceeded\n`],
    ['http-503', failed(503, 'Raw Message:\n\nno healthy upstream')],
    [
      'throttle',
      failed(429, errors('request path "transit/decrypt/masterkey-shard-3": rate limit quota exceeded')),
    ],
    ['denied', failed(403, errors('1 error occurred:\n\t* permission denied\n\n'))],
    ['no-credentials', failed(403, errors('permission denied'))],
    [
      'tampered',
      failed(
        500,
        errors(
          '1 error occurred:\n\t* failed to RSA decrypt the ciphertext: crypto/rsa: decryption error\n\n',
        ),
      ),
    ],
  ] as const)('%s', async (mode, stderr) => {
    injectFault(sandbox.world, 'vault-transit', { mode, scale: 0.0001 });
    expect(await sandbox.run(decrypt)).toEqual({ code: 2, stdout: '', stderr });
    faultState.save(sandbox.world, {});
  });

  test('a server that is down has no status', async () => {
    injectFault(sandbox.world, 'vault-transit', 'refuse');
    expect(await sandbox.run('vault status')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Error checking seal status: Get "https://vault.ledger.example:8200/v1/sys/seal-status": dial tcp 192.0.2.30:8200: connect: connection refused\n',
    });
    faultState.save(sandbox.world, {});
  });

  test('no quota limits the look at the seal', async () => {
    injectFault(sandbox.world, 'vault-transit', 'throttle');
    expect((await sandbox.run('vault status')).code).toBe(0);
    faultState.save(sandbox.world, {});
  });

  test('a slow clock takes the certificate for one of tomorrow', async () => {
    injectFault(sandbox.world, 'vault-transit', 'clock-skew');
    const { code, stderr } = await sandbox.run(decrypt);
    faultState.save(sandbox.world, {});
    expect(code).toBe(2);
    const [, now = '', before = ''] =
      /tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time (\S+Z) is before (\S+Z)\n$/.exec(
        stderr,
      ) ?? [];
    expect(now < before && now !== '', stderr).toBe(true);
  });

  test('another address is another server', async () => {
    const { stderr } = await sandbox.run(decrypt, { env: { VAULT_ADDR: 'https://other.example:8200' } });
    expect(stderr).toContain('dial tcp: lookup other.example: no such host\n');
  });

  test('a key that is gone, and another plaintext', async () => {
    injectFault(sandbox.world, 'vault-transit', { mode: 'wrong-shard', plaintext: 'other' });
    expect((await sandbox.run(decrypt)).stdout).toBe(Buffer.from('other').toString('base64'));
    faultState.save(sandbox.world, {});
    injectFault(sandbox.world, 'vault-transit', 'key-deleted');
    expect((await sandbox.run(decrypt)).stderr).toBe(failed(400, errors('encryption key not found')));
  });
});
