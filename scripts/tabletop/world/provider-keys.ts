/** Asks the stand-ins for their own private keys, so that the drill can open and plant shards without the tools under test. */
import type { Shard } from '../../../src/deployment/deployment';
import { standInOf } from '../../providers/stand-ins';

/** PEM of the private key that unwraps a shard. Throws RangeError when the world has none. */
export function privateKeyOf(world: string, shard: Shard): string {
  const key = standInOf(shard.provider)?.privateKey(world, shard);
  if (key === undefined) throw new RangeError(`no key of ${shard.name} in the drill's world`);
  return key;
}
