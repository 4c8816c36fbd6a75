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
] as const;

/** Whether a step is done when this shard is the lost one and this region is down. */
export const isDone = (
  { lost, down, up }: Pick<Step, 'lost' | 'down' | 'up'>,
  now: { readonly lost?: number | undefined; readonly down?: string | undefined },
): boolean =>
  (lost === undefined || lost === now.lost) &&
  (down === undefined || down === now.down) &&
  (up === undefined || up !== now.down);

/** `UNS-04`, or `UNS-S1-04` for a step of a partial that a page uses once a shard. */
export const stepId = /^([A-Z]{3}(?:-[A-Z]\d+)?)-(\d{2})$/;

type Attributes = Partial<Record<(typeof stepAttributes)[number], string>>;

export type StepAttributes = Omit<Step, 'file' | 'line' | 'command' | 'text' | 'section'>;

const words = (text: string | undefined) => (text ?? '').split(/\s+/).filter(Boolean);

/**
 * Checks the attributes of a step. Returns either the typed attributes or what is wrong, each one sentence.
 * The id is checked against the page by the compiler.
 */
export function readStepAttributes(given: Attributes): StepAttributes | string[] {
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
  };
}
