/**
 * Who opens a shard: its access structure, as the smallest sets of people of whom all are needed and who are enough
 * (Benaloh and Leichter, CRYPTO 1988, call this a monotone access structure). Every rule about reach, the exposure ledger,
 * the role matrix and the recovery matrix read it from here.
 *
 * It is counted against the owner: that the ciphertext of the registry is at hand is taken for granted, whoever administers
 * a key or a sign-in is taken to use that, and whoever may fetch a sheet is taken to read it.
 */
import type { Deployment, Shard } from './deployment';

/** Each way in which a person reaches a shard, in the words of the ledger. */
export const ways = {
  custodian: 'custodian',
  alternate: 'alternate',
  signIn: 'signs in to unwrap',
  former: 'former custodian',
  administrators: 'administrator of the key',
  identityProviders: 'administrator of the sign-in',
  automations: 'signs in with nobody there',
  safeControllers: 'controller of the safe',
  'hsm-user-pin-holder': 'holder of the user PIN',
  'hsm-so-pin-holder': 'holder of the officer PIN',
} as const;

export type Way = keyof typeof ways;

type Path = readonly (string | number)[];

/** One person's part in opening a shard, and the place in the file that says so. */
export interface Part {
  readonly person: string;
  readonly way: Way;
  readonly path: Path;
}

/** People who open a shard together and of whom none can be left out. */
export interface Opening {
  /** Ids, sorted, each once. */
  readonly people: readonly string[];
  /** What each does for it; one person may do two things. */
  readonly parts: readonly Part[];
}

/** The id of the administrator of an identity provider whom the file does not name: no person has a blank in the id. */
export function unnamedAdministrator(identityProvider: string): string {
  return `administrator of ${identityProvider}`;
}

/** The id of an automation, which is no person. */
const automationId = (name: string): string => `automation ${name}`;

/** Whether this is a person of the file, and neither an automation nor an administrator whom it does not name. */
export const isNamed = (person: string): boolean => !person.includes(' ');

/**
 * Who signs in with the recovery identity of a shard, each with the place in the file: the two of `signIn`, or else
 * custodian and alternate. Nobody where no identity is signed in with: on paper, and at an HSM, which asks for a PIN.
 */
export function signers(shard: Shard): readonly Part[] {
  if (!('recoveryIdentity' in shard)) return [];
  const at = ['shards', shard.n - 1];
  return (
    shard.signIn?.map(
      (person, index): Part => ({ person, way: 'signIn', path: [...at, 'signIn', index] }),
    ) ?? [
      { person: shard.custodian, way: 'custodian', path: [...at, 'custodian'] },
      { person: shard.alternate, way: 'alternate', path: [...at, 'alternate'] },
    ]
  );
}

/** Who hold a shard or have held it in this generation (PCI PIN 21-2.4: a reassigned share counts for its former holder). */
function holdersOf(shard: Shard, generation: number): Part[] {
  const at = ['shards', shard.n - 1];
  return [
    { person: shard.custodian, way: 'custodian', path: [...at, 'custodian'] },
    { person: shard.alternate, way: 'alternate', path: [...at, 'alternate'] },
    ...shard.formerCustodians.flatMap((former, index): Part[] =>
      former.generation === generation
        ? [{ person: former.person, way: 'former', path: [...at, 'formerCustodians', index, 'person'] }]
        : [],
    ),
  ];
}

function listOf(shard: Shard, way: 'administrators' | 'safeControllers'): Part[] {
  const people = (shard as unknown as Partial<Record<typeof way, readonly string[]>>)[way] ?? [];
  return people.map((person, index) => ({ person, way, path: ['shards', shard.n - 1, way, index] }));
}

/** Who administers the sign-in of a shard, and so can sign in as anybody behind it. */
function signInAdministrators(shard: Shard, deployment: Deployment): Part[] {
  if (!('identityProvider' in shard)) return [];
  const { identityProvider } = shard;
  const way = 'identityProviders';
  const at = deployment.identityProviders?.findIndex(({ name }) => name === identityProvider) ?? -1;
  const named = deployment.identityProviders?.[at]?.administrators;
  return (
    named?.map((person, index) => ({ person, way, path: [way, at, 'administrators', index] })) ?? [
      {
        person: unnamedAdministrator(identityProvider),
        way,
        path: ['shards', shard.n - 1, 'identityProvider'],
      },
    ]
  );
}

