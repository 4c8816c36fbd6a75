/** How long the mathematics of a large set takes: risks for every threshold, and the fewest domains that decide. */
import { chance } from '../../src/quorum/chance';
import { fewestDomains } from '../../src/quorum/fewestDomains';
import { risks } from '../../src/quorum/probabilities';
import { DOMAINS, membersOf, SHAPES, type Shape } from './shapes';

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

function measure(count: number, shape: Shape): [number, number] {
  const domains = membersOf(shape, count);
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
  const fewest = best(() => {
    fewestDomains(plain, 'breach');
    fewestDomains(plain, 'loss');
  });
  return [best(() => risks(input)), fewest];
}

process.stdout.write(
  `${`ms of CPU, ${DOMAINS} domains`.padEnd(46)}${'risks'.padStart(10)}${'fewest'.padStart(10)}\n`,
);
for (const [name, shape] of Object.entries(SHAPES)) {
  for (const count of [64, 128, 255]) {
    const figures = measure(count, shape).map((time) => time.toFixed(2).padStart(10));
    process.stdout.write(`${`${count} shards, ${name}`.padEnd(46)}${figures.join('')}\n`);
  }
}
process.stdout.write('wanted at 255 shards: at most 50 in either column\n');
