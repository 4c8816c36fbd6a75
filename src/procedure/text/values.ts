/** The `{{values}}` of a page: facts of the deployment, written once and read everywhere. */
import { signers } from '../../deployment/access';
import { decisionStatus, otherDecision } from '../../deployment/decisions';
import type { Deployment, Shard } from '../../deployment/deployment';
import { personName } from '../../deployment/deployment';
import { kindOf, permissionFor } from '../../deployment/providers/registry';
import { loadCommand, type Service, serviceProgram } from '../../deployment/service';
import { shardLength } from '../../shard/format';
import { countSubsets } from '../../shard/search';
import { fingerprintWords } from '../../shard/words';
import type { ProposalState } from './proposals';
import { basicPattern, type Value } from './quoted';
import { type SinkName, sinks } from './sinks';
import type { VendorFact } from './vendor-facts';

export interface Scope {
  readonly deployment: Deployment;
  /** Bound inside <EachShard>. */
  readonly shard?: Shard;
  /** Letter of the step ids of a partial that is used once a shard: S, unless <Include letter="…"> says another. */
  readonly letter?: string;
  /** Id of the step that a partial is a part of, where <Include step="…"> names it. */
  readonly step?: string;
  /** Name of the folder in memory that a partial opens or wipes, where <Include folder="…"> names it. */
  readonly folder?: string;
  /** Number of the step that looks at a key before it is used: 01, unless <Include look="…"> says another. */
  readonly look?: string;
  /** What becomes of a shard that its provider decrypts: wrapped for a recovery, unless <Include sink="…"> says otherwise. */
  readonly sink?: SinkName;
  /** Put before the number of a placeholder of the next set, so that its labels are not those of the present one. */
  readonly setMark?: string;
  /** Facts about vendors, which pages name as {{fact.ID}}. */
  readonly facts?: readonly VendorFact[];
  /** The proposals of the runbook, which pages name as {{decision.P1}}. */
  readonly proposals?: readonly ProposalState[];
  /** L, H and E before and after, as the page's front matter declares them: `state.before.live` and so on. */
  readonly state?: ReadonlyMap<string, string>;
  /** Prefix of the page's step ids, from its front matter. */
  readonly prefix?: string;
}

const placeholder = /\{\{([A-Za-z][A-Za-z0-9.-]*)\}\}/g;