/** Automations that sign in with the recovery identity of a shard. One that may only read states of keys reaches none. */
function automata(shard: Shard, { automations = [] }: Deployment): Part[] {
  if (!('recoveryIdentity' in shard)) return [];
  return automations.flatMap(({ name, identity, shards }, index): Part[] =>
    shards.includes(shard.n) && identity === shard.recoveryIdentity
      ? [{ person: automationId(name), way: 'automations', path: ['automations', index, 'identity'] }]
      : [],
  );
}

function pinHolders({ roles }: Deployment): Part[] {
  return (['hsm-user-pin-holder', 'hsm-so-pin-holder'] as const).flatMap((way) =>
    roles[way].map((person, index) => ({ person, way, path: ['roles', way, index] })),
  );
}

/** Everybody who has a part in opening a shard, alone or with others. */
export function partsIn(shard: Shard, deployment: Deployment): readonly Part[] {
  const signIn = signers(shard).filter(({ way }) => way === 'signIn');
  return [
    ...holdersOf(shard, deployment.key.generation),
    ...signIn,
    ...listOf(shard, 'administrators'),
    ...signInAdministrators(shard, deployment),
    ...automata(shard, deployment),
    ...listOf(shard, 'safeControllers'),
    ...(shard.provider === 'pkcs11-hsm' ? pinHolders(deployment) : []),
  ];
}

function together(...parts: Part[]): Opening {
  return { people: [...new Set(parts.map(({ person }) => person))].sort(), parts };
}

/** Only sets of which no other is a part; the first of equal ones. */
function smallest(openings: readonly Opening[]): Opening[] {
  const within = (a: Opening, b: Opening) => a.people.every((person) => b.people.includes(person));
  return openings.filter(
    (one, index) =>
      !openings.some(
        (other, at) =>
          other !== one && within(other, one) && (other.people.length < one.people.length || at < index),
      ),
  );
}

/** Every pair of different people among these; the one person alone where there is no second. */
function pairs(parts: readonly Part[]): Opening[] {
  const people = new Set(parts.map(({ person }) => person));
  if (people.size < 2) return parts.slice(0, 1).map((part) => together(part));
  return parts.flatMap((part, index) =>
    parts
      .slice(index + 1)
      .filter(({ person }) => person !== part.person)
      .map((other) => together(part, other)),
  );
}

/**
 * The smallest sets of people who open a shard.
 * - A key that is signed in to: whoever signs in, administers the key or the sign-in, or has held the shard; each alone.
 * - An HSM: whoever holds or administers the token, together with the holder of a PIN.
 * - Paper: custodian and alternate, who may fetch the bag, and former ones; each alone. Or two controllers of the safe.
 */
export function openings(shard: Shard, deployment: Deployment): Opening[] {
  const holders = holdersOf(shard, deployment.key.generation);
  const administrators = listOf(shard, 'administrators');
  if (shard.provider === 'pkcs11-hsm') {
    const places = [...holders, ...administrators];
    return smallest(pinHolders(deployment).flatMap((pin) => places.map((place) => together(place, pin))));
  }
  if (shard.medium === 'paper')
    return smallest([...holders.map((part) => together(part)), ...pairs(listOf(shard, 'safeControllers'))]);
  const former = holders.filter(({ way }) => way === 'former');
  const alone = [
    ...signers(shard),
    ...former,
    ...administrators,
    ...signInAdministrators(shard, deployment),
    ...automata(shard, deployment),
  ];
  return smallest(alone.map((part) => together(part)));
}

/** What people open together: a function of their ids that gives the shards, ascending. */
export function opener(deployment: Deployment): (people: Iterable<string>) => number[] {
  const sets = deployment.shards.map((shard) => ({
    n: shard.n,
    // Sets of one are looked up, and the few of two are tried.
    alone: new Set(
      openings(shard, deployment).flatMap(({ people: [one, ...more] }) =>
        one !== undefined && more.length === 0 ? [one] : [],
      ),
    ),
    joint: openings(shard, deployment).filter(({ people }) => people.length > 1),
  }));
  return (people) => {
    const all = new Set(people);
    return sets.flatMap(({ n, alone, joint }) =>
      [...all].some((person) => alone.has(person)) ||
      joint.some((set) => set.people.every((person) => all.has(person)))
        ? [n]
        : [],
    );
  };
}

/** Everybody who has a part in opening any shard, by id. */
export function everybody(deployment: Deployment): string[] {
  const all = deployment.shards.flatMap((shard) => partsIn(shard, deployment).map(({ person }) => person));
  return [...new Set(all)].sort((a, b) => a.localeCompare(b));
}
