/** Which shards a page can unwrap, and which of them are chosen. Pure. */
import type { Deployment, Shard } from '../../../src/deployment/deployment';
import type { Procedure } from '../../../src/procedure/compile';
import { countSubsets, subsets } from '../../../src/shard/search';
import { standInOf } from '../../providers/stand-ins';

/** Shards that a page can unwrap: those that some step belongs to. */
export function shardsOf({ steps }: Pick<Procedure, 'steps'>): number[] {
  return [...new Set(steps.flatMap((step) => step.shard ?? []))].sort((a, b) => a - b);
}

const targetsOf = (shard: Shard): readonly string[] => standInOf(shard.provider)?.targets(shard) ?? [];

/** The other shards that can be reached while the provider of this one has a fault: those that it does not hold in the same place. */
export function apartFrom(shard: Shard, { shards }: Deployment): number[] {
  const own = targetsOf(shard);
  return shards
    .filter((other) => other.n !== shard.n && !targetsOf(other).some((target) => own.includes(target)))
    .map(({ n }) => n);
}

/** More choices than this are not drilled one by one: 5 of 9 has 126, 4 of 10 has 210, 10 of 20 has 184,756. */
export const maximumChoices = 300;

/**
 * Every choice of so many of the shards, in order. Where there are more than `maximumChoices`, a family of at most that
 * many that covers them: the shards that stand side by side, then every second, every third and so on, from each shard
 * on. Each shard is chosen and left out, and any two of them are chosen together as far as the number allows.
 */
export function choices(shards: readonly number[], size: number): number[][] {
  const at = (indexes: readonly number[]) => indexes.map((index) => shards[index] as number);
  const { length } = shards;
  if (countSubsets(length, size) <= maximumChoices) return [...subsets(length, size)].map(at);
  const family = new Map<string, number[]>();
  for (let stride = 1; stride < length && family.size + length <= maximumChoices; stride++) {
    for (let first = 0; first < length; first++) {
      const chosen = new Set<number>();
      for (let index = first; chosen.size < size; index += stride) {
        // A stride that comes back to its beginning goes on beside it.
        while (chosen.has(index % length)) index++;
        chosen.add(index % length);
      }
      const indexes = [...chosen].sort((a, b) => a - b);
      family.set(indexes.join(' '), at(indexes));
    }
  }
  return [...family.values()];
}
