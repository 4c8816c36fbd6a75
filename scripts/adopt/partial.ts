/** The rules on answers that are not complete: what is missing is filled with places and people who get into nobody's way. */
import { checkDeployment } from '../../src/deployment/checks';
import { type Deployment, resolveDeployment } from '../../src/deployment/deployment';
import type { Finding } from '../../src/deployment/finding';
import { type PeopleShape, type Posts, postsOf } from '../../src/deployment/posts';
import { kindOf, providerIds } from '../../src/deployment/providers/registry';
import { assignedRoleIds } from '../../src/deployment/roles';
import { deploymentSchema } from '../../src/deployment/schema';
import { type Answers, at, type Path, put } from './answers';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly organization?: string;
}

/** The people of the answers. */
export const peopleIn = (answers: Answers): Person[] =>
  (at(answers, ['people']) as Person[] | undefined) ?? [];

/** How many shards there are to be. */
export const shardsIn = (answers: Answers): Answers[] =>
  (at(answers, ['shards']) as Answers[] | undefined) ?? [];

/** Names that no answer has, because they may not be typed. */
const unnamed = (what: string, index: number) => `unnamed-${what}-${index}`;

/** The shape of the answers; a shard whose provider is not known yet counts as paper. */
export function shapeIn(answers: Answers): PeopleShape {
  return {
    threshold: Number(at(answers, ['key', 'threshold']) ?? 2),
    shards: shardsIn(answers).map(({ provider }) => ({
      kind:
        provider === undefined || provider === 'paper'
          ? 'paper'
          : provider === 'pkcs11-hsm'
            ? 'hsm'
            : 'online',
    })),
  };
}

/** The posts of the answers. */
export const postsIn = (answers: Answers): Posts => postsOf(shapeIn(answers));

/** The people of a post as answered: one of its own, or the whole list that it is an entry of. */
export function holdersIn(answers: Answers, path: Path): string[] {
  const list = typeof path.at(-1) === 'number' ? path.slice(0, -1) : path;
  const value = at(answers, list);
  return typeof value === 'string' ? [value] : Array.isArray(value) ? (value as string[]) : [];
}

/** For fields of providers that are not answered yet: what no other shard has, so that it shares nothing with any. */
function unanswered(index: number): Answers {
  const text = unnamed('field', index);
  const short = `unnamed-${index}`;
  return {
    account: String(900_000_000_000 + index),
    region: `unnamed${index}`,
    location: `unnamed${index}`,
    address: `https://${text}.test`,
    module: `/${text}`,
    objectId: (index + 16).toString(16),
    building: unnamed('building', index),
    ...Object.fromEntries(
      ['alias', 'project', 'keyring', 'key', 'token', 'model', 'safe'].map((name) => [name, text]),
    ),
    ...Object.fromEntries(
      ['vault', 'subscription', 'identityProvider', 'recoveryIdentity'].map((name) => [name, short]),
    ),
  };
}

/** A region of AWS in which no adopter is, another for each of 40 shards, and a replica in the partition of the region. */
function awsRegions(index: number, answered: unknown): Answers {
  const side = ['north', 'south', 'east', 'west', 'central'][index % 5];
  const number = 1 + (Math.floor(index / 5) % 8);
  const region = typeof answered === 'string' ? answered : `us-isob-${side}-${number}`;
  return { region, replicaRegion: `${region.replace(/-[a-z]+-\d$/, '')}-north-9` };
}

/** A shard as answered, with fillers for the rest; where its provider takes none, a sheet of paper in a place of its own. */
function filledShard(shard: Answers, index: number): Answers {
  const people = {
    custodian: unnamed('custodian', index),
    alternate: unnamed('alternate', index),
    minutes: 1,
  };
  const two = [unnamed('controller', 2 * index), unnamed('controller', 2 * index + 1)];
  const all: Answers = { ...people, administrators: [unnamed('administrator', index)], safeControllers: two };
  const id = providerIds.find((known) => known === shard.provider);
  if (id !== undefined) {
    const { schema } = kindOf(id);
    const { shape } = schema as unknown as { shape: Record<string, unknown> };
    const fillers: Answers = { ...all, ...unanswered(index) };
    if (id === 'aws-kms') Object.assign(fillers, awsRegions(index, shard.region));
    const wanted = Object.entries(fillers).filter(([name]) => name in shape && !(name in shard));
    const filled = withoutNothing({ ...Object.fromEntries(wanted), ...shard });
    if (schema.safeParse(filled).success) return filled;
  }
  const place = { safe: unnamed('safe', index), building: unnamed('building', index) };
  const held = {
    custodian: shard.custodian ?? people.custodian,
    alternate: shard.alternate ?? people.alternate,
  };
  return { provider: 'paper', ...people, ...place, ...held, safeControllers: two };
}

