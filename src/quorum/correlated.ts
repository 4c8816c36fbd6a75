/** Exact distribution of shards hit when domains hit many shards at once: conditioning on events, one after another. */
import { type Chance, either } from './chance';
import { conditioned } from './conditioned';
import { convolve, poissonBinomial } from './distribution';
import { components, type Group } from './eventGroups';
import { checkMembers, checkThreshold } from './types';

/** An event that hits all its shards together, independent of the other events. */
export interface CommonEvent {
  readonly chance: Chance;
  /** Shard numbers, 1..N. */
  readonly shards: readonly number[];
}

/**
 * P(k of N shards are hit), k = 0..N. A shard is hit by itself (`own[n - 1]`) or by any event that contains it;
 * events and own hits are independent. Exact: no sampling, no inclusion and exclusion, only sums of positive terms.
 * Throws RangeError when the events overlap in more than `maxStates` joint states.
 */
export function hitDistribution(own: readonly Chance[], events: readonly CommonEvent[]): Float64Array {
  checkThreshold(1, own.length);
  for (const [index, event] of events.entries()) {
    checkMembers(`event ${index + 1}`, event.shards, own.length);
  }
  const { free, certain, connected } = reduce(own, events);
  let out = poissonBinomial(free);
  for (const component of connected) out = convolve(out, conditioned(component));
  const shifted = new Float64Array(own.length + 1);
  shifted.set(out, certain);
  return shifted;
}

/** Removes what needs no conditioning: impossible and certain events, events of one shard, equal events. */
function reduce(own: readonly Chance[], events: readonly CommonEvent[]) {
  const chances = [...own];
  const merged = new Map<string, { chance: Chance; shards: number[] }>();
  for (const event of events) {
    if (event.chance.miss === 0) for (const n of event.shards) chances[n - 1] = event.chance;
  }
  for (const event of events) {
    if (event.chance.hit === 0) continue;
    const shards = [...new Set(event.shards)].filter((n) => chances[n - 1]?.miss !== 0).sort((a, b) => a - b);
    const key = shards.join();
    const equal = merged.get(key);
    merged.set(key, { chance: equal ? either(equal.chance, event.chance) : event.chance, shards });
  }
  const common: { chance: Chance; shards: number[] }[] = [];
  for (const event of merged.values()) {
    const [first, ...others] = event.shards;
    if (first === undefined) continue;
    if (others.length > 0) common.push(event);
    else chances[first - 1] = either(chances[first - 1] as Chance, event.chance);
  }
  const groups = new Map<string, { events: number[]; chances: Chance[] }>();
  let certain = 0;
  chances.forEach((own, index) => {
    if (own.miss === 0) {
      certain += 1;
      return;
    }
    const of = common.flatMap((event, e) => (event.shards.includes(index + 1) ? [e] : []));
    const group = groups.get(of.join()) ?? { events: of, chances: [] };
    group.chances.push(own);
    groups.set(of.join(), group);
  });
  const free = groups.get('')?.chances ?? [];
  groups.delete('');
  const shared: Group[] = [...groups.values()].map((group) => ({
    events: group.events,
    shards: group.chances.length,
    survivors: poissonBinomial(group.chances),
  }));
  return {
    free,
    certain,
    connected: components(
      common.map((event) => event.chance),
      shared,
    ),
  };
}
