/** Choices of shards: all of them where they are few, and a family that covers them where they are many. */
import { describe, expect, it, test } from 'vitest';
import { choices, maximumChoices } from '../../../scripts/tabletop/plan/choices';

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

describe('choices of shards', () => {
  it('are all of them, in order, where they are few', () => {
    expect(choices([1, 2, 4], 2)).toEqual([
      [1, 2],
      [1, 4],
      [2, 4],
    ]);
    expect(choices(upTo(9), 5)).toHaveLength(126);
  });

  test.each([
    [20, 10],
    [40, 20],
    [40, 2],
    [40, 38],
    [12, 6],
  ])('of %i shards by %i are a family that uses, leaves out and pairs every shard', (n, m) => {
    const family = choices(upTo(n), m);
    expect(family.length).toBeLessThanOrEqual(maximumChoices);
    expect(new Set(family.map((each) => each.join(' '))).size).toBe(family.length);
    expect(family[0]).toEqual(upTo(m));
    for (const each of family) expect(new Set(each).size).toBe(m);
    for (const shard of upTo(n)) {
      expect(family.some((each) => each.includes(shard))).toBe(true);
      expect(family.some((each) => !each.includes(shard))).toBe(true);
    }
  });
});
