/** Google Cloud KMS: an asymmetric decryption key, rsa-decrypt-oaep-4096-sha256. */
import { z } from 'zod';
import { custody, online, slug } from './common';
import { nextName, type ProviderKind } from './kind';

const schema = z.strictObject({
  provider: z.literal('gcp-kms'),
  project: slug,
  location: z.string().regex(/^[a-z]+(-[a-z]+)*\d*$/, 'wanted a Cloud KMS location such as europe-west4'),
  keyring: slug,
  key: slug,
  keyVersion: z.int().min(1).default(1).describe('Version of the key that wrapped the shard.'),
  ...online,
  ...custody,
});

export const gcpKms: ProviderKind<z.infer<typeof schema>> = {
  name: 'Google Cloud KMS',
  medium: 'wrapped',
  oaepHash: 'sha256',
  tool: 'gcloud',
  schema,
  place: (shard) => shard.location,
  keyReference: (shard) =>
    `projects/${shard.project}/locations/${shard.location}/keyRings/${shard.keyring}/cryptoKeys/${shard.key}/cryptoKeyVersions/${shard.keyVersion}`,
  container: (shard) => `projects/${shard.project}/locations/${shard.location}/keyRings/${shard.keyring}`,
  next: (shard) => ({ key: nextName(shard.key), keyVersion: 1 }),
  operator: () => ({ id: 'google-cloud', name: 'Google Cloud' }),
};
