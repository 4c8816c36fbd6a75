/** Compares what the runbook demands, what the Ceremony Log says, what the audit trail holds, and what the manifest lists. */
import { incompatiblePairs } from '../deployment/roles';
import type { Manifest } from '../shard/manifest';
import type { AuditAction } from './actions';
import type { CeremonyLog } from './ceremony-log';
import type { AuditEvent } from './event';

/** A step as compiled. */
export interface DemandedStep {
  readonly id: string;
  readonly by: string;
  readonly witness: string;
  readonly log: readonly AuditAction[];
}

export interface CrossCheckInput {
  readonly page: string;
  /** Commit of the runbook from which `steps` were compiled. */
  readonly commit: string;
  readonly steps: readonly DemandedStep[];
  readonly log: CeremonyLog;
  /** Records of a verified trail, in order. */
  readonly events: readonly AuditEvent[];
  readonly manifest?: Manifest | undefined;
  /** SHA-256 of the manifest file. */
  readonly manifestSha256?: string | undefined;
}

/** One difference. `rule` is stable; the step is there where it is about one. */
export interface Difference {
  readonly rule: 'RUNBOOK' | 'STEP' | 'ORDER' | 'PEOPLE' | 'EVENT' | 'OUTCOME' | 'MANIFEST' | 'SIGNATURE';
  readonly step: string | undefined;
  readonly message: string;
}

type Check = (input: CrossCheckInput) => Difference[];

const difference = (rule: Difference['rule'], step: string | undefined, message: string): Difference => ({
  rule,
  step,
  message,
});

const runbook: Check = ({ page, commit, log }) => {
  const found: Difference[] = [];
  if (log.page !== page)
    found.push(difference('RUNBOOK', undefined, `the log follows ${log.page}, not ${page}`));
  if (!commit.startsWith(log.release.commit) && !log.release.commit.startsWith(commit)) {
    found.push(
      difference(
        'RUNBOOK',
        undefined,
        `the log was filled in on runbook ${log.release.commit}, and this is ${commit}`,
      ),
    );
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
    if (row && row.time === undefined && row.skipped === undefined) {
      found.push(difference('STEP', id, 'has neither a time nor a reason for being skipped'));
    }
  }
  const known = new Set(demanded.map(({ id }) => id));
  for (const { id } of log.steps)
    if (!known.has(id)) found.push(difference('STEP', id, 'is not on the page'));
  return found;
};

const order: Check = ({ steps: demanded, log }) => {
  const place = new Map(demanded.map(({ id }, index) => [id, index]));
  const done = log.steps.filter((row) => row.time !== undefined && place.has(row.id));
  return done.flatMap((row, index) => {
    const before = done[index - 1];
    if (!before) return [];
    if ((place.get(row.id) ?? 0) < (place.get(before.id) ?? 0)) {
      return [difference('ORDER', row.id, `was done after ${before.id}`)];
    }
    return Date.parse(row.time ?? '') < Date.parse(before.time ?? '')
      ? [difference('ORDER', row.id, `has a time before that of ${before.id}`)]
      : [];
  });
};

const people: Check = ({ steps: demanded, log }) => {
  const found: Difference[] = [];
  const roles = new Map(log.participants.map((one) => [one.person, one.roles]));
  for (const [person, held] of roles) {
    for (const pair of incompatiblePairs) {
      if (pair.roles.every((role) => held.includes(role))) {
        found.push(
          difference('PEOPLE', undefined, `${person} was both ${pair.roles.join(' and ')} (${pair.rule})`),
        );
      }
    }
  }
  for (const step of demanded) {
    const row = log.steps.find(({ id, time }) => id === step.id && time !== undefined);
    if (!row) continue;
    if (!row.by || !roles.get(row.by)?.includes(step.by)) {
      found.push(
        difference('PEOPLE', step.id, `was performed by ${row.by ?? 'nobody'}, who was not ${step.by}`),
      );
    }
    if (!row.witness || !roles.get(row.witness)?.includes(step.witness)) {
      found.push(
        difference(
          'PEOPLE',
          step.id,
          `was witnessed by ${row.witness ?? 'nobody'}, who was not ${step.witness}`,
        ),
      );
    }
    if (row.by !== undefined && row.by === row.witness)
      found.push(difference('PEOPLE', step.id, `${row.by} witnessed their own act`));
  }
  return found;
};

