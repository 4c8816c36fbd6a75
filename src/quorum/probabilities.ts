/** Availability, loss and compromise of a set for every threshold at once, with domains that hit several shards. */
import { type Chance, chance } from './chance';
import { type CommonEvent, hitDistribution } from './correlated';
import { availability, compromise, loss, tails } from './distribution';

export interface RiskInput {
  /** For each shard 1..N: the chance that it is unusable by itself, and that it is in a thief's hands by itself. */
  readonly shards: readonly { readonly down: Chance; readonly stolen: Chance }[];
  /** For each domain: the chance that it is down, and that it is breached, with all its shards. */
  readonly domains: readonly {
    readonly down: Chance;
    readonly stolen: Chance;
    readonly shards: readonly number[];
  }[];
}

export interface Risk {
  readonly threshold: number;
  /** P(at least M shards usable). */
  readonly availability: number;
  /** P(fewer than M shards usable), summed by itself. */
  readonly loss: number;
  /** P(at least M shards in a thief's hands). */
  readonly compromise: number;
  /** False when that many shards can never be down, or stolen: only then does a probability of 0 mean "never". */
  readonly lossPossible: boolean;
  readonly compromisePossible: boolean;
}

/** Shards that have any chance to be hit, by themselves or with a domain. */
function exposedCount(input: RiskInput, which: 'down' | 'stolen'): number {
  const touched = new Set(input.domains.filter((d) => d[which].hit > 0).flatMap(({ shards }) => shards));
  return input.shards.filter((shard, index) => shard[which].hit > 0 || touched.has(index + 1)).length;
}

/** Risks for M = 1..N. Down and stolen are two separate questions; nothing is said about both at once. */
export function risks(input: RiskInput): Risk[] {
  const distribution = (which: 'down' | 'stolen') => {
    const events: CommonEvent[] = input.domains.map((domain) => ({
      chance: domain[which],
      shards: domain.shards,
    }));
    return tails(
      hitDistribution(
        input.shards.map((shard) => shard[which]),
        events,
      ),
    );
  };
  const down = distribution('down');
  const stolen = distribution('stolen');
  const count = input.shards.length;
  const mayBeDown = exposedCount(input, 'down');
  const mayBeStolen = exposedCount(input, 'stolen');
  return input.shards.map((_, index) => ({
    threshold: index + 1,
    lossPossible: mayBeDown >= count - index,
    compromisePossible: mayBeStolen >= index + 1,
    availability: availability(index + 1, down),
    loss: loss(index + 1, down),
    compromise: compromise(index + 1, stolen),
  }));
}

/** N equal independent shards: usable with probability `usable`, stolen with probability `stolen`. */
export function equalShards(count: number, usable: Chance, stolen: Chance = chance(0)): RiskInput {
  const down = { hit: usable.miss, miss: usable.hit };
  return { shards: new Array(count).fill({ down, stolen }), domains: [] };
}
