/** What the verifier of an audit trail says, in data and in words. The command line and the site print the same sentences. */
import type { Head } from './chain';
import type { EventProblem } from './event';
import { type Judgment, standingOf } from './standing';
import { describeSteps, isComplete, type StepRecords } from './step-records';

/** Stable names of what can be wrong; the reference page lists them with these meanings. */
export const PROBLEM_KINDS = {
  empty: 'The file holds no record.',
  encoding: 'A line is not valid UTF-8, or begins with a byte order mark.',
  'too-long': 'A line is longer than any record can be.',
  'line-ending': 'A line ends with a carriage return.',
  blank: 'A line is empty.',
  json: 'A line is not JSON.',
  schema: 'A member is missing, unknown or malformed.',
  secret: 'A member has the shape of a shard, a key or a credential.',
  'unknown-action': 'The action is not in the list.',
  rule: 'A rule over several members is broken, for example a missing witness.',
  'not-canonical':
    'The line is not the canonical form of its value: a member twice, white space, order, or a number.',
  edit: 'The digest of the record does not fit its contents.',
  gap: 'Records are missing before this line.',
  reordered: 'The record that belongs here stands further down.',
  repeat: 'A record stands here again.',
  break: 'The record does not continue the one before.',
  start: 'The first record of a trail or file is missing, or stands elsewhere.',
  mode: 'Records of drills, exercises and real work are mixed.',
  clock: 'The time is before that of the record before.',
  future: 'The time lies ahead of the clock of the machine that verifies: a clock was wrong, then or now.',
  head: 'The given head cannot be looked up: its number and its digest belong to two records, or its record is in a file that was not given.',
  rewritten: 'The record at the place of the given head has another digest.',
  truncated: 'The given head is not in the trail: records were cut off at the end, or all were rewritten.',
  torn: 'The last line was cut off while it was written, or zeros stand there, as after a crash or a power cut; all lines before it are sound.',
  tail: 'The file ends with bytes that no interrupted append leaves.',
} as const satisfies Record<EventProblem['kind'] | string, string>;

export type ProblemKind = keyof typeof PROBLEM_KINDS;

/** A trail in which nothing is wrong. */
export interface GoodTrail {
  readonly ok: true;
  /** Records read. */
  readonly records: number;
  readonly files: number;
  /** Sequence of the first record; above 1 when earlier files were not given. */
  readonly first: number;
  readonly head: Head;
  /** Time of the first record. */
  readonly since: string;
  /** Records after the given head; undefined when no head was given. */
  readonly afterAnchor: number | undefined;
}

/** The first thing that is wrong with a trail. */
export interface BadTrail {
  readonly ok: false;
  readonly kind: ProblemKind;
  readonly message: string;
  readonly file: string;
  /** Line in `file`, from 1; 0 in an empty file. For `truncated`, the last line that is there. */
  readonly line: number;
  /** Sound records before that line, over all files. */
  readonly records: number;
}

export type Verdict = GoodTrail | BadTrail;

const records = (count: number) => `${count} record${count === 1 ? '' : 's'}`;

/** What has to be said of a sound trail that records no real work; undefined for real work. */
export function modeNotice(verdict: Verdict): string | undefined {
  if (!verdict.ok || verdict.head.mode === 'real') return undefined;
  return `mode ${verdict.head.mode}: TEST shards only, no evidence of real work`;
}

/** What a sound trail was not checked for, in sentences; empty when nothing was left out. */
export function unchecked(verdict: Verdict): string[] {
  if (!verdict.ok) return [];
  return [
    ...(verdict.first > 1
      ? [`Not checked: records 1 to ${verdict.first - 1}, which stand in earlier files that were not given.`]
      : []),
    ...(verdict.afterAnchor === undefined
      ? ['Not checked: whether records were cut off at the end, because no head was given.']
      : []),
  ];
}

/** What came of checking the time stamp of an outside authority over the given head. */
export type StampFinding =
  | { readonly standing: 'VERIFIED'; readonly time: string }
  | { readonly standing: 'FAILED' | 'UNVERIFIABLE'; readonly why: string };

/** What was not checked of a trail and of the steps that were held against it, in sentences. */
function openOf(verdict: Verdict, steps: StepRecords | undefined, stamp: StampFinding | undefined): string[] {
  const idle = steps?.idle ?? [];
  return [
    ...unchecked(verdict),
    ...(verdict.ok && idle.length > 0
      ? [`Not checked: ${idle.length === 1 ? 'step' : 'steps'} ${idle.join(', ')}, without any record.`]
      : []),
    ...(stamp?.standing === 'UNVERIFIABLE' ? [`Not checked: the time stamp, because ${stamp.why}.`] : []),
  ];
}

/** The verdict, with that on the steps of a procedure and on a time stamp where they were given: a standing, then one sentence a line. */
export function judge(verdict: Verdict, steps?: StepRecords, stamp?: StampFinding): Judgment {
  if (!verdict.ok) {
    const { file, line, kind, message } = verdict;
    const place = line === 0 ? file : `${file}:${line}`;
    const before = `${records(verdict.records)} before it ${verdict.records === 1 ? 'is' : 'are'} sound.`;
    return {
      standing: 'FAILED',
      lines: [`FAILED: ${place}: ${kind}: ${message}`, ...(verdict.records === 0 ? [] : [before])],
    };
  }
  const differ = steps !== undefined && !isComplete(steps);
  const open = openOf(verdict, steps, stamp);
  const standing = standingOf(differ || stamp?.standing === 'FAILED', open);
  const sound = `sound${open.length === 0 ? '' : ' as far as it goes'}${differ ? ', but steps and records differ' : ''}`;
  const lines = [
    `${standing}: ${records(verdict.records)}, ${verdict.first} to ${verdict.head.sequence}, ${sound}.`,
    `From ${verdict.since} to ${verdict.head.time}.`,
    `Head: ${verdict.head.sequence}:${verdict.head.digest}`,
  ];
  if (verdict.afterAnchor !== undefined) {
    const added =
      verdict.afterAnchor === 0
        ? 'is the last record'
        : `is in the trail; ${records(verdict.afterAnchor)} followed since`;
    lines.push(`The given head ${added}.`);
  }
  if (stamp?.standing === 'VERIFIED') lines.push(`Its authority saw the given head at ${stamp.time}.`);
  if (stamp?.standing === 'FAILED') lines.push(`The time stamp ${stamp.why}.`);
  return { standing, lines: [...lines, ...(steps ? describeSteps(steps) : []), ...open] };
}
