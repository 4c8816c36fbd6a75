/** Finds the stand-ins' own private keys, so that the drill can open and plant shards without the tools under test. */
import type { Shard } from '../../src/deployment/deployment';
import { load } from '../providers/world';

type Finder<Id extends Shard['provider']> = (
  world: string,
  shard: Extract<Shard, { provider: Id }>,
) => string | undefined;

const finders: { [Id in Shard['provider']]: Finder<Id> } = {
  'aws-kms': (world, shard) => {
    const account = load(world, 'aws').accounts.find((candidate) => candidate.account === shard.account);
    const alias = account?.aliases.find(
      (candidate) => candidate.name === `alias/${shard.alias}` && candidate.region === shard.region,
    );
    return account?.keys.find((key) => key.id === alias?.keyId)?.privateKey;
  },
  'azure-key-vault': (world, shard) => load(world, 'azure').vaults[shard.vault]?.keys[shard.key]?.privateKey,
  'gcp-kms': (world, shard) =>
    load(world, 'gcp')
      .projects[shard.project]?.keyrings[`${shard.location}/${shard.keyring}`]?.keys.find(
        (key) => key.name === shard.key,
      )
      ?.versions.find((version) => version.number === shard.keyVersion)?.privateKey,
  'vault-transit': (world, shard) =>
    load(world, 'vault').servers.find((server) => server.address === shard.address)?.keys[shard.key]
      ?.privateKey,
  'pkcs11-hsm': (world, shard) =>
    load(world, 'hsm')
      .modules[shard.module]?.tokens.find((token) => token.label === shard.token)
      ?.objects.find((object) => object.id === shard.objectId && object.hasPrivate)?.privateKey,
  paper: () => undefined,
};

/** PEM of the private key that unwraps a shard. Throws RangeError when the world has none. */
export function privateKeyOf(world: string, shard: Shard): string {
  const find = finders[shard.provider] as Finder<Shard['provider']>;
  const key = find(world, shard as never);
  if (key === undefined) throw new RangeError(`no key of ${shard.name} in the drill's world`);
  return key;
}
