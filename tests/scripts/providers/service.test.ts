/** The service of a drill: it takes the commands of deployment.yaml to the letter, and only the key of its records. */
import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { perform } from '../../../scripts/providers/perform';
import { testImportKey } from '../../../scripts/providers/service/import-key';
import { answers, seedService, serviceState } from '../../../scripts/providers/service/state';
import type { Service } from '../../../src/deployment/service';

const world = mkdtempSync(join(tmpdir(), 'service-'));
afterAll(() => rmSync(world, { recursive: true }));

const commands: Service = {
  importKey: '0'.repeat(64),
  showImportKey: 'ledgerctl import-key --pem',
  load: 'ledgerctl load --file={file} --yes',
  check: 'ledgerctl request',
  answer: 'all is well',
};
const key = randomBytes(32);
const importKey = testImportKey();
const shell = { env: {}, cwd: world, umask: 0o77, stdin: () => Buffer.alloc(0), stdoutIsTerminal: false };
const run = (line: string) => {
  const [tool = '', ...words] = line.split(' ');
  return perform({ tool, world, keys: join(world, 'keys'), words, shell });
};
const wrapped = (secret: Uint8Array, oaepHash = 'sha256') =>
  writeFileSync(
    join(world, 'master.wrapped'),
    publicEncrypt(
      { key: createPublicKey(importKey), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash },
      secret,
    ),
  );
const load = 'ledgerctl load --file=master.wrapped --yes';

beforeEach(() => {
  rmSync(join(world, 'master.wrapped'), { force: true });
  seedService(world, commands, { importKey, key });
});

describe('the service of a drill', () => {
  it('is sealed until it is given its key, and then answers a request', async () => {
    expect(await run(commands.check)).toEqual({ code: 1, stdout: '', stderr: 'ledgerctl: sealed\n' });
    expect(answers(world)).toBe(false);
    wrapped(key);
    expect(await run(load)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await run(commands.check)).toEqual({ code: 0, stdout: 'all is well\n', stderr: '' });
    expect(answers(world)).toBe(true);
  });

  it('shows the public half of its import key, and nothing of the other', async () => {
    const { stdout } = await run(commands.showImportKey);
    expect(createPublicKey(stdout).equals(createPublicKey(importKey))).toBe(true);
    expect(stdout).not.toContain('PRIVATE');
  });

  it('stays sealed with another key, a file in clear, another hash and no file', async () => {
    const cases: [() => void, string][] = [
      [() => wrapped(randomBytes(32)), 'master.wrapped: not the key of these records; still sealed'],
      [() => writeFileSync(join(world, 'master.wrapped'), key), 'not wrapped for this import key'],
      [() => wrapped(key, 'sha1'), 'not wrapped for this import key'],
      [() => rmSync(join(world, 'master.wrapped')), 'master.wrapped: ENOENT'],
    ];
    for (const [prepare, said] of cases) {
      prepare();
      const { code, stderr } = await run(load);
      expect([code, stderr]).toEqual([1, expect.stringContaining(said)]);
      expect(answers(world)).toBe(false);
    }
  });

  it('knows no other command, and none that is near', async () => {
    wrapped(key);
    for (const line of [
      'ledgerctl load --file=master.wrapped',
      'ledgerctl load --file= --yes',
      'ledgerctl load master.wrapped --yes',
      'ledgerctl request --all',
      'ledgerctl',
    ])
      expect((await run(line)).code, line).toBe(2);
    expect(answers(world)).toBe(false);
    expect((await run('other load x')).code).toBe(64);
  });

  it('forgets the key when it is seeded again, as a process that was started anew', async () => {
    wrapped(key);
    await run(load);
    expect(readFileSync(join(world, 'service.json'), 'utf8')).toContain(key.toString('base64'));
    seedService(world, commands, { importKey, key });
    expect(existsSync(join(world, 'service.json'))).toBe(true);
    expect(serviceState.load(world)?.memory).toBeUndefined();
    expect((await run(commands.check)).code).toBe(1);
  });
});
