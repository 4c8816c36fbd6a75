/** Questions about buildings, shards with their providers, and the registry. */
import { kindOf, type ProviderId, providerIds, providers } from '../../src/deployment/providers/registry';
import { type Answers, at } from './answers';
import { shardsIn } from './partial';
import { by, type Checked, choice, done, field, idFor, one, type Question, shapes } from './question';

export function siteQuestion(answers: Answers): Question | undefined {
  const sites = (at(answers, ['sites']) ?? []) as { id: string; name: string; address: string }[];
  if (done(answers, 'sites') && sites.length > 1) return undefined;
  const element = shapes.sites.element.shape;
  return {
    path: ['sites', sites.length],
    ask: `Building ${sites.length + 1}: name; address`,
    help:
      sites.length > 0
        ? ''
        : 'Buildings in which a shard, an HSM, a safe or an export stands. Shards in one building are lost and breached together, so M shards are never in one (IND-1), and N − M at most (IND-2). There are two at least, as exports lie apart (TWO-4). An empty line ends the list.',
    ...(sites.length > 1 ? { otherwise: { shown: 'no more', value: undefined } } : {}),
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
    recoveryIdentity: `${key}-shard-${n}`,
    token: 'masterkey-hsm',
    objectId: n.toString(16).padStart(2, '0'),
    safe: `safe-${n}`,
    minutes: minutes[provider] ?? 5,
  };
  return known[name];
}

export function shardQuestion(answers: Answers, index: number): Question | undefined {
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

export function databaseQuestion(answers: Answers): Question | undefined {
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
  const copies = (ids: readonly string[]) =>
    ids.map((building) => ({ building, medium: 'signed export on a USB stick' }));
  const usual = sites.slice(-2);
  return {
    path: ['database', 'exports'],
    ask: 'Buildings of its signed exports',
    help: `${shape.exports.description ?? ''} Two buildings at least (TWO-4). Known: ${sites.join(', ')}.`,
    otherwise: { shown: usual.join(', '), value: copies(usual) },
    read: (text) => {
      const words = text.split(',').map((word) => word.trim());
      const missing = words.find((word) => one(sites, word) === undefined);
      return missing === undefined
        ? { value: copies(words.flatMap((word) => one(sites, word) ?? [])) }
        : { fault: `wanted some of ${sites.join(', ')}, with commas between; found "${missing}"` };
    },
  };
}
