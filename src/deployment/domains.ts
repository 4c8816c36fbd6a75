/** Domains: what fails or is breached together (reference: NIST SP 800-57 Part 1 section 5.3.5 asks for the consequences; the axes are ours). */
import { signers } from './access';
import type { Deployment, Shard } from './deployment';
import { type DomainKind, domainKinds } from './domain-kinds';
import { kindOf } from './providers/registry';

export interface Domain {
  readonly kind: DomainKind;
  readonly id: string;
  readonly name: string;
  /** Shard numbers, ascending. */
  readonly shards: readonly number[];
  /** Lost with the domain: the shards cannot be used. */
  readonly losable: boolean;
  /** Breached with the domain: the shards can be read. */
  readonly breachable: boolean;
}

/** Kinds of which one failure takes the shards away; an administrator or custodian can also only be absent. */
const losable: ReadonlySet<DomainKind> = new Set([
  'provider',
  'account',
  'region',
  'identity-provider',
  'building',
  'safe',
  'database',
]);

/** The database holds ciphertext only, so its breach alone opens no shard. */
const breachable: ReadonlySet<DomainKind> = new Set(domainKinds.filter((kind) => kind !== 'database'));

/** The domains of a shard: kind, id, and the name where the id alone would not say it. */
function memberships(shard: Shard): [DomainKind, string, string | undefined][] {
  const fields = shard as unknown as Record<string, unknown>;
  const found: [DomainKind, string, string | undefined][] = [];
  const add = (kind: DomainKind, id: unknown, name?: string) => {
    if (typeof id === 'string') found.push([kind, id, name]);
  };
  const kind = kindOf(shard.provider);
  const operator = kind.operator(shard);
  add('provider', operator?.id, operator?.name);
  for (const { kind: axis, id, name } of kind.domains(shard)) add(axis, id, name);
  add('identity-provider', fields.identityProvider);
  for (const person of (fields.administrators as string[] | undefined) ?? []) add('administrator', person);
  add('building', fields.building);
  add('safe', fields.safe);
  for (const person of new Set([
    shard.custodian,
    shard.alternate,
    ...signers(shard).map(({ person }) => person),
  ]))
    add('custodian', person);
  if (shard.medium === 'wrapped') add('database', 'shard-registry', 'Shard registry');
  return found;
}

/** All domains of a deployment, in the order of `domainKinds`, then by name. A multi-Region key outlives either of its regions. */
export function domains(deployment: Deployment): Domain[] {
  const names = new Map(
    [...deployment.people, ...deployment.sites].map(({ id, name }) => [id, name] as const),
  );
  const members = new Map<string, { kind: DomainKind; id: string; name: string; shards: number[] }>();
  for (const shard of deployment.shards) {
    for (const [kind, id, name] of memberships(shard)) {
      const called = name ?? names.get(id) ?? id;
      const entry = members.get(`${kind} ${id}`) ?? { kind, id, name: called, shards: [] };
      if (!entry.shards.includes(shard.n)) entry.shards.push(shard.n);
      members.set(`${kind} ${id}`, entry);
    }
  }
  return [...members.values()]
    .map((entry) => ({
      ...entry,
      losable: losable.has(entry.kind),
      breachable: breachable.has(entry.kind),
    }))
    .sort(
      (a, b) =>
        domainKinds.indexOf(a.kind) - domainKinds.indexOf(b.kind) || a.name.localeCompare(b.name, 'en'),
    );
}
