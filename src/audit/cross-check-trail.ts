/** The part of the cross-check that reads the audit trail and the manifest: every step with its records, every record with its step. */

import type { AuditAction } from './actions';
import { type Check, type CrossCheckInput, type Difference, difference } from './difference';
import type { AuditEvent } from './event';

/** Room around the times of the log, in milliseconds: clocks differ, and some records are entered later. */
const AROUND = 12 * 3_600_000;

/** May stand at any step, by whoever writes the sheet. */
const EXCEPTION = 'exception.recorded';

/** After one of these there is a new manifest. */
const MAKES_A_SET: readonly AuditAction[] = ['key.generated', 'set.reshared', 'manifest.signed'];

const prefixesOf = ({ steps }: CrossCheckInput) => new Set(steps.map(({ id }) => id.slice(0, 3)));

/**
 * A trail holds every performance of a page, and a log is of one. The records of the others, which lie more than half
 * a day before or after it, could stand in for one that is missing here.
 */
export function ofThisPerformance(input: CrossCheckInput): {
  readonly input: CrossCheckInput;
  /** Sequences of records that name the page's steps at other times. */
  readonly others: readonly number[];
} {
  const times = input.log.steps.flatMap(({ time }) => (time === undefined ? [] : Date.parse(time)));
  if (times.length === 0) return { input, others: [] };
  const [from, to] = [Math.min(...times) - AROUND, Math.max(...times) + AROUND];
  const within = ({ time }: AuditEvent) => Date.parse(time) >= from && Date.parse(time) <= to;
  const prefixes = prefixesOf(input);
  const others = input.events
    .filter((event) => !within(event) && event.step !== undefined && prefixes.has(event.step.slice(0, 3)))
    .map(({ sequence }) => sequence);
  return { input: { ...input, events: input.events.filter(within) }, others };
}

const doneRow = ({ log }: CrossCheckInput, step: string) =>
  log.steps.find(({ id, time }) => id === step && time !== undefined);

const hasSheet = ({ log }: CrossCheckInput, step: string) => log.exceptions.some((one) => one.step === step);

/** Each step with its records: all that the page names, each once, by the people and roles of page and log. */
const recordsOfSteps: Check = (input) =>
  input.steps.flatMap(({ id, by, witness, log }): Difference[] => {
    const own = input.events.filter((event) => event.step === id);
    const row = doneRow(input, id);
    const say = (message: string) => difference('EVENT', id, message);
    if (!row) return own.length > 0 ? [say('has a record in the trail, and was not done by the log')] : [];
    const found = log
      .filter((action) => !own.some((event) => event.action === action))
      .map((action) => say(`lacks its record ${action}`));
    for (const action of log) {
      const good = own.filter((event) => event.action === action && event.outcome === 'ok');
      if (good.length > 1 && !hasSheet(input, id))
        found.push(
          say(`has ${good.length} records ${action} (${good.map(({ sequence }) => sequence).join(', ')})`),
        );
    }
    for (const event of own.filter(({ action }) => action !== EXCEPTION)) {
      const { actor, actorRole, sequence } = event;
      if (actor !== row.by || (event.witness !== undefined && event.witness !== row.witness))
        found.push(say(`record ${sequence} names other people than the log`));
      if (actorRole !== by) found.push(say(`record ${sequence} is by the role ${actorRole}, not ${by}`));
      if (event.witnessRole !== undefined && event.witnessRole !== witness)
        found.push(say(`record ${sequence} is witnessed by the role ${event.witnessRole}, not ${witness}`));
    }
    return found;
  });

/** Each record with its step. */
const stepsOfRecords: Check = (input) => {
  const byId = new Map(input.steps.map((step) => [step.id, step]));
  const prefixes = prefixesOf(input);
  return input.events.flatMap(({ step, action, sequence }) => {
    if (step === undefined || !prefixes.has(step.slice(0, 3))) return [];
    const known = byId.get(step);
    if (!known) return [difference('EVENT', step, `record ${sequence} names a step that is not on the page`)];
    if (action === EXCEPTION || known.log.includes(action)) return [];
    return [difference('EVENT', step, `record ${sequence} is ${action}, which the step does not log`)];
  });
};

/** Records stand in the order of the page, as the steps were done. */
const order: Check = ({ steps, events }) => {
  const place = new Map(steps.map(({ id }, index) => [id, index]));
  const own = events.filter(
    ({ step, action }) => step !== undefined && place.has(step) && action !== EXCEPTION,
  );
  return own.flatMap((event, index) => {
    const before = own[index - 1];
    if (!before || (place.get(event.step ?? '') ?? 0) >= (place.get(before.step ?? '') ?? 0)) return [];
    const message = `record ${event.sequence} stands after record ${before.sequence} of ${before.step}`;
    return [difference('ORDER', event.step, message)];
  });
};

/** A trail is of one mode. */
const mode: Check = ({ log, events }) => {
  const found = events[0]?.mode;
  if (found === undefined || found === log.mode) return [];
  return [difference('EVENT', undefined, `the trail is of mode ${found}, and the log of mode ${log.mode}`)];
};

const outcomes: Check = (input) =>
  input.events
    .filter(({ outcome, step }) => outcome !== 'ok' && input.steps.some(({ id }) => id === step))
    .filter(({ step }) => !hasSheet(input, step ?? ''))
    .map(({ step, sequence, outcome }) =>
      difference('OUTCOME', step, `record ${sequence} is ${outcome}, and no exception sheet names the step`),
    );

const manifest: Check = ({ steps, manifest: list, manifestSha256, log, events }) => {
  const found: Difference[] = [];
  const say = (message: string, step?: string) => found.push(difference('MANIFEST', step, message));
  if (log.manifestSha256 !== undefined && manifestSha256 !== log.manifestSha256) {
    say(
      manifestSha256 === undefined
        ? 'the log holds the digest of a manifest, and none was given'
        : 'the manifest is not the one whose digest the log holds',
    );
  }
  const makes = steps.find((step) => step.log.some((action) => MAKES_A_SET.includes(action)));
  if (makes && log.manifestSha256 === undefined)
    say('makes a set, and the log does not hold the digest of its manifest', makes.id);
  if (!list) return found;
  const labels = new Set(list.shards.map(({ label }) => label));
  for (const { digests, step, sequence, key, shard, generation } of events) {
    if (digests?.manifest !== undefined && digests.manifest !== manifestSha256)
      say(`record ${sequence} holds the digest of another manifest`, step);
    if (step === undefined || key !== list.keyName) continue;
    if (shard !== undefined && generation === list.generation && !labels.has(shard))
      say(`record ${sequence} names shard ${shard}, which the manifest does not list`, step);
  }
  if (list.test !== (log.mode !== 'real'))
    say(list.test ? 'a TEST set in a real ceremony' : 'a real set in a drill or exercise');
  return found;
};

/** Checks of trail and manifest, in the order in which their differences are told. */
export const TRAIL_CHECKS: readonly Check[] = [
  recordsOfSteps,
  stepsOfRecords,
  order,
  mode,
  outcomes,
  manifest,
];
