/** Which shards a page can unwrap, and which of them are chosen. Pure. */
import type { Procedure } from '../../src/procedure/compile';
import { subsets } from '../../src/shard/search';

/** Shards that a page can unwrap: those that some step belongs to. */
export function shardsOf(procedure: Procedure): number[] {
  return [...new Set(procedure.steps.flatMap((step) => step.shard ?? []))].sort((a, b) => a - b);
}

/** Every choice of so many of the shards, in order. */
export function choices(shards: readonly number[], size: number): number[][] {
  return [...subsets(shards.length, size)].map((indexes) => indexes.map((index) => shards[index] as number));
}
