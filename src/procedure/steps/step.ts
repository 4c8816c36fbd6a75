/** A step and its contract: who acts, who witnesses, which event it leaves, and how it is undone or what guards it. */
import type { AuditAction } from '../../audit/actions';
import { isAuditAction } from '../../audit/actions';
import type { Role } from '../../deployment/roles';
import { roleIds } from '../../deployment/roles';
import type { Place, SourceLine } from '../text/source';
import type { Act } from '../vocabulary/acts';
import { actNames } from '../vocabulary/acts';
import type { Fact } from '../vocabulary/facts';
import { factNames } from '../vocabulary/facts';
import type { FaultMode } from '../vocabulary/faults';
import { type PlaceKind, placeKinds, placeName } from '../vocabulary/places';

/** What else must be seen, when it is another fault of the same kind that is on. */
export interface SeenInstead {
  readonly fault: FaultMode;
  readonly exit: number;
  readonly stream: 'out' | 'err' | 'both';
  readonly expected: readonly SourceLine[];
}

/** What the operator types and what must be seen. */
export interface Command {
  readonly language: string;
  readonly title: string | undefined;
  readonly lines: readonly SourceLine[];
  readonly exit: number;
  readonly timeoutSeconds: number;
  /** What is entered when the command asks: names of secrets that the drill knows, joined by commas in the order of the prompts. */
  readonly input: string | undefined;
  readonly stream: 'out' | 'err' | 'both';
  /** Lines that must be printed; empty when the page says that it prints nothing. */
  readonly expected: readonly SourceLine[];
  /** Further output fences of the step, each for a fault. */
  readonly instead: readonly SeenInstead[];
}

/** Files that a step carries from the working folder of one place to that of another. One of the two is the step's own. */
export interface Crossing {
  /** Names of files; one `*` stands for any part of a name. */
  readonly files: readonly string[];
  readonly from: PlaceKind;
  readonly to: PlaceKind;
}

export interface Step extends Place {
  readonly id: string;
  readonly by: Role;
  readonly witness: Role;
  readonly log: readonly AuditAction[];
  readonly minutes: number;
  readonly requires: readonly Fact[];
  readonly sets: readonly Fact[];
  readonly clears: readonly Fact[];
  readonly reversal: 'undo' | 'compensate' | 'irreversible';
  /** How to undo it, which procedure compensates it, or why it cannot be undone. */
  readonly reversalText: string;
  /** The fact that must hold before an irreversible step. */
  readonly gate: Fact | undefined;
  /** Only done when this shard belongs to the chosen quorum; `every` in a page means: whatever is chosen. */
  readonly shard: number | undefined;
  /** Only done when this shard is the lost one. */
  readonly lost: number | undefined;
  /** Only done while this region is down, or only while it is not: `aws-kms:us-east-1`. */
  readonly down?: string;
  readonly up?: string;
  /** Also done after an earlier step has failed: it leaves the room clean. */
  readonly always: boolean;
  /** Exactly one of the two: a command, or an act of people. */
  readonly command: Command | undefined;
  readonly act: Act | undefined;
  /** Where it happens; undefined on a page that tells no places, where all is done on one machine. */
  readonly place?: PlaceKind;
  /** What it carries between its place and another: after its command, or before it where it comes from there. */
  readonly crossing?: Crossing;
  /** Fields of forms that are written in it, beside those that its actions leave: `ceremony-log:values.set`. */
  readonly records: readonly string[];
  /** Prefixes of the pages of which one is followed in this step; `RPL*`: once for each lost shard; `none`: or no page. */
  readonly calls: readonly string[];
  /** The instruction as plain text, without the command. */
  readonly text: string;
  /** Heading under which the step stands. */
  readonly section: string;
}

export const stepAttributes = [
  'id',
  'by',
  'witness',
  'log',
  'records',
  'minutes',
  'requires',
  'sets',
  'clears',
  'undo',
  'compensate',
  'irreversible',
  'gate',
  'shard',
  'lost',
  'always',
  'act',
  'calls',
  'place',
  'crosses',
  'from',
  'to',
] as const;

/** Whether a step is done when this shard is the lost one and this region is down. */
export const isDone = (
  { lost, down, up }: Pick<Step, 'lost' | 'down' | 'up'>,
  now: { readonly lost?: number | undefined; readonly down?: string | undefined },
): boolean =>
  (lost === undefined || lost === now.lost) &&
  (down === undefined || down === now.down) &&
  (up === undefined || up !== now.down);

/** `UNS-04`, `UNS-S1-04` for a step of a partial that a page uses once a shard, or `UNS-Z1-01` for one that is about no shard: Z. */
export const stepId = /^([A-Z]{3}(?:-[A-Z]\d+)?)-(\d{2})$/;

/** Number of the shard that a step is about, also where it is done for every quorum; undefined where it is about none. */
export function shardOf({ id, shard, lost }: Pick<Step, 'id' | 'shard' | 'lost'>): number | undefined {
  const [, number] = /-[A-Y](\d+)-/.exec(id) ?? [];
  return shard ?? lost ?? (number === undefined ? undefined : Number(number));
}

/** Name of the place of a step, as `workstation-2`; undefined on a page that tells no places. */
export const placeOf = (step: Pick<Step, 'id' | 'shard' | 'lost' | 'place'>): string | undefined =>
  step.place && placeName(step.place, shardOf(step));

type Attributes = Partial<Record<(typeof stepAttributes)[number], string>>;

export type StepAttributes = Omit<Step, 'file' | 'line' | 'command' | 'text' | 'section'>;

const words = (text: string | undefined) => (text ?? '').split(/\s+/).filter(Boolean);

