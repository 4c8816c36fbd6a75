/** Google Cloud KMS: an asymmetric decryption key, rsa-decrypt-oaep-4096-sha256. */
import { z } from 'zod';
import { custody, online } from './common';
import { gcpKmsPermissions } from './gcp-kms.permissions';
import { googleLocations } from './gcp-kms.regions';
import { nextName, type ProviderKind } from './kind';

const keyName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}$/, 'wanted a name of Cloud KMS: 1 to 63 letters, digits, _ and -');

const schema = z.strictObject({
  provider: z.literal('gcp-kms'),
  project: z
    .string()
    .regex(
      /^(?:[a-z0-9.-]+\.[a-z]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
      'wanted the id of a Google Cloud project: 6 to 30 lower-case letters, digits and dashes',
    ),
  location: z.string().regex(/^[a-z]+(-[a-z]+)*\d*$/, 'wanted a Cloud KMS location such as europe-west4'),
  keyring: keyName,
  key: keyName,
  keyVersion: z
    .int()
    .min(1)
    .max(1, 'wanted 1: the ceremony makes the key, and its first version is 1')
    .default(1)
    .describe('Version of the key that wraps the shard.'),
  ...online,
  ...custody,
});

export const gcpKms: ProviderKind<z.infer<typeof schema>> = {
  name: 'Google Cloud KMS',
  medium: 'wrapped',
  has: ['deletion-window', 'key-version'],
  oaepHash: () => 'sha256',
  tool: 'gcloud',
  schema,
  permissions: gcpKmsPermissions,
  place: (shard) => shard.location,
  keyReference: (shard) =>
    `projects/${shard.project}/locations/${shard.location}/keyRings/${shard.keyring}/cryptoKeys/${shard.key}/cryptoKeyVersions/${shard.keyVersion}`,
  container: (shard) => `projects/${shard.project}/locations/${shard.location}/keyRings/${shard.keyring}`,
  next: (shard) => ({ key: nextName(shard.key, 63), keyVersion: 1 }),
  regions: { ...googleLocations, fields: ['location'] },
  region: (shard) => shard.location,
  domains: ({ project, location }) => [
    { kind: 'account', id: project, name: `Google Cloud ${project}` },
    { kind: 'region', id: location },
  ],
  operator: () => ({ id: 'google-cloud', name: 'Google Cloud' }),
};
