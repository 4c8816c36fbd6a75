/** AWS KMS: an asymmetric RSA_4096 key for ENCRYPT_DECRYPT, RSAES_OAEP_SHA_256, optionally multi-Region. */
import { z } from 'zod';
import { awsKmsPermissions } from './aws-kms.permissions';
import { awsRegion, awsRegions, partitionOf } from './aws-kms.regions';
import { custody, online } from './common';
import { nextName, type ProviderKind } from './kind';

const region = z.string().regex(awsRegion, 'wanted an AWS region such as us-east-1');

const schema = z.strictObject({
  provider: z.literal('aws-kms'),
  account: z.string().regex(/^\d{12}$/, 'wanted the 12 digits of an AWS account, in quotes'),
  region,
  replicaRegion: region.optional().describe('Region of the multi-Region replica of the same key.'),
  alias: z
    .string()
    .regex(
      /^(?!aws\/)[A-Za-z0-9/_-]{1,250}$/,
      'wanted an alias without "alias/": letters, digits and / _ -, and not one of AWS itself ("aws/…")',
    )
    .describe('Alias of the key, without "alias/".'),
  ...online,
  ...custody,
});

export const awsKms: ProviderKind<z.infer<typeof schema>> = {
  name: 'AWS KMS',
  medium: 'wrapped',
  has: ['account', 'deletion-window'],
  oaepHash: () => 'sha256',
  tool: 'aws',
  schema,
  permissions: awsKmsPermissions,
  place: (shard) => shard.region,
  keyReference: (shard) =>
    `arn:${partitionOf(shard.region)}:kms:${shard.region}:${shard.account}:alias/${shard.alias}`,
  next: (shard) => ({ alias: nextName(shard.alias, 250) }),
  regions: { ...awsRegions, fields: ['region', 'replicaRegion'] },
  region: (shard) => shard.region,
  domains: ({ account, region, replicaRegion }) => [
    // Twelve digits say nothing to whoever does not own the account.
    { kind: 'account', id: account, name: `AWS ${account}` },
    // A multi-Region key outlives either of its regions.
    ...(replicaRegion === undefined ? [{ kind: 'region', id: region } as const] : []),
  ],
  operator: () => ({ id: 'aws', name: 'AWS' }),
};
