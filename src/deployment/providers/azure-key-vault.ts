/** Azure Key Vault: an RSA key of 4096 bits for encrypt and decrypt, RSA-OAEP-256. */
import { z } from 'zod';
import { azureKeyVaultPermissions } from './azure-key-vault.permissions';
import { azureRegions } from './azure-key-vault.regions';
import { custody, online } from './common';
import { nextName, type ProviderKind } from './kind';

const schema = z.strictObject({
  provider: z.literal('azure-key-vault'),
  vault: z
    .string()
    .regex(
      /^[a-z](?:-?[a-z0-9]){2,23}$/,
      'wanted the name of a key vault: 3 to 24 letters, digits and single dashes',
    ),
  region: z.string().regex(/^[a-z]+\d*$/, 'wanted an Azure region such as westeurope'),
  key: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9-]{0,126}$/,
      'wanted the name of a key: 1 to 127 letters, digits and dashes',
    ),
  subscription: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 ._()-]{0,63}$/, 'wanted the id or the name of an Azure subscription')
    .optional()
    .describe('Subscription of the vault; without it, all vaults count as one account.'),
  ...online,
  ...custody,
});

export const azureKeyVault: ProviderKind<z.infer<typeof schema>> = {
  name: 'Azure Key Vault',
  medium: 'wrapped',
  has: ['deletion-window'],
  oaepHash: () => 'sha256',
  tool: 'az',
  schema,
  permissions: azureKeyVaultPermissions,
  place: (shard) => shard.vault,
  keyReference: (shard) => `https://${shard.vault}.vault.azure.net/keys/${shard.key}`,
  next: (shard) => ({ key: nextName(shard.key, 127) }),
  regions: { ...azureRegions, fields: ['region'] },
  region: (shard) => shard.region,
  // Vaults are apart when they say so: what nobody has said must not count as independence.
  domains: ({ subscription, region }) => [
    subscription === undefined
      ? { kind: 'account', id: 'azure', name: 'Azure subscription' }
      : { kind: 'account', id: `azure ${subscription}`, name: `Azure ${subscription}` },
    { kind: 'region', id: region },
  ],
  // An identity of Entra ID is one of its tenant, whatever the subscription.
  realm: ({ identityProvider }) => identityProvider,
  operator: () => ({ id: 'azure', name: 'Azure' }),
};
