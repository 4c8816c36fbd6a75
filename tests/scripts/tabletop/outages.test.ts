/** A region that is down: which runs the drill makes of its page, and which steps are done in each. */
import { describe, expect, it } from 'vitest';
import { planScenarios } from '../../../scripts/tabletop/plan/plan';
import { stepsOf } from '../../../scripts/tabletop/plan/scenario';
import { loadDeployment } from '../../../src/deployment/load';
import { loadProcedures } from '../../../src/procedure/load';
import { exampleDeployment } from '../../example';

function outagesOf(file: string) {
  const deployment = loadDeployment(file);
  const scenarios = planScenarios(loadProcedures('.', deployment), deployment).filter(({ id }) =>
    id.startsWith('emergency/region-down/'),
  );
  return { deployment, scenarios };
}

const fixture = (name: string) => `tests/fixtures/deployments/${name}.yaml`;
const files = [exampleDeployment, ...['elsewhere', 'two-of-each', 'azure', '4-of-7'].map(fixture)];

describe.each(files)('an outage in %s', (file) => {
  const { deployment, scenarios } = outagesOf(file);
  const regions = [...new Set(deployment.shards.flatMap(({ regionId }) => regionId ?? []))];

  it('is planned for each region in which a key is used, with each way to fail', () => {
    expect(regions.length).toBeGreaterThan(0);
    expect([...new Set(scenarios.map(({ down }) => down))].sort()).toEqual([...regions].sort());
    for (const region of regions) {
      const modes = scenarios
        .filter(({ down }) => down === region)
        .flatMap(({ faults }) => Object.values(faults));
      expect([...new Set(modes)].sort(), region).toEqual(['hang', 'http-503', 'refuse']);
    }
  });

  it('leaves out what the region takes away, and takes the way through the replica', () => {
    for (const scenario of scenarios) {
      const steps = stepsOf(scenario, scenario.procedures[0] as never).map(({ id }) => id);
      for (const { n, regionId, ...shard } of deployment.shards) {
        const chosen = scenario.quorum?.includes(n) ?? false;
        const isDown = regionId === scenario.down;
        const replica = 'replicaRegion' in shard && shard.replicaRegion !== undefined;
        const did = (letter: string) => steps.some((id) => id.startsWith(`RGN-${letter}${n}-`));
        expect([scenario.id, n, did('D')]).toEqual([scenario.id, n, isDown]);
        expect([scenario.id, n, did('C') || did('S')]).toEqual([scenario.id, n, chosen && !isDown]);
        expect([scenario.id, n, did('V')]).toEqual([scenario.id, n, chosen && isDown && replica]);
        expect(chosen && isDown && !replica).toBe(false);
      }
    }
  });

  it('unwraps every shard in some run that can', () => {
    const used = new Set(scenarios.flatMap(({ quorum }) => quorum ?? []));
    const reachable = deployment.shards.filter(
      (shard) => regions.some((region) => region !== shard.regionId) || 'replicaRegion' in shard,
    );
    expect(reachable.filter(({ n }) => !used.has(n)).map(({ n }) => n)).toEqual([]);
  });
});
