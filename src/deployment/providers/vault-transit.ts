/** HashiCorp Vault, transit secrets engine: an rsa-4096 key; ciphertext is `vault:v1:` and base64. */
import { z } from 'zod';
import { custody, online, placed, slug } from './common';
import { nextName, type ProviderKind } from './kind';

const schema = z.strictObject({
  provider: z.literal('vault-transit'),
  address: z.url({ protocol: /^https$/, hostname: /^[a-z0-9.-]+$/ }).describe('VAULT_ADDR, https.'),
  key: slug.describe('Name of the transit key.'),
  ...placed,
  ...online,
  ...custody,
});

export const vaultTransit: ProviderKind<z.infer<typeof schema>> = {
  name: 'HashiCorp Vault',
  medium: 'wrapped',
  oaepHash: 'sha256',
  tool: 'vault',
  schema,
  place: (shard) => new URL(shard.address).hostname,
  keyReference: (shard) => `${shard.address}/v1/transit/keys/${shard.key}`,
  next: (shard) => ({ key: nextName(shard.key) }),
  operator: ({ address }) => {
    const { hostname } = new URL(address);
    return { id: `vault-${hostname}`, name: `Vault ${hostname}` };
  },
};
