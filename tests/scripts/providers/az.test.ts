/** The `az` stand-in: what it does, and every rule by which it refuses. */
import { constants, publicEncrypt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { az } from '../../../scripts/providers/azure-key-vault/az';
import { azureState } from '../../../scripts/providers/azure-key-vault/state';
import { Exit } from '../../../scripts/providers/exit';
import { injectFault } from '../../../scripts/providers/seed';
import { faultState } from '../../../scripts/providers/world';

const fields = '--vault-name kv --name k';
const preview =
  'WARNING: This command is in preview and under development. Reference and support levels: https://aka.ms/CLI_refstatus\n';
let world = '';
let cwd = '';
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function run(line: string, umask = 0o022) {
  const words = line.split(' ').filter(Boolean);
  try {
    return az(world, words, { env: {}, cwd, umask, stdin: () => Buffer.alloc(0), stdoutIsTerminal: false });
  } catch (error) {
    if (error instanceof Exit) return { code: error.code, stdout: error.stdout, stderr: error.stderr };
    throw error;
  }
}

/** A world without keys, until the tests of this file are over. */
function emptyWorld(): void {
  world = mkdtempSync(join(tmpdir(), 'az-'));
  cwd = mkdtempSync(join(tmpdir(), 'az-cwd-'));
  folders.push(world, cwd);
  azureState.save(world, { account: 'masterkey-recovery', vaults: { kv: { keys: {} } } });
  faultState.save(world, {});
}

function wrap(text: string, hash = 'sha256'): string {
  const key = readFileSync(join(cwd, 'k.pem'), 'utf8');
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key, padding, oaepHash: hash }, Buffer.from(text)).toString('base64');
}

const decrypt = (value: string, algorithm = 'RSA-OAEP-256') =>
  run(
    `keyvault key decrypt ${fields} --algorithm ${algorithm} --data-type base64 --value ${value} --query result --output tsv`,
  );

beforeAll(() => {
  emptyWorld();
  expect(
    run(
      `keyvault key create ${fields} --kty RSA --size 4096 --ops decrypt encrypt --query key.kty --output tsv`,
    ),
  ).toEqual({ code: 0, stdout: 'RSA\n', stderr: '' });
  expect(run(`keyvault key download ${fields} --encoding PEM --file k.pem`)).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  });
});

describe('a downloaded key', () => {
  it('has the permissions of the shell, not those of the drill', () => {
    for (const [umask, mode] of [
      [0o077, '600'],
      [0o022, '644'],
    ] as const) {
      run(`keyvault key download ${fields} --encoding PEM --file ${mode}.pem`, umask);
      expect((statSync(join(cwd, `${mode}.pem`)).mode & 0o777).toString(8)).toBe(mode);
    }
  });
});

describe('a key', () => {
  it('decrypts what its public half has wrapped', () => {
    expect(decrypt(wrap('a shard'))).toEqual({
      code: 0,
      stdout: `${Buffer.from('a shard').toString('base64')}\n`,
      stderr: preview,
    });
  });
  it('does not decrypt another hash, or a changed ciphertext', () => {
    const refusal = {
      code: 1,
      stdout: '',
      stderr:
        preview +
        'ERROR: (BadParameter) The parameter is incorrect.\nCode: BadParameter\nMessage: The parameter is incorrect.\n',
    };
    expect(decrypt(wrap('a shard', 'sha1'))).toEqual(refusal);
    expect(decrypt(wrap('a shard').replace(/^./, (first) => (first === 'A' ? 'B' : 'A')))).toEqual(refusal);
    expect(decrypt(wrap('a shard', 'sha1'), 'RSA-OAEP').code).toBe(0);
  });
  it('says whether it is enabled', () => {
    expect(run(`keyvault key show ${fields} --query attributes.enabled --output tsv`).stdout).toBe('true\n');
  });
  it('is not written over a file', () => {
    expect(run(`keyvault key download ${fields} --encoding PEM --file k.pem`)).toMatchObject({
      code: 1,
      stderr: "ERROR: File or directory named 'k.pem' already exists.\n",
    });
  });
  it('that is deleted is out of sight until it is recovered', () => {
    expect(run(`keyvault key show-deleted ${fields}`).code).toBe(3);
    expect(run(`keyvault key delete ${fields} --output none`).code).toBe(0);
    expect(run(`keyvault key show ${fields}`)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('(KeyNotFound) A key with (name/id) k was not found'),
    });
    expect(decrypt(wrap('x')).code).toBe(3);
    expect(run(`keyvault key show-deleted ${fields} --query scheduledPurgeDate --output tsv`).stdout).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:]+\+00:00\n$/,
    );
    expect(run(`keyvault key recover ${fields} --query attributes.enabled --output tsv`).stdout).toBe(
      'true\n',
    );
    expect(decrypt(wrap('x')).code).toBe(0);
  });
});

