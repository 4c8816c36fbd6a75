/** Who holds which role, and where the file says so. */
import type { Deployment, Shard } from './deployment';
import type { Role } from './roles';

/** The people of a shard, each with the place of the entry. */
export function peopleOf(shard: Shard): [path: (string | number)[], id: string][] {
  const at = ['shards', shard.n - 1];
  const found: [(string | number)[], string][] = [
    [[...at, 'custodian'], shard.custodian],
    [[...at, 'alternate'], shard.alternate],
  ];
  shard.formerCustodians.forEach((former, index) => {
    found.push([[...at, 'formerCustodians', index, 'person'], former.person]);
  });
  for (const list of ['signIn', 'administrators', 'safeControllers'] as const) {
    const ids = (shard as unknown as Record<string, unknown>)[list] as string[] | undefined;
    ids?.forEach((id, index) => {
      found.push([[...at, list, index], id]);
    });
  }
  return found;
}

/** Who holds which role, with the place in the file that says so. Derived roles included. */
export function holders(deployment: Deployment): Map<Role, Map<string, (string | number)[]>> {
  const held = new Map<Role, Map<string, (string | number)[]>>();
  const hold = (role: Role, id: string, path: (string | number)[]) => {
    const people = held.get(role) ?? new Map();
    if (!people.has(id)) people.set(id, path);
    held.set(role, people);
  };
  for (const [role, ids = []] of Object.entries(deployment.roles)) {
    ids.forEach((id, index) => {
      hold(role as Role, id, ['roles', role, index]);
    });
  }
  for (const shard of deployment.shards) {
    for (const [path, id] of peopleOf(shard)) {
      const field = path[2];
      // Whoever signs in unwraps the shard, as its custodian does.
      if (field === 'custodian' || field === 'alternate' || field === 'signIn') hold('custodian', id, path);
      if (field === 'administrators') hold('provider-administrator', id, path);
      if (field === 'safeControllers') hold('safe-controller', id, path);
    }
  }
  return held;
}

/** Who holds a role at one shard: its own custodian and alternate, administrators or controllers; for any other role whoever holds it. */
export function holdersAt(deployment: Deployment, role: Role, number: number | undefined): string[] {
  const shard = number === undefined ? undefined : deployment.shards[number - 1];
  const own = shard as unknown as Partial<Record<string, readonly string[]>> | undefined;
  const here =
    role === 'custodian'
      ? shard && [...new Set([shard.custodian, shard.alternate, ...(own?.signIn ?? [])])]
      : role === 'provider-administrator'
        ? own?.administrators
        : role === 'safe-controller'
          ? own?.safeControllers
          : undefined;
  return [...(here ?? holders(deployment).get(role)?.keys() ?? [])];
}
