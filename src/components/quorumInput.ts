/** The deployment and its procedures as plain inputs of the quorum mathematics. */
import { signers } from '../deployment/access';
import type { Deployment, Shard } from '../deployment/deployment';
import type { Domain } from '../deployment/domains';
import type { DomainInput, QuorumInput } from '../quorum/types';

/** The roles of a step, and the shard that it is about; what a compiled procedure says. */
export interface StepRoles {
  readonly by: string;
  readonly witness: string;
  readonly shard: number | undefined;
}

/** Present at every recovery, whatever the path; nobody has to be called for one shard. */
const recoveryTeam: ReadonlySet<string> = new Set([
  'recovery-lead',
  'recovery-operator',
  'internal-witness',
  'service-owner',
]);

/** People outside the recovery team whom the steps of a shard need: one for each role, and everybody who opens its safe. */
function peopleFor(shard: Shard, steps: readonly StepRoles[]): number {
  const roles = steps.filter((step) => step.shard === shard.n).flatMap(({ by, witness }) => [by, witness]);
  const called = [...new Set(roles)].filter((role) => !recoveryTeam.has(role));
  const controllers = 'safeControllers' in shard ? shard.safeControllers.length : 1;
  return called.reduce((sum, role) => sum + (role === 'safe-controller' ? controllers : 1), 0);
}

/** Of whom one must come: who signs in to unwrap, or whoever holds token or sheet. */
function keepersOf(shard: Shard): string[] {
  const signIn = signers(shard).map(({ person }) => person);
  return [...new Set(signIn.length > 0 ? signIn : [shard.custodian, shard.alternate])];
}

/** The registry outlives its database through signed exports, so the loss of the database takes no shard away. */
function fallbackOf(domain: Domain, deployment: Deployment): Pick<DomainInput, 'fallback'> {
  if (domain.kind !== 'database') return {};
  const copies = deployment.database.exports.map(({ building, medium }) => {
    const site = deployment.sites.find(({ id }) => id === building);
    return `${medium}, ${site?.name ?? building}`;
  });
  return copies.length === 0 ? {} : { fallback: copies.join('; or ') };
}

/** `steps` are those of the unseal procedure: they say whom a shard needs. */
export function quorumInput(
  deployment: Deployment,
  domains: readonly Domain[],
  steps: readonly StepRoles[],
): QuorumInput {
  return {
    threshold: deployment.key.threshold,
    shards: deployment.shards.map((shard) => ({
      n: shard.n,
      name: shard.name,
      provider: shard.providerName,
      minutes: shard.minutes,
      people: peopleFor(shard, steps),
      paper: shard.medium === 'paper',
      keepers: keepersOf(shard),
    })),
    domains: domains.map((domain) => ({ ...domain, ...fallbackOf(domain, deployment) })),
  };
}
