/**
 * What one person reaches, summed over every role: a shard that somebody holds, one whose key somebody administers, one
 * whose HSM or safe somebody opens, one that somebody may sign in to unwrap. The database and its administrator hold
 * ciphertext only, and reach none.
 *
 * PCI PIN v3.1, 21-2.4, is the measure: in a 3-of-5 one person may have two shards, and a third needs a second person.
 * A safe that two people open is under dual control (PCI DSS 3.7.6): neither has access alone, so a controller's safes are
 * counted in the ledger and not in IND-3.
 */

import type { Deployment } from './deployment';
import type { Finding } from './finding';

const ways = {
  custodian: 'custodian',
  alternate: 'alternate',
  former: 'former custodian',
  administrators: 'administrator of the key',
  safeControllers: 'controller of the safe',
  'hsm-user-pin-holder': 'holder of the user PIN',
  'hsm-so-pin-holder': 'holder of the officer PIN',
  'recovery-operator': 'recovery operator',
} as const;

type Way = keyof typeof ways;

/** One way in which a person reaches a shard, and the place in the file that says so. */
export interface Reach {
  readonly shard: number;
  readonly way: Way;
  readonly path: readonly (string | number)[];
}

/** Every way by which each person reaches a shard of the present generation. */
export function reach(deployment: Deployment): Map<string, Reach[]> {
  const found = new Map<string, Reach[]>();
  const add = (person: string, shard: number, way: Way, path: readonly (string | number)[]) => {
    found.set(person, [...(found.get(person) ?? []), { shard, way, path }]);
  };
  for (const shard of deployment.shards) {
    const at = ['shards', shard.n - 1];
    add(shard.custodian, shard.n, 'custodian', [...at, 'custodian']);
    add(shard.alternate, shard.n, 'alternate', [...at, 'alternate']);
    shard.formerCustodians.forEach(({ person, generation }, index) => {
      if (generation === deployment.key.generation)
        add(person, shard.n, 'former', [...at, 'formerCustodians', index, 'person']);
    });
    for (const way of ['administrators', 'safeControllers'] as const) {
      const people = (shard as unknown as Partial<Record<typeof way, readonly string[]>>)[way] ?? [];
      people.forEach((person, index) => {
        add(person, shard.n, way, [...at, way, index]);
      });
    }
    if (shard.provider !== 'pkcs11-hsm') continue;
    for (const way of ['hsm-user-pin-holder', 'hsm-so-pin-holder'] as const) {
      deployment.roles[way].forEach((person, index) => {
        add(person, shard.n, way, ['roles', way, index]);
      });
    }
  }
  return found;
}

const shardsOf = (all: readonly Reach[]): number[] =>
  [...new Set(all.map(({ shard }) => shard))].sort((a, b) => a - b);

/** Shards that a recovery operator signs in to unwrap. */
const signedInto = (deployment: Deployment): number[] =>
  deployment.shards.filter((shard) => 'recoveryIdentity' in shard).map(({ n }) => n);

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

/**
 * What counts against one person (IND-3). Where M shards or more are unwrapped by signing in, every recovery operator
 * reaches them, whoever it is: the ledger warns of that. Where there are fewer, the sign-ins count with everything else.
 */
export function reachAlone(deployment: Deployment): Map<string, Reach[]> {
  const alone = new Map<string, Reach[]>();
  for (const [person, all] of reach(deployment)) {
    const own = all.filter(({ way }) => way !== 'safeControllers');
    if (own.length > 0) alone.set(person, own);
  }
  const online = signedInto(deployment);
  if (online.length >= deployment.key.threshold) return alone;
  deployment.roles['recovery-operator'].forEach((person, index) => {
    const path = ['roles', 'recovery-operator', index];
    const signsIn = online.map((shard): Reach => ({ shard, way: 'recovery-operator', path }));
    alone.set(person, [...(alone.get(person) ?? []), ...signsIn]);
  });
  return alone;
}

/** People who reach M shards or more by all their roles together (IND-3). */
export function reachFindings(deployment: Deployment): Finding[] {
  const { threshold } = deployment.key;
  return [...reachAlone(deployment)].flatMap(([person, all]): Finding[] => {
    if (shardsOf(all).length < threshold) return [];
    return [
      {
        rule: 'IND-3',
        path: all.findLast(({ way }) => way !== 'former')?.path ?? ['people'],
        message: `"${person}" alone reaches ${reachInWords(all)}, and ${threshold} are enough for the key; wanted at most ${threshold - 1}`,
      },
    ];
  });
}

/** What each person reaches, for the ledger. */
export interface ReachLine {
  readonly person: string;
  /** Alone or, as controller of a safe, with a second controller. */
  readonly shards: readonly number[];
  readonly words: string;
  /** Shards that the person can unwrap too, as somebody who may sign in to the providers as recovery operator. */
  readonly signsIn: readonly number[];
  /** Types where the whole key passes, in front of witnesses: at the ceremony, at a recovery. */
  readonly types: readonly ('ceremony' | 'recovery')[];
  /** How many shards all of this is. */
  readonly together: number;
  /** M or more. A warning: the build refuses what one person reaches alone, unless every recovery operator does. */
  readonly enough: boolean;
}

/** Everybody who reaches a shard or types where the key passes, by id. */
export function reachLines(deployment: Deployment): ReachLine[] {
  const held = reach(deployment);
  const online = signedInto(deployment);
  const { operator, 'recovery-operator': recovery } = deployment.roles;
  return [...new Set([...held.keys(), ...operator, ...recovery])]
    .sort((a, b) => a.localeCompare(b))
    .map((person) => {
      const all = held.get(person) ?? [];
      const signsIn = recovery.includes(person) ? online : [];
      const shards = shardsOf(all);
      const together = new Set([...shards, ...signsIn]).size;
      return {
        person,
        shards,
        words: all.length > 0 ? reachInWords(all) : '',
        signsIn,
        types: [
          ...(operator.includes(person) ? (['ceremony'] as const) : []),
          ...(recovery.includes(person) ? (['recovery'] as const) : []),
        ],
        together,
        enough: together >= deployment.key.threshold,
      };
    });
}
