/** HashiCorp Vault in a drill: unsealed servers that know one token, and what can be wrong with them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hex, type StandIn } from '../stand-in';
import { inNamespace, keyName, type VaultServer, vaultState } from './state';
import { bao, vault } from './vault';

export const vaultTransit: StandIn<'vault-transit'> = {
  tool: 'vault',
  run: vault,
  otherTools: { bao },
  state: vaultState,
  logins: ['.vault-token'],
  signedIn(directory, home) {
    if (existsSync(join(home, '.vault-token'))) return '.vault-token';
    const knowing = vaultState.load(directory).servers.find(({ tokens }) => tokens.length > 0);
    return knowing && `a token that ${knowing.address} still takes`;
  },
  signIn(directory, home) {
    if (!existsSync(join(home, '.vault-token'))) return;
    const token = readFileSync(join(home, '.vault-token'), 'utf8').trim();
    const world = vaultState.load(directory);
    for (const { tokens } of world.servers) if (!tokens.includes(token)) tokens.push(token);
    vaultState.save(directory, world);
  },
  refusal: 'failed to RSA decrypt the ciphertext: crypto/rsa: decryption error',
  stops: {
    refuse: { at: 'look', message: 'connect: connection refused' },
    hang: { at: 'look', message: 'context deadline exceeded' },
    'http-503': { at: 'look', message: 'no healthy upstream' },
    throttle: { at: 'unwrap', message: 'rate limit quota exceeded' },
    denied: { at: 'unwrap', message: 'permission denied' },
    'no-credentials': { at: 'unwrap', message: 'permission denied' },
    'clock-skew': { at: 'look', message: 'certificate has expired or is not yet valid' },
    'wrong-shard': { at: 'check', message: 'wrapped for' },
    'expired-sign-in': { at: 'unwrap', message: 'invalid token' },
    'unknown-authority': { at: 'look', message: 'x509: certificate signed by unknown authority' },
    'unknown-host': { at: 'look', message: 'no such host' },
    'key-disabled': { at: 'unwrap', message: 'disallowed by policy (too old)' },
    'key-deleted': { at: 'unwrap', message: 'encryption key not found' },
    sealed: { at: 'look', message: '"sealed": true' },
  },

  seed(directory, shards) {
    const token = `hvs.${hex(12)}`;
    const servers = new Map<string, VaultServer>();
    for (const shard of shards) {
      const address = shard.address.replace(/\/+$/, '');
      const ip = `192.0.2.${30 + servers.size}`;
      if (servers.has(address)) continue;
      const here = shards.filter((other) => other.address === shard.address);
      servers.set(address, {
        address,
        ip,
        sealed: false,
        tokens: [token],
        namespaces: here.map(({ namespace }) => namespace ?? ''),
        engines: here.map(({ namespace, mount }) => inNamespace(namespace, mount)),
        ...(shard.caFile === undefined ? {} : { caFile: shard.caFile }),
        keys: {},
      });
    }
    vaultState.save(directory, { servers: [...servers.values()] });
    return servers.size > 0 ? { home: { '.vault-token': token }, secrets: [token] } : {};
  },

  inject(directory, place, mode) {
    if (mode !== 'sealed' && mode !== 'key-deleted' && mode !== 'key-disabled') return 0;
    const world = vaultState.load(directory);
    let changed = 0;
    for (const server of world.servers) {
      if (place !== '' && !server.address.includes(`//${place}`)) continue;
      changed += mode === 'sealed' ? 1 : Object.keys(server.keys).length;
      if (mode === 'sealed') server.sealed = true;
      else if (mode === 'key-disabled')
        for (const key of Object.values(server.keys)) key.minDecryptionVersion = 2;
      else for (const name of Object.keys(server.keys)) delete server.keys[name];
    }
    vaultState.save(directory, world);
    return changed;
  },

  targets: ({ address }) => [`vault-transit:${new URL(address).hostname}`],

  privateKey: (directory, shard) =>
    vaultState.load(directory).servers.find((server) => server.address === shard.address)?.keys[
      keyName(inNamespace(shard.namespace, shard.mount), shard.key)
    ]?.privateKey,
};
