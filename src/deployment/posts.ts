/**
 * The posts of a deployment: every entry of the file that names one person, who may not be the same, and what each reaches.
 * Built from the same lists as the checks; tests/deployment/fewest.test.ts holds both to each other.
 */
import type { Deployment, Shard } from './deployment';
import { assignedRoleIds, incompatiblePairs, type Role, witnessedPairs } from './roles';

/** One entry that names one person. */
export interface Post {
  readonly role: Role;
  /** Whose custodian, alternate, administrator or controller; undefined for a role of the whole deployment. */
  readonly shard?: number;
  /** Where the file names the person. */
  readonly path: readonly (string | number)[];
  /** Shards that the holder reaches alone by this post. */
  readonly reaches: readonly number[];
}

/** Posts to be filled, each by one person. */
export interface Posts {
  readonly posts: readonly Post[];
  /** Pairs of indexes in `posts` that one person may not hold. */
  readonly apart: readonly (readonly [number, number])[];
  /** Most shards that one person may reach: M − 1. */
  readonly most: number;
}

/** What of a shard decides who is needed. */
export interface ShardPosts {
  readonly kind: 'online' | 'hsm' | 'paper';
}

/** What decides which people a deployment needs. */
export interface PeopleShape {
  readonly threshold: number;
  readonly shards: readonly ShardPosts[];
}

function kindOfPosts(shard: Shard): ShardPosts {
  if (shard.provider === 'paper') return { kind: 'paper' };
  return { kind: shard.provider === 'pkcs11-hsm' ? 'hsm' : 'online' };
}

/** The shape of a deployment. */
export function shapeOf({ key, shards }: Deployment): PeopleShape {
  return { threshold: key.threshold, shards: shards.map(kindOfPosts) };
}

function listed({ shards }: PeopleShape): Post[] {
  const found: Post[] = assignedRoleIds.flatMap((role) =>
    Array.from({ length: role === 'approver' ? 2 : 1 }, (_, index) => ({
      role,
      path: ['roles', role, index],
      // A PIN opens nothing without the token, and the recovery operator signs in nowhere.
      reaches: [],
    })),
  );
  const add = (shard: number, role: Role, field: (string | number)[], alone: boolean) =>
    found.push({ role, shard, path: ['shards', shard - 1, ...field], reaches: alone ? [shard] : [] });
  shards.forEach(({ kind }, index) => {
    add(index + 1, 'custodian', ['custodian'], true);
    add(index + 1, 'custodian', ['alternate'], true);
    if (kind !== 'paper') add(index + 1, 'provider-administrator', ['administrators', 0], true);
    // Two open a safe, and neither alone.
    else for (const place of [0, 1]) add(index + 1, 'safe-controller', ['safeControllers', place], false);
  });
  if (shards.every(({ kind }) => kind !== 'paper'))
    for (const place of [0, 1])
      found.push({ role: 'safe-controller', path: ['roles', 'safe-controller', place], reaches: [] });
  return found;
}

/** Rules of two roles, whatever they are posts of. */
function rolesApart(a: Role, b: Role): boolean {
  const pair = (roles: readonly [Role, Role]) => roles.includes(a) && roles.includes(b) && a !== b;
  // EXT-2: who acts cannot attest to it.
  if ((a === 'external-witness') !== (b === 'external-witness')) return true;
  if (incompatiblePairs.some(({ roles }) => pair(roles))) return true;
  // TWO-1 and TWO-3. Roles with two holders always have one who is not the other.
  const two: readonly Role[] = ['approver', 'custodian'];
  if (two.includes(a) || two.includes(b)) return false;
  return witnessedPairs.some(pair);
}

/** What one person may not be at the same shard or safe. */
function postsApart(a: Post, b: Post, hsm: (shard: number) => boolean): boolean {
  const same = a.shard === b.shard;
  if (a.role === b.role) {
    // TWO-2 and TWO-3, MN-4.
    if (a.role === 'approver' || a.role === 'safe-controller' || a.role === 'custodian') return same;
    return false;
  }
  // SOD-15 and SOD-16: a holder neither opens the safe of the shard nor administers its key.
  const holder = [a, b].some(({ role }) => role === 'custodian');
  if (holder && [a, b].some(({ role }) => role === 'safe-controller' || role === 'provider-administrator'))
    return same && a.shard !== undefined;
  const pin = [a, b].some(({ role }) => role === 'hsm-user-pin-holder');
  const administered = [a, b].find(({ role }) => role === 'provider-administrator')?.shard;
  if (pin && administered !== undefined) return hsm(administered);
  return rolesApart(a.role, b.role);
}

/** Every post of a deployment of this shape, each once: an approver, a controller of a safe twice, as the rules ask for two. */
export function postsOf(shape: PeopleShape): Posts {
  const posts = listed(shape);
  const anyHsm = shape.shards.some(({ kind }) => kind === 'hsm');
  const hsm = (shard: number) => shape.shards[shard - 1]?.kind === 'hsm';
  const apart: [number, number][] = [];
  posts.forEach((a, i) => {
    posts.slice(0, i).forEach((b, j) => {
      // Without an HSM nothing is done by its PIN holders, and only what is forbidden of the roles counts.
      const idle = !anyHsm && [a, b].some(({ role }) => role.startsWith('hsm-'));
      const forbidden = idle
        ? incompatiblePairs.some(
            ({ roles }) => roles.includes(a.role) && roles.includes(b.role) && a.role !== b.role,
          ) || (a.role === 'external-witness') !== (b.role === 'external-witness')
        : postsApart(a, b, hsm);
      if (forbidden) apart.push([j, i]);
    });
  });
  return { posts, apart, most: shape.threshold - 1 };
}
