/** How long the mathematics of a large set takes: risks for every threshold, and the fewest domains that decide. */
import { chance } from '../../src/quorum/chance';
import { fewestDomains } from '../../src/quorum/fewestDomains';
import { risks } from '../../src/quorum/probabilities';

const DOMAINS = 16;

/** Which shards (0-based) are in which domain: apart, in pairs of every kind, and in four kinds that cross each other. */
const SHAPES: Readonly<Record<string, (shard: number, domain: number) => boolean>> = {
  'one domain a shard': (shard, domain) => shard % DOMAINS === domain,
  'a ring of domains': (shard, domain) => shard % DOMAINS === domain || (shard + 1) % DOMAINS === domain,
  'four kinds of four domains': (shard, domain) =>
    Math.floor(shard / 4 ** Math.floor(domain / 4)) % 4 === domain % 4,
};

/** Milliseconds of processor time, best of several. */
function best(run: () => void): number {
  let time = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 10; round += 1) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    time = Math.min(time, (user + system) / 1000);
  }
  return time;
}

function measure(count: number, member: (shard: number, domain: number) => boolean): [number, number] {
  const domains = Array.from({ length: DOMAINS }, (_, domain) =>
    Array.from({ length: count }, (_, shard) => shard + 1).filter((number) => member(number - 1, domain)),
  );
  const probabilities = (offset: number) => ({
    down: chance((offset + 1) / 1000),
    stolen: chance((offset + 1) / 3000),
  });
  const input = {
    shards: Array.from({ length: count }, (_, shard) => probabilities(shard)),
    domains: domains.map((shards, domain) => ({ ...probabilities(domain), shards })),
  };
  const plain = {
    threshold: Math.ceil(count / 2),
    shards: new Array(count).fill(0),
    domains: domains.map((shards, domain) => ({ kind: 'any', id: `${domain}`, name: `${domain}`, shards })),
  };
  return [best(() => risks(input)), best(() => fewestDomains(plain, 'breach'))];
}

process.stdout.write(
  `${'ms of CPU, 16 domains'.padEnd(40)}${'risks'.padStart(10)}${'fewest'.padStart(10)}\n`,
);
for (const [shape, member] of Object.entries(SHAPES)) {
  for (const count of [64, 128, 255]) {
    const figures = measure(count, member).map((time) => time.toFixed(2).padStart(10));
    process.stdout.write(`${`${count} shards, ${shape}`.padEnd(40)}${figures.join('')}\n`);
  }
}
process.stdout.write('wanted at 255 shards: at most 50 in either column\n');
