/** Names that follow from the file: of a shard on its sheet, and of the key that replaces its own. */
import { checkHolder } from '../shard/manifest';
import { type Deployment, type Shard, withNextKey } from './deployment';
import type { Finding } from './finding';

/** The field that tells a shard's place: a region, a host, a token, a safe. */
function fieldOfPlace(shard: Shard): string {
  const fields = Object.entries(shard).filter(([field]) => !['place', 'name'].includes(field));
  return (
    fields.find(([, value]) => typeof value === 'string' && value.includes(shard.place))?.[0] ?? 'provider'
  );
}

/** What `sss` and the vendors ask of these names. */
export function names(deployment: Deployment): Finding[] {
  const { shards } = deployment;
  const holders = shards.flatMap((shard): Finding[] => {
    try {
      checkHolder(shard.name);
      return [];
    } catch {
      const message = `sheet and manifest call shard ${shard.n} "${shard.name}", which no manifest can hold; wanted 120 characters at most (found ${shard.name.length}), and nothing that looks like a shard`;
      return [{ rule: 'NAME-1', path: ['shards', shard.n - 1, fieldOfPlace(shard)], message }];
    }
  });
  const keyed = shards.filter(({ medium }) => medium === 'wrapped');
  const next = new Map(keyed.map((shard) => [shard, withNextKey(shard).keyReference]));
  const taken = keyed.flatMap((shard): Finding[] => {
    const reference = next.get(shard);
    const other = keyed.find((each) => each !== shard && each.keyReference === reference);
    const same = keyed.find((each) => each.n < shard.n && next.get(each) === reference);
    if (other === undefined && same === undefined) return [];
    const what = other ? `is the key of shard ${other.n}` : `the next key of shard ${same?.n} would be too`;
    const message = `the next key of shard ${shard.n} would be ${reference}, and that ${what}; wanted another name, so that a lost key can be replaced`;
    return [{ rule: 'NAME-2', path: ['shards', shard.n - 1], message }];
  });
  return [...holders, ...taken];
}
