/** How 255 shards can lie in 16 domains: apart, overlapping in every way that makes the exact sums long. */

export const DOMAINS = 16;

/** Whether a shard (0-based) is in a domain (0-based). */
export type Shape = (shard: number, domain: number) => boolean;

export const SHAPES: Readonly<Record<string, Shape>> = {
  'one domain a shard': (shard, domain) => shard % DOMAINS === domain,
  'two domains a shard, every pair': (shard, domain) => {
    const pair = shard % 120;
    let at = 0;
    for (let a = 0; a < DOMAINS; a++) {
      for (let b = a + 1; b < DOMAINS; b++) if (at++ === pair) return domain === a || domain === b;
    }
    return false;
  },
  'four kinds of four domains': (shard, domain) =>
    Math.floor(shard / 4 ** Math.floor(domain / 4)) % 4 === domain % 4,
  'a ring': (shard, domain) => shard % DOMAINS === domain || (shard + 1) % DOMAINS === domain,
  'every subset of eight': (shard, domain) =>
    ((shard + 1) >> (domain % 8)) % 2 === 1 && shard % 2 === domain % 2,
  'eight of sixteen': (shard, domain) => (shard * 31 + domain * domain * 7 + shard * domain) % 16 < 8,
  'a few shards cross': (shard, domain) =>
    shard % DOMAINS === domain || (shard > 235 && (shard * 7 + 3) % DOMAINS === domain),
  'one very large domain': (shard, domain) => domain === 0 || (shard % 15) + 1 === domain,
};

/** Shard numbers (1-based) of each domain. */
export function membersOf(shape: Shape, count: number): number[][] {
  const shards = Array.from({ length: count }, (_, shard) => shard);
  return Array.from({ length: DOMAINS }, (_, domain) =>
    shards.filter((shard) => shape(shard, domain)).map((shard) => shard + 1),
  );
}
