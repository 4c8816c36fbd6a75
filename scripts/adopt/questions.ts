/** What an adopter is asked, in order: the next question follows from the answers so far, so that one can stop and go on anywhere. */
import { kindOf, type ProviderId, providerIds, providers } from '../../src/deployment/providers/registry';
import { assignedRoleIds, assignedRoles } from '../../src/deployment/roles';
import { deploymentSchema } from '../../src/deployment/schema';
import { describeIssue } from '../../src/deployment/schema-problems';
import { type Answers, at, type Path } from './answers';
import { type Person, peopleIn, shapeIn, shardsIn } from './partial';
import { fewestIn, proposed } from './propose';

/** One question. */
export interface Question {
  readonly path: Path;
  readonly ask: string;
  /** Said above the question; not again when it is asked again. */
  readonly help?: string;
  /** What an empty line means; undefined where something must be typed. */
  readonly otherwise?: { readonly shown: string; readonly value: unknown };
  /** The answer is people: an answer that leaves nobody for the rest is told at once. */
  readonly people?: boolean;
  /** The value of what was typed, or what is wrong with it. */
  read(text: string): { readonly value: unknown } | { readonly fault: string };
}

interface Checked {
  safeParse(value: unknown): {
    success: boolean;
    data?: unknown;
    error?: { issues: { code: string; message: string }[] };
  };
  readonly description?: string | undefined;
}

const shapes = deploymentSchema.shape;

/** Reads a value by its part of the schema; what looks like a number is one where a number is wanted. */
function by(schema: Checked, text: string): { value: unknown } | { fault: string } {
  const typed = schema.safeParse(text);
  if (typed.success) return { value: text };
  const wanted = typed.error?.issues[0];
  const isNumber = /^\d+$/.test(text) && wanted?.code === 'invalid_type';
  const number = isNumber ? schema.safeParse(Number(text)) : undefined;
  if (number?.success) return { value: Number(text) };
  const issue = number?.error?.issues[0] ?? wanted;
  const value = isNumber ? Number(text) : text;
  return { fault: describeIssue({ ...issue, path: [] } as never, undefined, value, undefined) };
}

function field(
  path: Path,
  ask: string,
  schema: Checked,
  suggested?: string | number,
  help?: string,
): Question {
  return {
    path,
    ask,
    help: help ?? schema.description ?? '',
    ...(suggested === undefined ? {} : { otherwise: { shown: String(suggested), value: suggested } }),
    read: (text) => by(schema, text),
  };
}

/** `Ana Õun (night)` → `ana-oun-night`, and a number where that is taken. */
export function idFor(name: string, taken: readonly string[], kind: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40);
  const base = plain === '' ? kind : plain;
  const free = (id: string) => !taken.includes(id);
  if (free(base)) return base;
  for (let n = 2; ; n++) if (free(`${base}-${n}`)) return `${base}-${n}`;
}

const one = (list: readonly string[], text: string) => {
  const byNumber = /^\d+$/.test(text) ? list[Number(text) - 1] : undefined;
  return byNumber ?? list.find((item) => item === text);
};

function choice(
  path: Path,
  ask: string,
  list: readonly string[],
  help: string,
  suggested?: string,
): Question {
  return {
    path,
    ask,
    help,
    ...(suggested === undefined ? {} : { otherwise: { shown: suggested, value: suggested } }),
    read: (text) => {
      const value = one(list, text);
      return value === undefined
        ? { fault: `wanted one of ${list.join(', ')}, or its number; found "${text}"` }
        : { value };
    },
  };
}

const done = (answers: Answers, what: string) => at(answers, ['done', what]) === true;

function siteQuestion(answers: Answers): Question | undefined {
  const sites = (at(answers, ['sites']) ?? []) as { id: string; name: string; address: string }[];
  if (done(answers, 'sites') && sites.length > 0) return undefined;
  const element = shapes.sites.element.shape;
  return {
    path: ['sites', sites.length],
    ask: `Building ${sites.length + 1}: name; address`,
    help:
      sites.length > 0
        ? ''
        : 'Buildings in which a shard, an HSM, a safe or an export stands. Shards in one building are lost and breached together, so M shards are never in one (IND-1), and N − M at most (IND-2). An empty line ends the list.',
    ...(sites.length > 0 ? { otherwise: { shown: 'no more', value: undefined } } : {}),
    read: (text) => {
      const [name = '', ...rest] = text.split(';').map((part) => part.trim());
      const address = rest.join('; ');
      if (address === '')
        return {
          fault: 'wanted a name and an address, with a semicolon between: Main office; 1 High Street, Town',
        };
      for (const [schema, value] of [
        [element.name, name],
        [element.address, address],
      ] as const) {
        const read = by(schema, value);
        if ('fault' in read) return read;
      }
      return {
        value: {
          id: idFor(
            name,
            sites.map(({ id }) => id),
            'site',
          ),
          name,
          address,
        },
      };
    },
  };
}

const skipped = [
  'provider',
  'custodian',
  'alternate',
  'formerCustodians',
  'administrators',
  'safeControllers',
  'recoveryNeedsIamWrite',
];
const minutes: Readonly<Partial<Record<ProviderId, number>>> = { paper: 60, 'pkcs11-hsm': 12 };

