/**
 * What one person reaches, summed over every role: a shard that somebody holds, one whose key somebody administers, one
 * whose safe or HSM somebody opens. The database and its administrator hold ciphertext only, and reach none.
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

/** The fewest entries of the file that somebody else must have so that a person reaches fewer than `threshold` shards. */
function smallestChange(all: readonly Reach[], threshold: number): Reach[] {
  const shards = shardsOf(all);
  const cost = (n: number) =>
    all
      .filter(({ shard }) => shard === n)
      // What a person has once seen is seen until there is a new generation.
      .reduce((sum, { way }) => sum + (way === 'former' ? 1000 : 1), 0);
  const dropped = [...shards]
    .sort((a, b) => cost(a) - cost(b) || b - a)
    .slice(0, shards.length - threshold + 1);
  return all.filter(({ shard }) => dropped.includes(shard));
}

/**
 * People who reach M shards or more by all their roles together (IND-3). Who reaches shards as a controller of safes
 * only is left out: two controllers open a safe, and neither alone. The ledger on the page of custody counts them.
 */
export function reachFindings(deployment: Deployment): Finding[] {
  const { threshold } = deployment.key;
  return [...reach(deployment)].flatMap(([person, all]): Finding[] => {
    const shards = shardsOf(all);
    if (shards.length < threshold || all.every(({ way }) => way === 'safeControllers')) return [];
    const change = smallestChange(all, threshold);
    const mend = change.some(({ way }) => way === 'former')
      ? 'a reshare, as a shard that was seen counts until then'
      : list(change.map(({ way, shard }) => `somebody else as ${ways[way]} of shard ${shard}`));
    return [
      {
        rule: 'IND-3',
        path: change[0]?.path ?? ['people'],
        message: `"${person}" alone reaches ${reachInWords(all)}, and ${threshold} are enough for the key; wanted at most ${threshold - 1}; the smallest change: ${mend}`,
      },
    ];
  });
}

/** What each person reaches, for the ledger. */
export interface ReachLine {
  readonly person: string;
  readonly shards: readonly number[];
  readonly words: string;
  /** Shards that the person can unwrap too, as somebody who may sign in to the providers as recovery operator. */
  readonly signsIn: readonly number[];
  /** Reached with those: M or more. A warning, as the pages let one operator sign in everywhere. */
  readonly enough: boolean;
}

/** Everybody who reaches a shard, by id, those who sign in to unwrap included. */
export function reachLines(deployment: Deployment): ReachLine[] {
  const held = reach(deployment);
  const online = deployment.shards.filter((shard) => 'recoveryIdentity' in shard).map(({ n }) => n);
  const operators = deployment.roles['recovery-operator'];
  return [...new Set([...held.keys(), ...(online.length > 0 ? operators : [])])]
    .sort((a, b) => a.localeCompare(b))
    .map((person) => {
      const all = held.get(person) ?? [];
      const signsIn = operators.includes(person) ? online : [];
      const shards = shardsOf(all);
      const together = new Set([...shards, ...signsIn]);
      const words = all.length > 0 ? reachInWords(all) : '';
      return { person, shards, words, signsIn, enough: together.size >= deployment.key.threshold };
    });
}
