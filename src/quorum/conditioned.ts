/** Distribution of shards hit in one connected component, by conditioning on its events one after another. */
import type { Component } from './eventGroups';
import { type Commit, type Level, plan } from './eventPlan';
import { addScaled, multiply } from './polynomial';

/**
 * With F_j the distribution over the shards whose last event is j or later, given the events before j:
 * F_j = miss · z^(already hit) · (survivors of level j) · F_{j+1} + hit · z^(shards of level j) · F_{j+1}(event j hit).
 * The survivors of each level are multiplied up on the way down, a group at the moment when all its events but the
 * last are known not to have happened. Shards that are hit for sure only shift a polynomial, so its first terms,
 * all 0, are left out: its last term always stands for "all hit". Buffers are made once, for the recursion visits up
 * to `maxStates` states.
 */
export function conditioned(component: Component): Float64Array {
  const levels = plan(component);
  const depth = levels.length;
  const rest = new Array<number>(depth + 1).fill(0);
  for (let j = depth - 1; j >= 0; j--) rest[j] = (rest[j + 1] as number) + (levels[j]?.shards as number);
  const results = levels.map((_, j) => new Float64Array((rest[j] as number) + 1));
  const sizes = new Int32Array(depth);
  const memos = levels.map((level) => (level.revisited ? new Map<number, Float64Array>() : undefined));
  // Survivors of each level, given the events decided so far: the terms, and how many of them are in use.
  const products = levels.map(({ alone }) => alone);
  const lengths = Int32Array.from(levels, ({ alone }) => alone.length);
  const scratch = levels.map(({ commits }) =>
    commits.map(({ last }) => new Float64Array((levels[last]?.shards as number) + 1)),
  );
  // One frame a level is open at a time, so each level has one place for what it must put back.
  const saved = levels.map(({ lasts }) => lasts.map(() => results[0] as Float64Array));
  const savedLengths = levels.map(({ lasts }) => new Int32Array(lasts.length));

  /** Returns F_j; the number of its terms is in `sizes[j]`. */
  const solve = (j: number, state: number): Float64Array => {
    const level = levels[j] as Level;
    const memo = memos[j];
    const known = memo?.get(state & level.relevant);
    if (known !== undefined) {
      sizes[j] = known.length;
      return known;
    }
    const { commits, lasts, chance } = level;
    const out = results[j] as Float64Array;
    if (j === depth - 1) {
      // Half of all visits end here, where the rest is certain: F_j = miss · survivors + hit · z^shards.
      const length = lengths[j] as number;
      const product = products[j] as Float64Array;
      for (let k = 0; k < length; k++) out[k] = chance.miss * (product[k] as number);
      out[length - 1] = (out[length - 1] as number) + chance.hit;
      sizes[j] = length;
      return out;
    }
    const kept = saved[j] as Float64Array[];
    const keptLengths = savedLengths[j] as Int32Array;
    for (let i = 0; i < lasts.length; i++) {
      kept[i] = products[lasts[i] as number] as Float64Array;
      keptLengths[i] = lengths[lasts[i] as number] as number;
    }
    for (let c = 0; c < commits.length; c++) {
      const commit = commits[c] as Commit;
      if (state & commit.touchedBy) continue;
      const { last, survivors } = commit;
      const into = (scratch[j] as Float64Array[])[c] as Float64Array;
      const product = products[last] as Float64Array;
      lengths[last] = multiply(into, 1, survivors, survivors.length, product, lengths[last] as number);
      products[last] = into;
    }
    const spared = solve(j + 1, state);
    for (let i = 0; i < lasts.length; i++) {
      products[lasts[i] as number] = kept[i] as Float64Array;
      lengths[lasts[i] as number] = keptLengths[i] as number;
    }
    const { miss, hit } = chance;
    const product = products[j] as Float64Array;
    const size = multiply(out, miss, product, lengths[j] as number, spared, sizes[j + 1] as number);
    const struck = solve(j + 1, state | level.onHit);
    addScaled(out, size, struck, sizes[j + 1] as number, hit);
    sizes[j] = size;
    if (memo === undefined) return out;
    const remembered = out.slice(0, size);
    memo.set(state & level.relevant, remembered);
    return remembered;
  };
  return solve(0, 0);
}