test.each<[string, number, string]>([
  ['keyvault key shred', 2, "'shred' is misspelled or not recognized"],
  [`keyvault key show ${fields} --nonsense x`, 2, 'unrecognized arguments: --nonsense x'],
  [
    'keyvault key show --name k',
    1,
    'incorrect usage: --id ID | --vault-name/--hsm-name VAULT/HSM --name/-n NAME',
  ],
  [`keyvault key decrypt ${fields} --value x`, 2, 'required: --algorithm/-a'],
  [
    `keyvault key decrypt ${fields} --value x --algorithm RSA-OAEP-512`,
    2,
    "'RSA-OAEP-512' is not a valid value for '--algorithm'",
  ],
  [
    `keyvault key create ${fields} --kty RSA --size 4096 --ops decipher`,
    2,
    "'decipher' is not a valid value for '--ops'",
  ],
  [`keyvault key download ${fields} --file other.pem`, 1, 'Unsupported encoding: None'],
  ['keyvault key show --vault-name kv --name other', 3, 'KeyNotFound'],
  ['keyvault key show --vault-name elsewhere --name k', 1, 'Name or service not known'],
])('%s is refused', (line, code, message) => {
  const outcome = run(line);
  expect(outcome).toMatchObject({ code, stdout: '' });
  expect(outcome.stderr).toContain(message);
  expect(existsSync(join(cwd, 'other.pem'))).toBe(false);
});

test.each<[string, number, string]>([
  ['refuse', 1, 'Connection refused'],
  ['absent', 1, 'Connection refused'],
  ['unknown-host', 1, 'Name or service not known'],
  ['expired-sign-in', 1, 'AADSTS7000222'],
  ['http-503', 1, '(ServiceUnavailable)'],
  ['throttle', 1, '(Throttled)'],
  ['denied', 1, '(Forbidden)'],
  ['no-credentials', 1, "Please run 'az login' to setup account."],
  ['tampered', 1, '(BadParameter)'],
  ['hang', 1, 'Read timed out'],
])('fault %s', (mode, code, message) => {
  faultState.save(world, {});
  injectFault(world, 'azure-key-vault:kv', mode === 'hang' ? { mode: 'hang', scale: 0 } : (mode as 'refuse'));
  const outcome = decrypt(wrap('x'));
  expect(outcome).toMatchObject({ code, stdout: '' });
  expect(outcome.stderr).toContain(message);
  faultState.save(world, {});
});

test('a key that was made for something else does not decrypt', () => {
  run(`keyvault key create --vault-name kv --name s --kty RSA --size 2048 --ops sign verify --output none`);
  const line = `keyvault key decrypt --vault-name kv --name s --algorithm RSA-OAEP-256 --value AAAA`;
  expect(run(line)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('(Forbidden) Operation decrypt is not permitted on this key.'),
  });
});

test('the name of a deleted key is kept for it', () => {
  run(`keyvault key create --vault-name kv --name d --kty RSA --size 2048 --output none`);
  run('keyvault key delete --vault-name kv --name d --output none');
  expect(run('keyvault key create --vault-name kv --name d --kty RSA --size 2048')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('"code": "ObjectIsDeletedButRecoverable"'),
  });
});

test('nobody signed in', () => {
  emptyWorld();
  azureState.save(world, { account: '', vaults: { kv: { keys: {} } } });
  expect(run('account show')).toMatchObject({
    code: 1,
    stderr: "ERROR: Please run 'az login' to setup account.\n",
  });
});
