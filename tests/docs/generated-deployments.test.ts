/**
 * Generated deployments: each file is accepted, and every page that is made of it keeps the rules of the text. GENERATED_RUNS
 * says how many are tried, GENERATED_SEED which.
 */
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { walkRoom } from '../../scripts/tabletop/judging/walk';
import { disorder, planScenarios, unexplainedRefusals } from '../../scripts/tabletop/plan/plan';
import type { Deployment } from '../../src/deployment/deployment';
import { parseDeployment } from '../../src/deployment/parse';
import { formatProblem } from '../../src/deployment/problem';
import { providerIds } from '../../src/deployment/providers/registry';
import type { Procedure } from '../../src/procedure/compile';
import { loadProcedures } from '../../src/procedure/load';
import { type Draft, drafts, fileOf } from '../generated/deployments';
import { pageFaults } from './page-rules';

const root = resolve(__dirname, '../..');
const runs = Number(process.env.GENERATED_RUNS ?? 8);
const seed = Number(process.env.GENERATED_SEED ?? 1);

/** What the drill would find before it runs a command, and on pages of acts alone. */
function drillFaults(procedures: readonly Procedure[], deployment: Deployment): string[] {
  const scenarios = planScenarios(procedures, deployment);
  const walks = scenarios
    .filter(({ world }) => world === 'room')
    .map((scenario) => walkRoom(scenario, { root, deployment, procedures }));
  return [
    ...[...disorder(scenarios), ...unexplainedRefusals(scenarios)].map(formatProblem),
    ...walks.flatMap(({ id, steps, problems }) =>
      [...steps.flatMap(({ failure }) => failure ?? []), ...problems].map(({ found }) => `${id}: ${found}`),
    ),
  ];
}

/** Throws with everything that is wrong about a draft, and with its file. */
function check(draft: Draft): void {
  const file = fileOf(draft);
  const faults: string[] = [];
  try {
    const deployment = parseDeployment(file, 'deployment.yaml');
    const procedures = loadProcedures(root, deployment);
    faults.push(...pageFaults(procedures, deployment), ...drillFaults(procedures, deployment));
  } catch (error) {
    faults.push((error as Error).message);
  }
  if (faults.length > 0) throw new Error(`${faults.slice(0, 20).join('\n')}\n\n${file}`);
}

describe('a generated deployment', () => {
  it('is of every size, of each provider alone where the rules let it, and of people of many scripts', () => {
    const sample = fc.sample(drafts(), { numRuns: 500, seed });
    const files = sample.map(fileOf);
    const deployments = files.map((file) => parseDeployment(file, 'deployment.yaml'));
    const sizes = deployments.map(({ key, shards }) => `${key.threshold} of ${shards.length}`);
    expect(sizes).toContain('2 of 3');
    expect(Math.max(...deployments.map(({ shards }) => shards.length))).toBeGreaterThan(35);
    const people = deployments.map((deployment) => deployment.people.length);
    expect(Math.min(...people)).toBeLessThan(10);
    expect(Math.max(...people)).toBeGreaterThan(50);
    const mixes = new Set(
      deployments.map(({ shards }) => [...new Set(shards.map(({ provider }) => provider))].sort().join()),
    );
    for (const mix of ['paper', 'vault-transit', [...providerIds].sort().join()])
      expect(mixes).toContain(mix);
    expect([...mixes].some((mix) => !mix.includes('paper'))).toBe(true);
    const names = deployments.flatMap((deployment) => deployment.people.map(({ name }) => name)).join('\n');
    for (const script of ['Cyrillic', 'Greek', 'Han', 'Arabic', 'Hebrew', 'Devanagari', 'Thai'])
      expect(names).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'));
    expect(names).toMatch(/['"|&*_[\]#;!]/);
  });

  it(
    'has pages that keep every rule, and a drill that can be planned',
    () => {
      const whole = { tape: [], providers: [...providerIds], people: 60, threshold: 20, shards: 40 };
      fc.assert(fc.property(drafts(10), check), {
        numRuns: runs,
        seed,
        examples: [[whole], [{ ...whole, people: 6, threshold: 2, shards: 3 }]],
        interruptAfterTimeLimit: 60_000 * Math.max(4, runs),
      });
    },
    60_000 * Math.max(5, runs + 1),
  );
});
