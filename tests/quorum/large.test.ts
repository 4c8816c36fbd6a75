/** N = 255 with 16 domains is summed exactly, however the domains overlap; how long it takes is in `npm run bench -- quorum`. */
import { describe, expect, test } from 'vitest';
import { membersOf, SHAPES } from '../../scripts/bench/shapes';
import { chance } from '../../src/quorum/chance';
import { fewestDomains } from '../../src/quorum/fewestDomains';
import { risks } from '../../src/quorum/probabilities';

const n = 255;

describe.each(Object.entries(SHAPES))('%s', (_, shape) => {
  const members = membersOf(shape, n);

  test('every threshold has an availability and a loss that make 1', () => {
    const all = risks({
      shards: Array.from({ length: n }, (_, shard) => ({
        down: chance((shard + 1) / 1000),
        stolen: chance((shard + 1) / 2000),
      })),
      domains: members.map((shards, domain) => ({
        shards,
        down: chance((domain + 1) / 1000),
        stolen: chance((domain + 1) / 3000),
      })),
    });
    expect(all).toHaveLength(n);
    for (const { availability, loss } of all) expect(availability + loss).toBeCloseTo(1, 10);
    for (const [index, { loss, compromise }] of all.entries()) {
      expect(loss).toBeGreaterThanOrEqual(all[index - 1]?.loss ?? 0);
      expect(compromise).toBeLessThanOrEqual(all[index - 1]?.compromise ?? 1);
    }
  });

  test.each(['breach', 'loss'] as const)(
    'the fewest domains of a %s are enough, and each is needed',
    (harm) => {
      const { domains, target, possible } = fewestDomains(
        {
          threshold: 128,
          shards: new Array(n).fill(0),
          domains: members.map((shards, at) => ({ kind: 'any', id: `${at}`, name: `${at}`, shards })),
        },
        harm,
      );
      const touched = (chosen: typeof domains) => new Set(chosen.flatMap(({ shards }) => shards)).size;
      expect(possible).toBe(true);
      expect(touched(domains)).toBeGreaterThanOrEqual(target);
      for (const one of domains)
        expect(touched(domains.filter((other) => other !== one))).toBeLessThan(target);
    },
  );
});
