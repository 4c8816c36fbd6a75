/** Slow, obvious answers for small sets: every state of every event and every shard, every subset of domains. */
import type { Chance } from '../../src/quorum/chance';

export function subsets(count: number): number[][] {
  return Array.from({ length: 2 ** count }, (_, mask) =>
    Array.from({ length: count }, (_, bit) => bit).filter((bit) => (mask >> bit) & 1),
  );
}

/** P(k shards hit) by walking through all states of events and own hits. */
export function hitDistributionByStates(
  own: readonly Chance[],
  events: readonly { chance: Chance; shards: readonly number[] }[],
): number[] {
  const out = new Array<number>(own.length + 1).fill(0);
  for (const happened of subsets(events.length)) {
    const eventProbability = events.reduce(
      (product, { chance }, e) => product * (happened.includes(e) ? chance.hit : chance.miss),
      1,
    );
    for (const alone of subsets(own.length)) {
      const probability = own.reduce(
        (product, chance, i) => product * (alone.includes(i) ? chance.hit : chance.miss),
        eventProbability,
      );
      const hit = new Set(alone.map((i) => i + 1));
      for (const e of happened) for (const n of events[e]?.shards ?? []) hit.add(n);
      out[hit.size] = (out[hit.size] ?? 0) + probability;
    }
  }
  return out;
}

/** Inclusion-minimal subsets of domains that touch at least `target` shards, as sorted text. */
export function minimalSetsBySubsets(domains: readonly (readonly number[])[], target: number): string[] {
  const reaches = (set: readonly number[]) => new Set(set.flatMap((d) => domains[d] ?? [])).size >= target;
  return subsets(domains.length)
    .filter((set) => reaches(set) && set.every((d) => !reaches(set.filter((other) => other !== d))))
    .map((set) => set.join(' '))
    .sort();
}

/** Largest relative difference of two lists of numbers; differences far below any printed digit do not count. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i] as number, expected[i] as number];
    if (a !== e) worst = Math.max(worst, Math.abs(a - e) / Math.max(Math.abs(e), 1e-290));
  }
  return worst;
}
