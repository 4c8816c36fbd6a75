/** Shards grouped by the set of events that hit them, and the groups split into parts that share no event. */
import type { Chance } from './chance';

/** Shards that exactly the same events hit. */
export interface Group {
  /** Positions of the events. */
  readonly events: readonly number[];
  readonly shards: number;
  /** Distribution of hits in the group when none of its events happens. */
  readonly survivors: Float64Array;
}

/** Events and groups that hang together; different components are independent. */
export interface Component {
  readonly chances: readonly Chance[];
  /** `events` here are positions in `chances`. */
  readonly groups: readonly Group[];
}

/** Splits events and groups into connected components. Events without a group fall away. */
export function components(chances: readonly Chance[], groups: readonly Group[]): Component[] {
  const root = chances.map((_, event) => event);
  const find = (event: number): number => {
    let at = event;
    while (root[at] !== at) at = root[at] as number;
    return at;
  };
  for (const group of groups) {
    for (const event of group.events) root[find(event)] = find(group.events[0] as number);
  }
  const parts = new Map<number, Group[]>();
  for (const group of groups) {
    const part = find(group.events[0] as number);
    parts.set(part, [...(parts.get(part) ?? []), group]);
  }
  return [...parts.values()].map((part) => {
    const used = [...new Set(part.flatMap((group) => group.events))].sort((a, b) => a - b);
    const position = new Map(used.map((event, index) => [event, index]));
    return {
      chances: used.map((event) => chances[event] as Chance),
      groups: part.map((group) => ({
        ...group,
        events: group.events.map((event) => position.get(event) as number),
      })),
    };
  });
}
