/** Deployments as the components get them: a fixed one for exact values, and every other one for what must always hold. */
import { join } from 'node:path';
import { quorumInput, type StepRoles } from '../../src/components/quorumInput';
import { domains } from '../../src/deployment/domains';
import { loadDeployment } from '../../src/deployment/load';

/** Steps as the unseal page has them: shard 4 needs the PIN holder, shard 5 a custodian and its safe controllers. */
const steps: readonly StepRoles[] = [
  { by: 'recovery-operator', witness: 'internal-witness', shard: 1 },
  { by: 'recovery-operator', witness: 'hsm-user-pin-holder', shard: 4 },
  { by: 'custodian', witness: 'safe-controller', shard: 5 },
  { by: 'custodian', witness: 'internal-witness', shard: 5 },
];

function load(file: string) {
  const deployment = loadDeployment(join(import.meta.dirname, file));
  return { deployment, input: quorumInput(deployment, domains(deployment), steps) };
}

export const { deployment, input } = load('3-of-5.yaml');

/** Name → deployment. */
export const deployments = Object.entries({
  example: load('../fixtures/example/deployment.yaml'),
  '3-of-5': { deployment, input },
  '4-of-7': load('../fixtures/deployments/4-of-7.yaml'),
  '2-of-3': load('../fixtures/deployments/2-of-3.yaml'),
});
