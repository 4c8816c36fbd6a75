/** In which order to condition on events, what must be remembered on the way, and the bound beyond which it is refused. */
import type { Chance } from './chance';
import { convolve } from './distribution';
import type { Component } from './eventGroups';

/** Joint states of overlapping events that are enumerated at most: twenty overlapping domains. */
export const maxStates = 2 ** 20;

/** Bits of a state; a JavaScript shift works on 32, one is the sign. */
const maxBits = 30;

/** A group of which only the last event is still open once this level's event has not happened. */
export interface Commit {
  /** Level of the group's last event. */
  readonly last: number;
  /** Bits of the state that say that the group is already hit. */
  readonly touchedBy: number;
  readonly survivors: Float64Array;
}

/** One event: with it end the groups whose last event it is. */
export interface Level {
  readonly chance: Chance;
  /** Groups that only this event hits, as one distribution. */
  readonly alone: Float64Array;
  readonly commits: readonly Commit[];
  /** The different `last` of the commits. */
  readonly lasts: readonly number[];
  /** Shards whose last event this is. */
  readonly shards: number;
  /** Bits that are set in the state when the event happens. */
  readonly onHit: number;
  /** Bits of the state on which the rest still depends. */
  readonly relevant: number;
  /** True when several states lead to the same rest. */
  readonly revisited: boolean;
}

/** Order that keeps few decided events open; among equals the one with the most shards first, for short polynomials at the end. */
function order({ chances, groups }: Component): number[] {
  const weight = chances.map((_, event) =>
    groups.reduce((sum, group) => sum + (group.events.includes(event) ? group.shards : 0), 0),
  );
  if (chances.length > maxBits) {
    return weight.map((_, event) => event).sort((a, b) => (weight[b] as number) - (weight[a] as number));
  }
  const masks = groups.map((group) => group.events.reduce((mask, event) => mask | (1 << event), 0));
  const left = new Set(chances.keys());
  const chosen: number[] = [];
  let done = 0;
  while (left.size > 0) {
    let best = { event: -1, open: Number.POSITIVE_INFINITY, weight: 0 };
    for (const event of left) {
      const decided = done | (1 << event);
      const open = ones(masks.reduce((bits, mask) => bits | (mask & ~decided ? mask & decided : 0), 0));
      const heavy = weight[event] as number;
      if (open < best.open || (open === best.open && heavy > best.weight))
        best = { event, open, weight: heavy };
    }
    left.delete(best.event);
    chosen.push(best.event);
    done |= 1 << best.event;
  }
  return chosen;
}

function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/**
 * The levels of the conditioning. The state holds either the events that have happened or the groups that are hit,
 * whichever gives fewer states. Throws RangeError when both give more than `maxStates`.
 */
export function plan(component: Component): Level[] {
  const chosen = order(component);
  const position = new Map(chosen.map((event, index) => [event, index]));
  const placed = component.groups.map((group) => {
    const at = group.events.map((event) => position.get(event) as number).sort((a, b) => a - b);
    return { group, at, first: at[0] as number, last: at.at(-1) as number };
  });
  const byEvent = chosen.map((_, j) => {
    const open = placed.filter(({ first, last }) => first < j && last >= j);
    return new Set(open.flatMap(({ at }) => at.filter((event) => event < j)));
  });
  const byGroup = chosen.map(
    (_, j) => new Set(placed.flatMap(({ first, last }, index) => (first < j && last >= j ? [index] : []))),
  );
  const cost = (sizes: Set<number>[]) => sizes.reduce((sum, set, j) => sum + 2 ** Math.min(j, set.size), 0);
  const events = chosen.length <= maxBits ? cost(byEvent) : Number.POSITIVE_INFINITY;
  const groups = placed.length <= maxBits ? cost(byGroup) : Number.POSITIVE_INFINITY;
  if (Math.min(events, groups) > maxStates) {
    throw new RangeError(
      `domains: ${chosen.length} of them overlap over ${placed.length} groups of shards; the exact sum is limited to ${maxStates} joint states, as of 20 overlapping domains; wanted fewer or less entangled domains`,
    );
  }
  const useEvents = events <= groups;
  const bits = (set: Iterable<number>) => [...set].reduce((mask, bit) => mask | (1 << bit), 0);
  return chosen.map((event, j) => {
    const ending = placed.filter(({ last }) => last === j);
    const commits = placed.flatMap(({ group, at, last }, index) =>
      at.at(-2) === j
        ? [{ last, touchedBy: useEvents ? bits(at) : 1 << index, survivors: group.survivors }]
        : [],
    );
    const remembered = (useEvents ? byEvent : byGroup)[j] as Set<number>;
    return {
      chance: component.chances[event] as Chance,
      alone: ending
        .filter(({ first }) => first === j)
        .reduce<Float64Array>((product, { group }) => convolve(product, group.survivors), Float64Array.of(1)),
      commits,
      lasts: [...new Set(commits.map(({ last }) => last))],
      shards: ending.reduce((sum, { group }) => sum + group.shards, 0),
      onHit: useEvents ? 1 << j : bits(placed.flatMap(({ at }, index) => (at.includes(j) ? [index] : []))),
      relevant: bits(remembered),
      revisited: !useEvents || remembered.size < j,
    };
  });
}
