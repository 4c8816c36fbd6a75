/** Compares what the runbook demands, what the Ceremony Log says, what the audit trail holds, and what the manifest lists. */
import { incompatiblePairs } from '../deployment/roles';
import { ofThisPerformance, TRAIL_CHECKS } from './cross-check-trail';
import { type Check, type CrossCheckInput, type Difference, difference } from './difference';
import { type Judgment, standingOf } from './standing';

const runbook: Check = ({ page, commit, log }) => {
  const found: Difference[] = [];
  if (log.page !== page)
    found.push(difference('RUNBOOK', undefined, `the log follows ${log.page}, not ${page}`));
  if (!commit.startsWith(log.release.commit) && !log.release.commit.startsWith(commit)) {
    const message = `the log was filled in on runbook ${log.release.commit}, and this is ${commit}`;
    found.push(difference('RUNBOOK', undefined, message));
  }
  return found;
};

const steps: Check = ({ steps: demanded, log }) => {
  const found: Difference[] = [];
  for (const { id } of demanded) {
    const rows = log.steps.filter((row) => row.id === id);
    if (rows.length === 0) found.push(difference('STEP', id, 'has no row in the log'));
    if (rows.length > 1) found.push(difference('STEP', id, `has ${rows.length} rows in the log`));
    const [row] = rows;
    if (row && row.time === undefined && row.skipped === undefined)
      found.push(difference('STEP', id, 'has neither a time nor a reason for being skipped'));
  }
  const known = new Set(demanded.map(({ id }) => id));
  for (const { id } of log.steps)
    if (!known.has(id)) found.push(difference('STEP', id, 'is not on the page'));
  for (const { step } of log.exceptions)
    if (!known.has(step))
      found.push(difference('STEP', step, 'has an exception sheet, and is not on the page'));
  return found;
};

const order: Check = ({ steps: demanded, log }) => {
  const place = new Map(demanded.map(({ id }, index) => [id, index]));
  const done = log.steps.filter((row) => row.time !== undefined && place.has(row.id));
  return done.flatMap((row, index) => {
    const before = done[index - 1];
    if (!before) return [];
    if ((place.get(row.id) ?? 0) < (place.get(before.id) ?? 0))
      return [difference('ORDER', row.id, `was done after ${before.id}`)];
    return Date.parse(row.time ?? '') < Date.parse(before.time ?? '')
      ? [difference('ORDER', row.id, `has a time before that of ${before.id}`)]
      : [];
  });
};

/** Roles of each person; one who stands in two rows has those of both. */
function rolesOf({ log }: CrossCheckInput): Map<string, readonly string[]> {
  const roles = new Map<string, readonly string[]>();
  for (const { person, roles: own } of log.participants)
    roles.set(person, [...(roles.get(person) ?? []), ...own]);
  return roles;
}

const people: Check = (input) => {
  const found: Difference[] = [];
  const roles = rolesOf(input);
  for (const [person, held] of roles) {
    for (const pair of incompatiblePairs.filter((one) => one.roles.every((role) => held.includes(role)))) {
      const message = `${person} was both ${pair.roles.join(' and ')} (${pair.rule})`;
      found.push(difference('PEOPLE', undefined, message));
    }
  }
  for (const { id, by, witness } of input.steps) {
    const row = input.log.steps.find((one) => one.id === id && one.time !== undefined);
    if (!row) continue;
    const say = (message: string) => found.push(difference('PEOPLE', id, message));
    if (!row.by || !roles.get(row.by)?.includes(by))
      say(`was performed by ${row.by ?? 'nobody'}, who was not ${by}`);
    if (!row.witness || !roles.get(row.witness)?.includes(witness))
      say(`was witnessed by ${row.witness ?? 'nobody'}, who was not ${witness}`);
    if (row.by !== undefined && row.by === row.witness) say(`${row.by} witnessed their own act`);
  }
  return found;
};

const signatures: Check = ({ log }) => {
  const acted = new Set(
    log.steps.flatMap(({ by, witness }) => [by, witness]).filter((one) => one !== undefined),
  );
  const unsigned = log.participants
    .filter(({ signed }) => signed !== 'agree')
    .map(({ person, signed }) => difference('SIGNATURE', undefined, `${person}: ${signed}`));
  const strangers = [...acted]
    .filter((person) => !log.participants.some((one) => one.person === person))
    .map((person) =>
      difference('SIGNATURE', undefined, `${person} acted, and is not among the participants`),
    );
  return [...unsigned, ...strangers];
};

/** Every difference between runbook, log, trail and manifest; empty when they tell the same story. */
export function crossCheck(input: CrossCheckInput): Difference[] {
  const { input: own } = ofThisPerformance(input);
  return [runbook, steps, order, people, ...TRAIL_CHECKS, signatures].flatMap((check) => check(own));
}

/** What a log and its inputs leave open although nothing in them differs: an empty or partial story is no good one. */
function openOf({ steps: demanded, log, manifest }: CrossCheckInput): string[] {
  const sheets = new Set(log.exceptions.map(({ step }) => step));
  const skipped = log.steps.filter((row) => row.time === undefined && !sheets.has(row.id));
  return [
    ...(demanded.length === 0 ? ['Not checked: the steps, because the procedure has none.'] : []),
    ...(log.steps.some(({ time }) => time !== undefined)
      ? []
      : ['Not checked: whether anything was done, because the log gives no time for any step.']),
    ...(log.participants.length === 0 ? ['Not checked: signatures, because the log names nobody.'] : []),
    ...skipped.map(({ id }) => `Not checked: step ${id}, which was skipped without an exception sheet.`),
    ...(manifest === undefined
      ? ['Not checked: set, labels and digests, because no manifest was given.']
      : []),
  ];
}

export interface Comparison extends Judgment {
  readonly differences: readonly Difference[];
  readonly unchecked: readonly string[];
  /** The standing and what it is about, in a few words: a title. */
  readonly title: string;
}

/**
 * The verdict on a finished procedure: a standing, then each difference on a line.
 * @param left What the trail was not checked for, in sentences.
 */
export function judgeComparison(input: CrossCheckInput, left: readonly string[] = []): Comparison {
  const differences = crossCheck(input);
  const { input: own } = ofThisPerformance(input);
  const open = [...openOf(own), ...left];
  const standing = standingOf(differences.length > 0, open);
  const records = own.events.filter(({ step }) => own.steps.some(({ id }) => id === step)).length;
  const story = open.length === 0 ? 'one story' : 'one story as far as it goes';
  const title =
    standing === 'FAILED'
      ? `FAILED: ${differences.length} difference${differences.length === 1 ? '' : 's'}`
      : `${standing}: ${story}`;
  const counts = `${own.steps.length} steps, ${records} records, ${own.log.exceptions.length} exceptions`;
  return {
    standing,
    title,
    differences,
    unchecked: open,
    lines: [
      standing === 'FAILED' ? `${title}:` : `${title}: ${counts}.`,
      ...differences.map(
        ({ rule, step, message }) => `${rule}: ${step === undefined ? '' : `step ${step}: `}${message}`,
      ),
    ],
  };
}
