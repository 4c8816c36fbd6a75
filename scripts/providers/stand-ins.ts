/** The stand-ins of the providers: one row each. What a drill needs of a provider it asks here. */
import type { ProviderId } from '../../src/deployment/providers/registry';
import { awsKms } from './aws-kms/stand-in';
import { azureKeyVault } from './azure-key-vault/stand-in';
import { gcpKms } from './gcp-kms/stand-in';
import { localStandIns } from './local/rows';
import { pkcs11Hsm } from './pkcs11-hsm/stand-in';
import type { StandIn, Tool } from './stand-in';
import { vaultTransit } from './vault-transit/stand-in';

/** Providers with a tool: all but paper. */
export type ToolProvider = Exclude<ProviderId, 'paper'>;

export const standIns: { readonly [Id in ToolProvider]: StandIn<Id> } = {
  'aws-kms': awsKms,
  'azure-key-vault': azureKeyVault,
  'gcp-kms': gcpKms,
  'vault-transit': vaultTransit,
  'pkcs11-hsm': pkcs11Hsm,
  ...localStandIns,
};

/** The stand-in of a provider, typed loosely because it is called with shards of that very provider. */
export function standInOf(provider: string): StandIn<ProviderId> | undefined {
  return (standIns as unknown as Readonly<Record<string, StandIn<ProviderId>>>)[provider];
}

/** What each command of the providers runs, in the order of the rows, and then those that a shard can name instead. */
export const toolRuns: Readonly<Record<string, Tool>> = Object.fromEntries([
  ...Object.values(standIns).map(({ tool, run }): [string, Tool] => [tool, run]),
  ...Object.values(standIns).flatMap(({ otherTools = {} }: Pick<StandIn<ProviderId>, 'otherTools'>) =>
    Object.entries(otherTools),
  ),
]);

/** Names of these commands. */
export const providerTools: readonly string[] = Object.keys(toolRuns);
