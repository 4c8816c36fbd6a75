/** AWS KMS: an asymmetric RSA_4096 key for ENCRYPT_DECRYPT, RSAES_OAEP_SHA_256, optionally multi-Region. */
import { z } from 'zod';
import { custody, online, slug } from './common';
import { nextName, type ProviderKind } from './kind';

const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'wanted an AWS region such as us-east-1');

const schema = z.strictObject({
  provider: z.literal('aws-kms'),
  account: z.string().regex(/^\d{12}$/, 'wanted the 12 digits of an AWS account, in quotes'),
  region,
  replicaRegion: region.optional().describe('Region of the multi-Region replica of the same key.'),
  alias: slug.describe('Alias of the key, without "alias/".'),
  ...online,
  ...custody,
});

export const awsKms: ProviderKind<z.infer<typeof schema>> = {
  name: 'AWS KMS',
  medium: 'wrapped',
  oaepHash: 'sha256',
  tool: 'aws',
  schema,
  place: (shard) => shard.region,
  keyReference: (shard) => `arn:aws:kms:${shard.region}:${shard.account}:alias/${shard.alias}`,
  next: (shard) => ({ alias: nextName(shard.alias) }),
  operator: () => ({ id: 'aws', name: 'AWS' }),
};