/** What most people answer, where there is such a thing. */
function usual(answers: Answers, n: number, provider: ProviderId, name: string): string | number | undefined {
  const key = String(at(answers, ['key', 'name']) ?? 'masterkey');
  const known: Readonly<Record<string, string | number>> = {
    alias: `${key}-shard-${n}`,
    key: `${key}-shard-${n}`,
    keyring: key,
    recoveryIdentity: 'masterkey-recovery',
    token: 'masterkey-hsm',
    objectId: n.toString(16).padStart(2, '0'),
    safe: `safe-${n}`,
    minutes: minutes[provider] ?? 5,
  };
  return known[name];
}

function shardQuestion(answers: Answers, index: number): Question | undefined {
  const shard = shardsIn(answers)[index] ?? {};
  const n = index + 1;
  const names = providerIds.map((id, place) => `${place + 1} ${id} (${providers[id].name})`).join(', ');
  if (shard.provider === undefined)
    return choice(
      ['shards', index, 'provider'],
      `Shard ${n}: provider`,
      providerIds,
      index === 0
        ? `Who holds it: ${names}. No provider, account, region or sign-in may hold M shards or more.`
        : '',
    );
  const provider = shard.provider as ProviderId;
  if (!providerIds.includes(provider)) return undefined;
  const { shape } = kindOf(provider).schema as unknown as { shape: Record<string, Checked> };
  const sites = ((at(answers, ['sites']) ?? []) as { id: string }[]).map(({ id }) => id);
  for (const [name, schema] of Object.entries(shape)) {
    if (skipped.includes(name) || name in shard) continue;
    const path = ['shards', index, name];
    const ask = `Shard ${n}, ${provider}: ${name}`;
    if (name === 'building')
      return choice(path, ask, sites, `${schema.description ?? ''} Known: ${sites.join(', ')}.`);
    const without = schema.safeParse(undefined);
    if (without.success && without.data === undefined)
      return { ...field(path, `${ask} (may be empty)`, schema), otherwise: { shown: 'none', value: null } };
    const fixed = without.success ? (without.data as string | number) : usual(answers, n, provider, name);
    return field(path, ask, schema, fixed);
  }
  return undefined;
}

function databaseQuestion(answers: Answers): Question | undefined {
  const { shape } = shapes.database;
  const sites = ((at(answers, ['sites']) ?? []) as { id: string }[]).map(({ id }) => id);
  const name = at(answers, ['database', 'service']);
  if (name === undefined)
    return field(['database', 'service'], 'Shard registry: connection', shape.service, 'masterkey');
  if (at(answers, ['database', 'recoveryRole']) === undefined)
    return field(
      ['database', 'recoveryRole'],
      'Shard registry: role that reads in a recovery',
      shape.recoveryRole,
      'masterkey-recovery',
    );
  if (at(answers, ['database', 'exports']) !== undefined) return undefined;
  return {
    ...choice(
      [],
      'Building of its signed export',
      sites,
      `${shape.exports.description ?? ''} Known: ${sites.join(', ')}.`,
      sites.at(-1),
    ),
    path: ['database', 'exports'],
    ...(sites.length > 0
      ? {
          otherwise: {
            shown: sites.at(-1) ?? '',
            value: [{ building: sites.at(-1), medium: 'signed export on a USB stick' }],
          },
        }
      : {}),
    read: (text) => {
      const building = one(sites, text);
      return building === undefined
        ? { fault: `wanted one of ${sites.join(', ')}; found "${text}"` }
        : { value: [{ building, medium: 'signed export on a USB stick' }] };
    },
  };
}

function personQuestion(answers: Answers): Question | undefined {
  const people = peopleIn(answers);
  const fewest = fewestIn(answers);
  const outside = people.some(({ organization }) => organization !== undefined);
  const enough = people.length >= 2 && outside;
  if (done(answers, 'people') && enough) return undefined;
  const { shape } = shapes.people.element;
  return {
    path: ['people', people.length],
    ask: `Person ${people.length + 1}: name, or name @ organization`,
    help:
      people.length > 0
        ? ''
        : `Everybody who has a part. For these shards the rules need at least ${fewest} people in all, one of whom is of another organization (the external witness, EXT-1): write that one as "Name @ Organization". An empty line ends the list.`,
    ...(enough && people.length >= fewest ? { otherwise: { shown: 'no more', value: undefined } } : {}),
    read: (text) => {
      if (text === '')
        return {
          fault: outside
            ? `${people.length} people are too few: the rules need ${fewest} for these shards, as who acts may not watch and nobody may reach M shards`
            : 'wanted one person of another organization, as "Name @ Organization": the external witness (EXT-1)',
        };
      const [name = '', organization] = text.split(/ @ /).map((part) => part.trim());
      for (const value of [name, ...(organization === undefined ? [] : [organization])]) {
        const read = by(shape.name, value);
        if ('fault' in read) return read;
      }
      if (organization === at(answers, ['organization']))
        return {
          fault: 'wanted another organization than yours after the @; leave it out for your own people',
        };
      const same = people.find((person) => person.name === name);
      if (same) return { fault: `"${name}" is there already, as ${same.id}` };
      const person: Person = {
        id: idFor(
          name,
          people.map(({ id }) => id),
          'person',
        ),
        name,
      };
      return { value: organization === undefined ? person : { ...person, organization } };
    },
  };
}

