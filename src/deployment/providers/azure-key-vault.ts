/** Azure Key Vault: an RSA key of 4096 bits for encrypt and decrypt, RSA-OAEP-256. */
import { z } from 'zod';
import { custody, online, slug } from './common';
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
  key: slug,
  ...online,
  ...custody,
});

export const azureKeyVault: ProviderKind<z.infer<typeof schema>> = {
  name: 'Azure Key Vault',
  medium: 'wrapped',
  oaepHash: 'sha256',
  tool: 'az',
  schema,
  place: (shard) => shard.vault,
  keyReference: (shard) => `https://${shard.vault}.vault.azure.net/keys/${shard.key}`,
  next: (shard) => ({ key: nextName(shard.key) }),
  operator: () => ({ id: 'azure', name: 'Azure' }),
};
