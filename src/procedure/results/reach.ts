/** What each place has seen over all scenarios of a drill, and what that is enough for. Pure. */
import type { Coalitions, ScenarioResult } from './drill-results';

export interface PlaceTotal {
  readonly place: string;
  readonly scenarios: number;
  /** Secrets that lay or were shown there in clear in some scenario. */
  readonly clear: readonly string[];
  /** The most shards that could be had in one scenario. */
  readonly shards: number;
  /** Scenarios in which all of it gave the key. */
  readonly rebuilds: number;
}

/** Sets of workstations that were tried over all scenarios. */
export function coalitionTotals(scenarios: readonly Pick<ScenarioResult, 'coalitions'>[]): Coalitions {
  const sum = (field: keyof Coalitions) =>
    scenarios.reduce((total, { coalitions }) => total + (coalitions?.[field] ?? 0), 0);
  return { below: sum('below'), enough: sum('enough') };
}

/** The same, in words. */
export function coalitionsInWords({ below, enough }: Coalitions): string {
  return `Workstations together: ${below} sets below the threshold, each with everything that the other places with a network have seen, did not give the key. ${enough} sets at the threshold gave it.`;
}

/** One row a place, by name; none where every page is one of a single machine. */
export function placeTotals(scenarios: readonly Pick<ScenarioResult, 'places'>[]): PlaceTotal[] {
  const totals = new Map<string, PlaceTotal>();
  for (const { place, clear, shards, rebuilds } of scenarios.flatMap(({ places = [] }) => places)) {
    const before = totals.get(place);
    totals.set(place, {
      place,
      scenarios: (before?.scenarios ?? 0) + 1,
      clear: [...new Set([...(before?.clear ?? []), ...clear])].sort(),
      shards: Math.max(before?.shards ?? 0, shards.length),
      rebuilds: (before?.rebuilds ?? 0) + (rebuilds ? 1 : 0),
    });
  }
  return [...totals.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
}
