/**
 * What one person reaches, summed over every role, by the access structures of the shards: a shard that somebody holds or
 * has held, one whose recovery identity somebody signs in with, one whose key or sign-in somebody administers. The database
 * and its administrator hold ciphertext only, and reach none; the recovery operator signs in nowhere, and reaches none.
 *
 * PCI PIN v3.1, 21-2.4, is the measure: in a 3-of-5 one person may have two shards, and a third needs a second person.
 * What nobody opens alone is under dual control (PCI DSS 3.7.6): a safe, which two controllers open, and an HSM, which
 * answers to a PIN at the token. A controller's safes and a PIN holder's tokens are counted in the ledger and not in IND-3;
 * the token itself is counted in both, as a PIN can be told.
 */

import { isNamed, opener, openings, partsIn, type Way, ways } from './access';
import type { Deployment } from './deployment';
import type { Finding } from './finding';
import type { Role } from './roles';

/** One way in which a person reaches a shard, and the place in the file that says so. */
export interface Reach {
  readonly shard: number;
  readonly way: Way;
  readonly path: readonly (string | number)[];
}

/** Ways that need a second person. */
const dual: ReadonlySet<Way> = new Set(['safeControllers', 'hsm-user-pin-holder', 'hsm-so-pin-holder']);

/** Every way by which each person reaches a shard of the present generation, alone or with others. */
export function reach(deployment: Deployment): Map<string, Reach[]> {
  const found = new Map<string, Reach[]>();
  for (const shard of deployment.shards)
    for (const { person, way, path } of partsIn(shard, deployment))
      found.set(person, [...(found.get(person) ?? []), { shard: shard.n, way, path }]);
  return found;
}

const shardsOf = (all: readonly Reach[]): number[] =>
  [...new Set(all.map(({ shard }) => shard))].sort((a, b) => a - b);

const list = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

/** `shards 1 (custodian) and 2 (administrator of the key)` */
export function reachInWords(all: readonly Reach[]): string {
  const shards = shardsOf(all).map((n) => {
    const own = all.filter(({ shard }) => shard === n).map(({ way }) => ways[way]);
    return `${n} (${list([...new Set(own)])})`;
  });
  return `${shards.length === 1 ? 'shard' : 'shards'} ${list(shards)}`;
}

/** What counts against one person (IND-3): everything that needs no second person, with what is opened by two of the own roles. */
export function reachAlone(deployment: Deployment): Map<string, Reach[]> {
  const opens = opener(deployment);
  const alone = new Map<string, Reach[]>();
  for (const [person, all] of reach(deployment)) {
    const own = new Set(opens([person]));
    const counted = all.filter(({ shard, way }) => !dual.has(way) || own.has(shard));
    if (counted.length > 0) alone.set(person, counted);
  }
  return alone;
}

/** People who reach M shards or more by all their roles together (IND-3). */
export function reachFindings(deployment: Deployment): Finding[] {
  const { threshold } = deployment.key;
  return [...reachAlone(deployment)].flatMap(([person, all]): Finding[] => {
    // Whoever administers an identity provider and has no name reaches what it signs in to: IND-1 says so.
    if (!isNamed(person) || shardsOf(all).length < threshold) return [];
    return [
      {
        rule: 'IND-3',
        path: all.findLast(({ way }) => way !== 'former')?.path ?? ['people'],
        message: `"${person}" alone reaches ${reachInWords(all)}, and ${threshold} are enough for the key; wanted at most ${threshold - 1}`,
      },
    ];
  });
}

/** The role in which each way is a person's own. */
const roleOf: Partial<Readonly<Record<Way, Role>>> = {
  custodian: 'custodian',
  alternate: 'custodian',
  signIn: 'custodian',
  administrators: 'provider-administrator',
  safeControllers: 'safe-controller',
  'hsm-user-pin-holder': 'hsm-user-pin-holder',
  'hsm-so-pin-holder': 'hsm-so-pin-holder',
};

/** Shards that holders of a role have a part in opening: those that one opens alone, and those that need a second person. */
export function reachOfRole(deployment: Deployment, role: Role): { alone: number[]; withOthers: number[] } {
  const found: { alone: number[]; withOthers: number[] } = { alone: [], withOthers: [] };
  for (const shard of deployment.shards) {
    const own = openings(shard, deployment).filter(({ parts }) =>
      parts.some(({ way }) => roleOf[way] === role),
    );
    if (own.length === 0) continue;
    // One person in two roles is a second person for neither.
    const alone = own.some(({ parts }) => parts.length === 1);
    (alone ? found.alone : found.withOthers).push(shard.n);
  }
  return found;
}

/** What each person reaches, for the ledger. */
export interface ReachLine {
  readonly person: string;
  /** Shards that the person has a part in, alone or with a second person. */
  readonly shards: readonly number[];
  readonly words: string;
  /** Those of them that are opened alone. */
  readonly alone: readonly number[];
  /** Those that need somebody else: a second controller of the safe, or the token for a PIN. */
  readonly withOthers: readonly number[];
  /** Types where the whole key passes, in front of witnesses: at the ceremony, at a recovery. */
  readonly types: readonly ('ceremony' | 'recovery')[];
  /** M or more with others. A warning: the build refuses what one person reaches alone. */
  readonly enough: boolean;
}

/** Everybody who reaches a shard or types where the key passes, by id. */
export function reachLines(deployment: Deployment): ReachLine[] {
  const held = reach(deployment);
  const counted = reachAlone(deployment);
  const { operator, 'recovery-operator': recovery } = deployment.roles;
  return [...new Set([...held.keys(), ...operator, ...recovery])]
    .sort((a, b) => a.localeCompare(b))
    .map((person) => {
      const all = held.get(person) ?? [];
      const shards = shardsOf(all);
      const alone = shardsOf(counted.get(person) ?? []);
      return {
        person,
        shards,
        words: all.length > 0 ? reachInWords(all) : '',
        alone,
        withOthers: shards.filter((shard) => !alone.includes(shard)),
        types: [
          ...(operator.includes(person) ? (['ceremony'] as const) : []),
          ...(recovery.includes(person) ? (['recovery'] as const) : []),
        ],
        enough: shards.length >= deployment.key.threshold,
      };
    });
}
