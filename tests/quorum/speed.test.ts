/** N = 255 with 16 domains stays under 50 ms, however the domains overlap and with every shard different. */
import { describe, expect, test } from 'vitest';
import { chance } from '../../src/quorum/chance';
import { fewestDomains } from '../../src/quorum/fewestDomains';
import { risks } from '../../src/quorum/probabilities';

const n = 255;
const domains = 16;
const limit = 50;

/** Members of the domains: shard number (0-based) and domain → is it in? */
const shapes: Record<string, (shard: number, domain: number) => boolean> = {
  'one domain a shard': (shard, domain) => shard % domains === domain,
  'two domains a shard, every pair': (shard, domain) => {
    const pair = shard % 120;
    let at = 0;
    for (let a = 0; a < domains; a++) {
      for (let b = a + 1; b < domains; b++) if (at++ === pair) return domain === a || domain === b;
    }
    return false;
  },
  'four kinds of four domains': (shard, domain) =>
    Math.floor(shard / 4 ** Math.floor(domain / 4)) % 4 === domain % 4,
  'a ring': (shard, domain) => shard % domains === domain || (shard + 1) % domains === domain,
  'every subset of eight': (shard, domain) =>
    ((shard + 1) >> (domain % 8)) % 2 === 1 && shard % 2 === domain % 2,
  'eight of sixteen': (shard, domain) => (shard * 31 + domain * domain * 7 + shard * domain) % 16 < 8,
  'a few shards cross': (shard, domain) =>
    shard % domains === domain || (shard > 235 && (shard * 7 + 3) % domains === domain),
  'one very large domain': (shard, domain) => domain === 0 || (shard % 15) + 1 === domain,
};

/** Milliseconds of processor time, best of several: the machine may have other work to do. */
function best(run: () => void): number {
  let time = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 15; i++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    time = Math.min(time, (user + system) / 1000);
  }
  return time;
}

describe(`N = ${n} with ${domains} domains in under ${limit} ms`, () => {
  test.each(Object.entries(shapes))('%s', (_, member) => {
    const members = Array.from({ length: domains }, (_, domain) =>
      Array.from({ length: n }, (_, shard) => shard + 1).filter((number) => member(number - 1, domain)),
    );
    const input = {
      shards: Array.from({ length: n }, (_, shard) => ({
        down: chance((shard + 1) / 1000),
        stolen: chance((shard + 1) / 2000),
      })),
      domains: members.map((shards, domain) => ({
        shards,
        down: chance((domain + 1) / 1000),
        stolen: chance((domain + 1) / 3000),
      })),
    };
    const both = best(() => risks(input));
    const all = risks(input);
    for (const { availability, loss } of all) expect(availability + loss).toBeCloseTo(1, 10);
    expect(both).toBeLessThan(limit);
  });

  test.each(Object.entries(shapes))('fewest domains: %s', (_, member) => {
    const input = {
      threshold: 128,
      shards: new Array(n).fill(0),
      domains: Array.from({ length: domains }, (_, domain) => ({
        kind: 'any',
        id: String(domain),
        name: String(domain),
        shards: Array.from({ length: n }, (_, shard) => shard + 1).filter((number) =>
          member(number - 1, domain),
        ),
      })),
    };
    const time = best(() => {
      fewestDomains(input, 'breach');
      fewestDomains(input, 'loss');
    });
    expect(time).toBeLessThan(limit);
  });
});