/** Every id of a person that a value names. */
function idsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(idsIn) : [];
}

/** A whole deployment that says of people and places what the answers say, and nothing else that could break a rule. */
export function completed(answers: Answers): Deployment {
  const asked = shardsIn(answers);
  const shards = [...asked, ...Array(Math.max(0, 3 - asked.length)).fill({})].map(filledShard);
  const given = (at(answers, ['roles']) ?? {}) as Record<string, string[]>;
  const roles: Record<string, string[]> = Object.fromEntries(
    assignedRoleIds.map((role) => [
      role,
      [0, 1].slice(role === 'approver' ? 0 : 1).map((n) => `${unnamed(role, n)}`),
    ]),
  );
  if (!shards.some(({ provider }) => provider === 'paper'))
    roles['safe-controller'] = [unnamed('controller', 998), unnamed('controller', 999)];
  Object.assign(roles, given);
  const people = peopleIn(answers);
  const sites = (at(answers, ['sites']) ?? []) as { id: string; name: string; address: string }[];
  const fillers = new Set(idsIn([shards, roles]).filter((id) => /^unnamed-/.test(id)));
  const file = {
    organization: at(answers, ['organization']) ?? 'unnamed',
    key: {
      name: 'unnamed',
      version: 1,
      generation: 1,
      bytes: 32,
      service: 'unnamed',
      threshold: at(answers, ['key', 'threshold']) ?? 2,
    },
    database: {
      service: 'unnamed',
      recoveryRole: 'unnamed',
      exports:
        at(answers, ['database', 'exports']) ??
        [0, 1].map((index) => ({ building: unnamed('building', index), medium: 'unnamed' })),
    },
    shards,
    people: [...people, ...[...fillers].map((id) => ({ id, name: id, organization: 'unnamed elsewhere' }))],
    roles,
    sites: [
      ...sites,
      ...[...fillers].map((id) => ({ id, name: id, address: id })),
      ...shards.map((_, index) => ({ id: unnamed('building', index), name: 'x', address: 'x' })),
    ],
  };
  return resolveDeployment(deploymentSchema.parse(file) as never);
}

/** Rules that answers break already, whatever else is answered. */
export function broken(answers: Answers): Finding[] {
  const whole = completed(answers);
  // Until all shards are answered, N and what is left of it are not known.
  return checkDeployment(whole).filter(
    ({ rule, message }) => rule !== 'REF-2' && !message.includes('unnamed'),
  );
}

/** Rules that an answer breaks and that were kept before it. */
export function bites(answers: Answers, path: Path, value: unknown): Finding[] {
  const before = new Set(broken(answers).map(({ rule, message }) => `${rule} ${message}`));
  return broken(put(answers, path, value)).filter(({ rule, message }) => !before.has(`${rule} ${message}`));
}

/** The same without the entries that were answered with nothing. */
export function withoutNothing<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNothing) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== null)
      .map(([name, part]) => [name, withoutNothing(part)]),
  ) as T;
}

const defaults: Readonly<Record<string, Answers>> = {
  key: { version: 1, generation: 1, bytes: 32 },
  database: { service: 'masterkey', recoveryRole: 'masterkey-recovery' },
};

/** Answers of a file with what most people answer, where it says nothing: the first version of a key of 32 bytes, the registry. */
export function withDefaults(answers: Answers): Answers {
  const filled = Object.entries(defaults).map(([name, fields]) => {
    const given = answers[name];
    return [
      name,
      typeof given === 'object' || given === undefined ? { ...fields, ...(given as Answers) } : given,
    ];
  });
  return { ...answers, ...Object.fromEntries(filled) };
}
