/** A Vault that is not where a vendor puts it first: namespace, mount, private authority, and the command of OpenBao. */
import { afterAll, describe, expect, it } from 'vitest';
import { injectFault } from '../../../scripts/providers/seed';
import { vaultTransit } from '../../../scripts/providers/vault-transit/stand-in';
import type { ShardFields } from '../../../src/deployment/providers/registry';
import { makeSandbox, shards } from './sandbox';

const shard = {
  ...(shards.find(({ provider }) => provider === 'vault-transit') as Extract<
    ShardFields,
    { provider: 'vault-transit' }
  >),
  command: 'bao' as const,
  namespace: 'ledger/keys',
  mount: 'kms/transit',
  caFile: '/etc/ssl/ledger.pem',
};
const sandbox = makeSandbox([shard]);
afterAll(sandbox.remove);

const way = '-namespace=ledger/keys -ca-cert=/etc/ssl/ledger.pem';
const create = `bao write ${way} -field=name kms/transit/keys/masterkey-shard-3 type=rsa-2048`;
const read = `bao read ${way} -field=name kms/transit/keys/masterkey-shard-3`;

describe('a server with a namespace, a mount and an authority of its own', () => {
  it('makes the key that the deployment names, and no other shard has it', async () => {
    expect(await sandbox.run(create)).toEqual({ code: 0, stdout: 'masterkey-shard-3', stderr: '' });
    expect(vaultTransit.privateKey(sandbox.world, shard)).toContain('PRIVATE KEY');
    for (const other of [
      { ...shard, mount: 'transit' },
      { ...shard, namespace: 'ledger' },
    ])
      expect(vaultTransit.privateKey(sandbox.world, other)).toBeUndefined();
  });

  it('answers alike to the command and to the environment of either name', async () => {
    const answer = { code: 0, stdout: 'masterkey-shard-3', stderr: '' };
    const bare = 'read -field=name kms/transit/keys/masterkey-shard-3';
    const env = (prefix: string) => ({
      [`${prefix}_NAMESPACE`]: 'ledger/keys',
      [`${prefix}_CACERT`]: '/etc/ssl/ledger.pem',
    });
    expect(await sandbox.run(read)).toEqual(answer);
    expect(await sandbox.run(read.replace('bao', 'vault'))).toEqual(answer);
    expect(await sandbox.run(`bao ${bare}`, { env: env('BAO') })).toEqual(answer);
    expect(await sandbox.run(`bao ${bare}`, { env: env('VAULT') })).toEqual(answer);
    expect((await sandbox.run(`vault ${bare}`, { env: env('BAO') })).code).toBe(2);
    // BAO_… goes before VAULT_…, and an option before both.
    expect(
      (await sandbox.run(`bao ${bare}`, { env: { ...env('VAULT'), BAO_NAMESPACE: 'other' } })).code,
    ).toBe(2);
    expect(await sandbox.run(read, { env: { BAO_NAMESPACE: 'other' } })).toEqual(answer);
  });

  it.each([
    ['no namespace', read.replace('-namespace=ledger/keys ', ''), 'permission denied'],
    ['another namespace', read.replace('ledger/keys', 'ledger'), 'permission denied'],
    ['another mount', read.replace('kms/transit/', 'transit/'), 'permission denied'],
    ['the namespace twice', read.replace(' kms/', ' ledger/keys/kms/'), 'permission denied'],
    [
      'an authority that it does not know',
      read.replace(' -ca-cert=/etc/ssl/ledger.pem', ''),
      'x509: certificate signed by unknown authority',
    ],
    [
      'an authority that is not there',
      read.replace('ledger.pem', 'nope.pem'),
      'failed to setup TLS config: Error loading CA File: open /etc/ssl/nope.pem: no such file or directory',
    ],
  ])('refuses %s', async (_, line, message) => {
    const { code, stdout, stderr } = await sandbox.run(line);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('says which program it is, and tells its seal in every namespace', async () => {
    expect((await sandbox.run('bao version')).stdout).toMatch(/^OpenBao v/);
    expect((await sandbox.run('vault version')).stdout).toMatch(/^Vault v/);
    injectFault(sandbox.world, 'vault-transit:vault.ledger.example', 'sealed');
    for (const namespace of ['', '-namespace=other '])
      expect((await sandbox.run(`bao status ${namespace}-ca-cert=/etc/ssl/ledger.pem`)).stdout).toMatch(
        /Sealed +true/,
      );
  });
});
