/** A short drill of a deployment whose pages are drilled at length elsewhere. */
import type { Scenario } from './scenario';

/** What a scenario meets, besides its pages. */
function met({ quorum = [], lost, down, faults, tampering, expect, world }: Scenario): string[] {
  return [
    world,
    typeof expect === 'string' ? expect : `stop ${expect.step}`,
    ...quorum.map((shard) => `shard ${shard}`),
    ...(lost === undefined ? [] : [`lost ${lost}`]),
    ...(down === undefined ? [] : [`down ${down}`]),
    ...Object.entries(faults).map(([target, fault]) => `${target} ${fault}`),
    ...(tampering === undefined ? [] : [`${tampering.kind} ${tampering.shard}`]),
  ];
}

/**
 * The scenarios, in their order, that meet something on their pages which none before them has: a shard that is unwrapped
 * or lost, an outage, a fault, a bad shard, another end. Of the choices of 4 of 7 shards, 4 are enough; each scenario more
 * would be the same steps for the same shards in other company.
 */
export function briefly(scenarios: readonly Scenario[]): Scenario[] {
  const seen = new Set<string>();
  return scenarios.filter((scenario) => {
    const pages = scenario.procedures.map(({ file }) => file).join(' ');
    const fresh = met(scenario)
      .map((what) => `${pages}: ${what}`)
      .filter((what) => !seen.has(what));
    for (const what of fresh) seen.add(what);
    return fresh.length > 0;
  });
}