/** Reads `crosses` with its `from` or `to`. Adds to `wrong` what breaks the contract. */
function readCrossing(
  { crosses, from, to }: Attributes,
  place: PlaceKind | undefined,
  wrong: string[],
): Crossing | undefined {
  const other = from ?? to;
  if (crosses === undefined) {
    if (other !== undefined) wrong.push(`${from === undefined ? 'to' : 'from'}="${other}" without crosses`);
    return undefined;
  }
  const files = words(crosses);
  for (const file of files)
    if (!/^[A-Za-z0-9._-]*\*?[A-Za-z0-9._-]*$/.test(file) || file === '*')
      wrong.push(`crosses="${file}": wanted the name of a file, which may hold one *`);
  if (files.length === 0) wrong.push('crosses is empty; wanted names of files');
  const known = placeKinds.find((kind) => kind === other);
  if ((from === undefined) === (to === undefined) || known === undefined)
    wrong.push(`crosses="${crosses}": wanted from=… or to=… with one of ${placeKinds.join(', ')}`);
  else if (place === undefined)
    wrong.push(`crosses="${crosses}": the step is at no place; wanted place=…, or place: of the page`);
  else if (known === place) wrong.push(`crosses="${crosses}": it is at ${place} already`);
  else return from === undefined ? { files, from: place, to: known } : { files, from: known, to: place };
  return undefined;
}

/**
 * Checks the attributes of a step. Returns either the typed attributes or what is wrong, each one sentence.
 * The id is checked against the page by the compiler. `home` is the place of the steps that name none.
 */
export function readStepAttributes(given: Attributes, home?: PlaceKind): StepAttributes | string[] {
  const wrong: string[] = [];
  const oneOf = <T extends string>(
    name: string,
    value: string | undefined,
    known: readonly T[],
  ): T | undefined => {
    if (value === undefined || value === '') wrong.push(`lacks ${name}`);
    else if (!known.includes(value as T))
      wrong.push(`${name}="${value}" is unknown; known: ${known.join(', ')}`);
    else return value as T;
    return undefined;
  };
  const listOf = (name: 'requires' | 'sets' | 'clears'): Fact[] =>
    words(given[name]).flatMap((word) => oneOf(name, word, factNames) ?? []);

  if (!stepId.test(given.id ?? '')) {
    wrong.push(`id="${given.id ?? ''}": wanted three capital letters, a dash and two digits, such as UNS-04`);
  }
  const by = oneOf('by', given.by, roleIds);
  const witness = oneOf('witness', given.witness, roleIds);
  if (by && by === witness) wrong.push(`by and witness are both "${by}"; wanted two different roles`);
  const log = words(given.log);
  if (log.length === 0) wrong.push('lacks log: every step leaves an event');
  for (const action of log)
    if (!isAuditAction(action)) wrong.push(`log="${action}" is no action of the audit trail`);
  const minutes = Number(given.minutes);
  if (!/^\d{1,3}$/.test(given.minutes ?? '') || minutes < 1)
    wrong.push(`minutes="${given.minutes ?? ''}": wanted 1 to 999`);
  const reversals = (['undo', 'compensate', 'irreversible'] as const).filter(
    (kind) => given[kind] !== undefined,
  );
  const reversal = reversals[0];
  if (reversals.length !== 1 || reversal === undefined) {
    wrong.push(
      `has ${reversals.join(' and ') || 'none'} of undo, compensate and irreversible; wanted exactly one`,
    );
  } else if ((given[reversal] ?? '').trim() === '') {
    wrong.push(`${reversal} is empty; wanted a sentence`);
  }
  const gate = given.gate === undefined ? undefined : oneOf('gate', given.gate, factNames);
  if (reversal === 'irreversible' && given.gate === undefined)
    wrong.push('is irreversible and lacks its gate');
  if (reversal !== 'irreversible' && given.gate !== undefined)
    wrong.push('has a gate, which only an irreversible step has');
  const number = (name: 'shard' | 'lost') => {
    const value = given[name];
    if (name === 'shard' && value === 'every') return undefined;
    if (value !== undefined && !/^[1-9]\d{0,2}$/.test(value))
      wrong.push(`${name}="${value}": wanted a shard number`);
    return value === undefined ? undefined : Number(value);
  };
  const [requires, sets, clears] = [listOf('requires'), listOf('sets'), listOf('clears')];
  const [shard, lost] = [number('shard'), number('lost')];
  if (given.always !== undefined && given.always !== 'yes')
    wrong.push(`always="${given.always}": wanted yes`);
  const act = given.act === undefined ? undefined : oneOf('act', given.act, actNames);
  const place = given.place === undefined ? home : oneOf('place', given.place, placeKinds);
  const crossing = readCrossing(given, place, wrong);
  if (act === 'carry' && given.crosses === undefined)
    wrong.push('act "carry" lacks crosses: what is carried from one place to another');
  if (act !== undefined && act !== 'carry' && given.crosses !== undefined)
    wrong.push(`crosses="${given.crosses}": act "${act}" carries nothing; wanted "carry"`);
  const calls = words(given.calls);
  for (const word of calls)
    if (!/^(?:none|[A-Z]{3}\*?)$/.test(word))
      wrong.push(`calls="${word}": wanted the prefix of a page, such as RSH, or none`);
  if (wrong.length > 0 || !by || !witness || !reversal) return wrong;
  return {
    id: given.id as string,
    by,
    witness,
    log: log as AuditAction[],
    minutes,
    requires,
    sets,
    clears,
    reversal,
    reversalText: given[reversal] as string,
    gate,
    shard,
    lost,
    always: given.always === 'yes',
    act,
    records: words(given.records),
    calls,
    ...(place ? { place } : {}),
    ...(crossing ? { crossing } : {}),
  };
}