function list(items: readonly string[], word: 'and' | 'or' = 'and'): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`;
}

/** Who writes a record, and who is named in it as witness: nobody witnesses their own act. */
function recorded(roles: Deployment['roles']): [string, Value][] {
  const witnesses = roles['internal-witness'];
  const pairs = roles['log-custodian'].flatMap((writer) =>
    witnesses.flatMap((witness) => (witness === writer ? [] : [{ writer, witness }])),
  );
  return pairs.slice(0, 1).flatMap(({ writer, witness }): [string, Value][] => [
    ['person.log-custodian', writer],
    ['person.internal-witness', witness],
  ]);
}

function primitives(prefix: string, record: object): [string, Value][] {
  return Object.entries(record)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .map(([key, value]) => [`${prefix}.${key}`, value as Value]);
}

/** Name of the file with the wrapped key, as the pages make it. */
const wrappedKey = 'master.wrapped';

/** How the service takes the key, where the deployment says it. */
function serviceValues(service: Service): [string, Value][] {
  return [
    ['service.importKey', service.importKey],
    ['service.words', fingerprintWords(service.importKey)],
    ['service.program', serviceProgram(service)],
    ['service.showImportKey', service.showImportKey],
    ['service.load', loadCommand(service, wrappedKey)],
    ['service.check', service.check],
    ['service.answer', service.answer],
  ];
}

/** Every value that can be named in the given scope, by name. */
export function valuesOf({
  deployment,
  shard,
  prefix,
  letter = 'S',
  step,
  folder,
  look = '01',
  sink = 'wrap',
  setMark = '',
  facts = [],
  proposals = [],
  state,
}: Scope): Map<string, Value> {
  const { key, shards, roles } = deployment;
  const values = new Map<string, Value>([
    ['organization', deployment.organization],
    ...primitives('key', key),
    ['key.bits', key.bytes * 8],
    ['key.next-generation', key.generation + 1],
    ['key.shards', shards.length],
    ['key.other-shards', shards.length - 1],
    ['key.quorums', countSubsets(shards.length, key.threshold)],
    ['key.shard-length', shardLength(key.bytes)],
    ['key.tolerated-losses', shards.length - key.threshold],
    ['key.tolerated-exposures', key.threshold - 1],
    ...primitives('database', deployment.database),
    ...(deployment.service ? serviceValues(deployment.service) : []),
    ['shards.names', list(shards.map((each) => `${each.n} (${each.name})`))],
    ['providers.names', list([...new Set(shards.map((each) => each.providerName))])],
    // All who hold a role, and whoever of them does what one person does.
    ...Object.entries(roles).flatMap(([role, people = []]): [string, Value][] => {
      const names = [...new Set(people)].map((id) => personName(deployment, id));
      return [
        [`role.${role}`, list(names)],
        [`one.${role}`, list(names, 'or')],
      ];
    }),
    // The id under which the audit trail knows who holds a role first.
    ...Object.entries(roles).map(([role, people]): [string, Value] => [
      `person.${role}`,
      people?.[0] ?? role,
    ]),
    ...recorded(roles),
  ]);
  for (const { id, value } of facts) if (!Array.isArray(value)) values.set(`fact.${id}`, value);
  for (const { number, decision } of proposals) {
    values.set(`decision.${number}`, decisionStatus(decision));
    if (decision) values.set(`decision.${number}.other`, otherDecision(decision));
  }
  values.set('letter', letter);
  values.set('look', look);
  values.set('sink', sink);
  for (const [name, text] of Object.entries(sinks[sink])) values.set(`sink.${name}`, text);
  if (!deployment.service) values.set('sink.key', 'key-file');
  if (step !== undefined) values.set('step', step);
  if (folder !== undefined) values.set('folder', folder);
  values.set('set.mark', setMark);
  if (prefix !== undefined) values.set('page.prefix', prefix);
  for (const [name, value] of state ?? []) values.set(name, value);
  if (shard) {
    for (const [name, value] of primitives('shard', shard)) values.set(name, value);
    if (shard.regionId !== undefined) {
      const there = shards.filter(({ regionId }) => regionId === shard.regionId);
      values.set('shard.regionName', `${shard.providerName} ${shard.keyRegion}`);
      values.set('shard.regionShards', list(there.map(({ n }) => String(n))));
    }
    // As sed finds it; RFC 7512 and the tools themselves take it as it is.
    if ('token' in shard) values.set('shard.tokenPattern', basicPattern(shard.token));
    // Shards of the next set are all done; of the present one, those of the chosen quorum.
    values.set('shard.when', setMark === '' ? shard.n : 'every');
    const { permissions } = kindOf(shard.provider);
    if (permissions) {
      const named = (texts: readonly string[]) => texts.map((text) => permissionFor(text, shard)).join(', ');
      values.set('shard.recoveryMay', named(permissions.recovery));
      values.set('shard.administratorMay', named(permissions.administrator));
      values.set('shard.unwraps', permissionFor(permissions.unwraps, shard));
    }
    values.set(
      'shard.signInNames',
      signers(shard)
        .map(({ person }) => personName(deployment, person))
        .join(', '),
    );
    values.set('shard.custodianName', personName(deployment, shard.custodian));
    values.set('shard.alternateName', personName(deployment, shard.alternate));
  }
  return values;
}

/** A name that no value has. The caller adds file and line. */
export class UnknownValue extends RangeError {
  constructor(name: string, known: Iterable<string>) {
    super(`unknown value {{${name}}}; known here: ${[...known].sort().join(', ')}`);
  }
}

/** The value of a name. Throws UnknownValue. */
export function valueNamed(name: string, values: ReadonlyMap<string, Value>): Value {
  const value = values.get(name);
  if (value === undefined) throw new UnknownValue(name, values.keys());
  return value;
}

/** Replaces every `{{name}}` of a directive by its bare value. Throws UnknownValue. */
export function substitute(text: string, values: ReadonlyMap<string, Value>): string {
  return text.replace(placeholder, (_, name: string) => String(valueNamed(name, values)));
}