/** A question for people: ids or names, one or several. */
function whoQuestion(answers: Answers, path: Path, ask: string, help: string, listed: boolean): Question {
  const people = peopleIn(answers);
  const suggested = proposed(answers, path);
  return {
    path,
    ask,
    help,
    people: true,
    ...(suggested === undefined
      ? {}
      : { otherwise: { shown: suggested.join(', '), value: listed ? suggested : suggested[0] } }),
    read: (text) => {
      const words = text
        .split(',')
        .map((word) => word.trim())
        .filter(Boolean);
      const ids = words.map((word) => people.find(({ id, name }) => id === word || name === word)?.id);
      const missing = ids.indexOf(undefined);
      if (missing >= 0)
        return {
          fault: `"${words[missing]}" is nobody of the list; known: ${people.map(({ id }) => id).join(', ')}`,
        };
      if (words.length === 0)
        return {
          fault: `wanted ${listed ? 'one or more people' : 'one person'}; known: ${people.map(({ id }) => id).join(', ')}`,
        };
      if (!listed && ids.length > 1) return { fault: 'wanted one person' };
      return { value: listed ? [...new Set(ids)] : ids[0] };
    },
  };
}

function postQuestion(answers: Answers): Question | undefined {
  for (const [index, shard] of shardsIn(answers).entries()) {
    const place = `Shard ${index + 1}, ${shard.provider}`;
    const asked: [string, string, string][] = [
      ['custodian', 'custodian', 'Answers for the shard.'],
      ['alternate', 'alternate', 'Stands in for the custodian, and is another person (MN-4).'],
      shard.provider === 'paper'
        ? [
            'safeControllers',
            'controllers of its safe',
            'Two who open the safe together (TWO-3), neither of whom holds the shard (SOD-15).',
          ]
        : [
            'administrators',
            'administrators of its key',
            'May change the key and not unwrap: not a recovery operator (SOD-9), not custodian or alternate of this shard (SOD-16).',
          ],
    ];
    for (const [name, what, help] of asked)
      if (!(name in shard))
        return whoQuestion(
          answers,
          ['shards', index, name],
          `${place}: ${what}`,
          index === 0 || !['custodian', 'alternate'].includes(name) ? help : '',
          !['custodian', 'alternate'].includes(name),
        );
  }
  for (const role of assignedRoleIds)
    if (at(answers, ['roles', role]) === undefined)
      return whoQuestion(answers, ['roles', role], role, assignedRoles[role], true);
  const paper = shapeIn(answers).shards.some(({ kind }) => kind === 'paper');
  return paper || at(answers, ['roles', 'safe-controller']) !== undefined
    ? undefined
    : whoQuestion(
        answers,
        ['roles', 'safe-controller'],
        'safe-controller',
        'Two who open the safes of kit and exports (REF-3).',
        true,
      );
}

/** The next question; undefined when everything is answered. */
export function nextQuestion(answers: Answers): Question | undefined {
  const missing = (path: Path) => at(answers, path) === undefined;
  if (missing(['organization'])) return field(['organization'], 'Organization', shapes.organization);
  const key = shapes.key.shape;
  if (missing(['key', 'name'])) return field(['key', 'name'], 'Name of the key', key.name, 'master-key');
  if (missing(['key', 'service']))
    return field(['key', 'service'], 'Service that loads the key', key.service);
  if (missing(['key', 'bytes'])) return field(['key', 'bytes'], 'Length of the key in bytes', key.bytes, 32);
  if (missing(['shards']))
    return {
      path: ['shards'],
      ask: 'How many shards, N',
      help: 'M of the N shards are enough for the key; N − M of them may be lost. 2 of 3 and 3 of 5 are usual.',
      otherwise: { shown: '5', value: Array.from({ length: 5 }, () => ({})) },
      read: (text) =>
        /^\d+$/.test(text) && Number(text) >= 3 && Number(text) <= 40
          ? { value: Array.from({ length: Number(text) }, () => ({})) }
          : { fault: `wanted a number from 3 to 40; found "${text}"` },
    };
  const n = shardsIn(answers).length;
  if (missing(['key', 'threshold'])) {
    return {
      ...field(['key', 'threshold'], 'How many are needed, M', key.threshold, Math.floor(n / 2) + 1),
      read: (text) =>
        /^\d+$/.test(text) && Number(text) >= n
          ? {
              fault: `${text} of ${n}: the loss of one shard would lose the key (MN-2); wanted 2 to ${n - 1}`,
            }
          : by(key.threshold, text),
    };
  }
  const places = siteQuestion(answers);
  if (places) return places;
  for (let index = 0; index < n; index++) {
    const question = shardQuestion(answers, index);
    if (question) return question;
  }
  return databaseQuestion(answers) ?? personQuestion(answers) ?? postQuestion(answers);
}
