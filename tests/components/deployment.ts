/** The real deployment as the components get it. */
import { join } from 'node:path';
import { quorumInput, type StepRoles } from '../../src/components/quorumInput';
import { domains } from '../../src/deployment/domains';
import { loadDeployment } from '../../src/deployment/load';

export const deployment = loadDeployment(join(import.meta.dirname, '../../deployment.yaml'));
export const deploymentDomains = domains(deployment);

/** Steps as the unseal page has them: shard 4 needs the PIN holder, shard 5 a custodian and a safe controller. */
export const steps: readonly StepRoles[] = [
  { by: 'recovery-operator', witness: 'internal-witness', shard: 1 },
  { by: 'recovery-operator', witness: 'hsm-user-pin-holder', shard: 4 },
  { by: 'custodian', witness: 'safe-controller', shard: 5 },
  { by: 'custodian', witness: 'internal-witness', shard: 5 },
];

export const input = quorumInput(deployment, deploymentDomains, steps);
