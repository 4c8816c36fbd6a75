/** The providers that a shard can be with: one row each. */
import { z } from 'zod';
import { awsKms } from './aws-kms';
import { azureKeyVault } from './azure-key-vault';
import { gcpKms } from './gcp-kms';
import type { ProviderKind } from './kind';
import { localProviders } from './local/rows';
import { paper } from './paper';
import { pkcs11Hsm } from './pkcs11-hsm';
import { vaultTransit } from './vault-transit';

export const providers = {
  'aws-kms': awsKms,
  'gcp-kms': gcpKms,
  'azure-key-vault': azureKeyVault,
  'vault-transit': vaultTransit,
  'pkcs11-hsm': pkcs11Hsm,
  paper,
  ...localProviders,
} as const;

export type ProviderId = keyof typeof providers;

type FieldsOf<Kind> = Kind extends ProviderKind<infer Fields> ? Fields : never;

/** A shard as `deployment.yaml` writes it. */
export type ShardFields = { [Id in ProviderId]: FieldsOf<(typeof providers)[Id]> }[ProviderId];

export const providerIds = Object.keys(providers) as ProviderId[];

/** The kind of a shard, typed loosely because it is called with that very shard. */
export function kindOf(provider: ProviderId): ProviderKind<ShardFields> {
  return providers[provider] as unknown as ProviderKind<ShardFields>;
}

const firstNames = new Map(
  providerIds.flatMap((id) => {
    const { tool, otherTools = {} } = kindOf(id);
    return Object.keys(otherTools).map((other) => [other, tool ?? other] as const);
  }),
);
const otherName = new RegExp(`(^|[\\s;&|(])(${[...firstNames.keys()].join('|')})(?=\\s|$)`, 'g');

/** A line of bash with each vendor's tool under its first name, `bao status` as `vault status`: what is told of a tool holds for both. */
export function withFirstNames(line: string): string {
  return line.replace(otherName, (_, before: string, name: string) => before + firstNames.get(name));
}

/** The text of a permission for a shard: `{mount}` is the field of that name. */
export function permissionFor(permission: string, shard: object): string {
  return permission.replace(/\{([a-z]+)\}/g, (whole, field: string) =>
    String((shard as Readonly<Record<string, unknown>>)[field] ?? whole),
  );
}

const schemas = Object.values(providers).map((kind) => kind.schema) as unknown as [
  (typeof awsKms)['schema'] & z.core.$ZodTypeDiscriminable,
];

export const shardSchema = z.discriminatedUnion('provider', schemas) as unknown as z.ZodType<ShardFields>;

/** Names of the fields that some provider's shard has. */
export const shardFieldNames: readonly string[] = [
  ...new Set(
    Object.values(providers).flatMap((kind) =>
      Object.keys((kind.schema as unknown as { shape: Record<string, unknown> }).shape),
    ),
  ),
];
