/** Deployments of a shape, filled with people: everything that is not about people is sound. */
import { type Deployment, resolveDeployment } from '../../src/deployment/deployment';
import type { PeopleShape, Posts } from '../../src/deployment/posts';
import { assignedRoleIds } from '../../src/deployment/roles';
import { deploymentSchema } from '../../src/deployment/schema';

/** `3 of ohppp`: o is an online provider, h an HSM, p paper. */
export function shape(threshold: number, shards: string): PeopleShape {
  const kinds = { o: 'online', h: 'hsm', p: 'paper' } as const;
  return { threshold, shards: [...shards].map((kind) => ({ kind: kinds[kind as 'o' | 'h' | 'p'] })) };
}

/** The deployment in which each post is held by the person of its index. */
export function deploymentOf(
  { threshold, shards }: PeopleShape,
  { posts }: Posts,
  filled: readonly number[],
): Deployment {
  const roles: Record<string, string[]> = Object.fromEntries(assignedRoleIds.map((role) => [role, []]));
  const fields = shards.map(({ kind }, index) => {
    const n = index + 1;
    const common = { custodian: '', alternate: '', building: `site-${n}`, minutes: 5 };
    if (kind === 'paper') return { provider: 'paper', safe: `safe-${n}`, safeControllers: [], ...common };
    if (kind === 'hsm')
      return {
        provider: 'pkcs11-hsm',
        module: '/usr/lib/module.so',
        token: `token-${n}`,
        objectId: '01',
        model: 'Model',
        administrators: [],
        ...common,
      };
    return {
      provider: 'vault-transit',
      address: `https://vault-${n}.test`,
      key: 'key',
      identityProvider: `users-${n}`,
      recoveryIdentity: 'recovery',
      administrators: [],
      ...common,
    };
  }) as Record<string, unknown>[];
  posts.forEach(({ path }, post) => {
    const person = `p${filled[post]}`;
    const [where, at, field] = path as [string, string | number, string];
    if (where === 'roles') {
      roles[at] ??= [];
      roles[at].push(person);
    } else {
      const shard = fields[at as number] as Record<string, unknown>;
      if (Array.isArray(shard[field])) (shard[field] as string[]).push(person);
      else shard[field] = person;
    }
  });
  const outside = new Set(roles['external-witness']);
  return resolveDeployment(
    deploymentSchema.parse({
      organization: 'Ours',
      key: { name: 'key', version: 1, generation: 1, bytes: 32, threshold, service: 'service' },
      database: {
        service: 'masterkey',
        recoveryRole: 'recovery',
        exports: [
          { building: 'site-1', medium: 'stick' },
          { building: 'site-2', medium: 'print' },
        ],
      },
      shards: fields,
      people: [...new Set(filled)].map((index) => ({
        id: `p${index}`,
        name: `Person ${index}`,
        ...(outside.has(`p${index}`) ? { organization: 'Theirs' } : {}),
      })),
      roles,
      sites: shards.map((_, index) => ({
        id: `site-${index + 1}`,
        name: `Site ${index + 1}`,
        address: `${index + 1} Street`,
      })),
    }) as never,
  );
}