const events: Check = ({ steps: demanded, log, events: trail }) => {
  const found: Difference[] = [];
  const byId = new Map(demanded.map((step) => [step.id, step]));
  for (const step of demanded) {
    const row = log.steps.find(({ id, time }) => id === step.id && time !== undefined);
    const own = trail.filter((event) => event.step === step.id);
    if (!row) {
      if (own.length > 0)
        found.push(difference('EVENT', step.id, 'has a record in the trail, and was not done by the log'));
      continue;
    }
    for (const action of step.log) {
      if (!own.some((event) => event.action === action))
        found.push(difference('EVENT', step.id, `lacks its record ${action}`));
    }
    for (const event of own) {
      if (event.actor !== row.by || (event.witness !== undefined && event.witness !== row.witness)) {
        found.push(difference('EVENT', step.id, `record ${event.sequence} names other people than the log`));
      }
    }
  }
  for (const { step, action, sequence } of trail) {
    if (
      step !== undefined &&
      byId.has(step) &&
      !byId.get(step)?.log.includes(action) &&
      action !== 'exception.recorded'
    ) {
      found.push(difference('EVENT', step, `record ${sequence} is ${action}, which the step does not log`));
    }
  }
  // A trail is of one mode.
  const mode = trail[0]?.mode;
  if (mode !== undefined && mode !== log.mode)
    found.push(
      difference('EVENT', undefined, `the trail is of mode ${mode}, and the log of mode ${log.mode}`),
    );
  const prefixes = new Set(demanded.map(({ id }) => id.slice(0, 3)));
  for (const { step, sequence } of trail) {
    if (step !== undefined && prefixes.has(step.slice(0, 3)) && !byId.has(step)) {
      found.push(difference('EVENT', step, `record ${sequence} names a step that is not on the page`));
    }
  }
  return found;
};

const outcomes: Check = ({ steps: demanded, log, events: trail }) =>
  trail
    .filter((event) => event.outcome !== 'ok' && demanded.some(({ id }) => id === event.step))
    .filter((event) => !log.exceptions.some(({ step }) => step === event.step))
    .map((event) =>
      difference(
        'OUTCOME',
        event.step,
        `record ${event.sequence} is ${event.outcome}, and no exception sheet names the step`,
      ),
    );

const manifest: Check = ({ manifest: list, manifestSha256, log, events: trail }) => {
  const found: Difference[] = [];
  if (log.manifestSha256 !== undefined && manifestSha256 !== log.manifestSha256) {
    const which =
      manifestSha256 === undefined
        ? 'the log holds the digest of a manifest, and none was given'
        : 'the manifest is not the one whose digest the log holds';
    found.push(difference('MANIFEST', undefined, which));
  }
  if (!list) return found;
  const labels = new Set(list.shards.map(({ label }) => label));
  for (const event of trail) {
    if (event.digests?.manifest !== undefined && event.digests.manifest !== manifestSha256) {
      found.push(
        difference('MANIFEST', event.step, `record ${event.sequence} holds the digest of another manifest`),
      );
    }
    if (event.step === undefined || event.key !== list.keyName) continue;
    if (event.shard !== undefined && event.generation === list.generation && !labels.has(event.shard)) {
      found.push(
        difference(
          'MANIFEST',
          event.step,
          `record ${event.sequence} names shard ${event.shard}, which the manifest does not list`,
        ),
      );
    }
  }
  if (list.test !== (log.mode !== 'real'))
    found.push(
      difference(
        'MANIFEST',
        undefined,
        list.test ? 'a TEST set in a real ceremony' : 'a real set in a drill or exercise',
      ),
    );
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
  return [runbook, steps, order, people, events, outcomes, manifest, signatures].flatMap((check) =>
    check(input),
  );
}
