/** A run of a procedure: who did which step when, as kept in one browser and exported as JSON. No clock, no storage. */
import { looksSecretAsTyped, looksSecretForDigest } from '../../audit/secrets';

/** What was written down at a step. Texts are trimmed and never empty. */
export interface RunEntry {
  /** UTC with seconds, taken when the step was ticked: `2026-11-23T14:05:09Z`. */
  readonly time?: string;
  /** UTC at which people decided not to do the step; the note says why, and there is no `time`. */
  readonly skipped?: string;
  /** Initials of who did it, and of who watched. */
  readonly by?: string;
  readonly witness?: string;
  /** What was different from the page, or why the step was skipped. */
  readonly note?: string;
}

/** Why a shard is not taken. */
export type ShardState = 'unreachable' | 'exposed';

export interface ProcedureRun {
  readonly format: 'mks-procedure-run/1';
  /** Source of the page: `docs/emergency/unseal.mdx`. */
  readonly page: string;
  /** Digest of the page as printed in its footer, so that a run on another text is noticed. */
  readonly digest: string;
  readonly name: string;
  readonly started: string;
  /** The quorum that was chosen for it, ascending; missing on pages without one, and until somebody chooses. */
  readonly shards?: readonly number[];
  /** What people said of shards before they chose, by the number of the shard. */
  readonly out?: Readonly<Record<string, ShardState>>;
  readonly steps: Readonly<Record<string, RunEntry>>;
}

/** A step as far as a run is concerned, in page order. */
export interface PlannedStep {
  readonly id: string;
  readonly minutes: number;
  readonly irreversible: boolean;
  /** Only done in some runs: its shard is in the quorum, or is the lost one. */
  readonly conditional: boolean;
}

/** Longest texts of a run. */
export const runLimits = { name: 60, initials: 4, note: 300, steps: 1000, bytes: 1_000_000 } as const;

export const runPatterns = {
  page: /^docs\/[a-z0-9/-]+\.mdx?$/,
  digest: /^[0-9a-f]{16}$/,
  time: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/,
  step: /^[A-Z]{3}(?:-[A-Z]\d{1,3})?-\d{2}$/,
  shard: /^[1-9]\d{0,2}$/,
} as const;

const REFUSED = 'This looks like a shard or a key. It was not kept. If it is real, treat it as exposed.';

/** Says why a text must not be kept; undefined when it may. Digests of the runbook never stand in these fields. */
export function refusal(text: string): string | undefined {
  return looksSecretAsTyped(text) ? REFUSED : undefined;
}

/** The same for a field that holds the digest of something public. */
export function digestRefusal(text: string): string | undefined {
  return looksSecretForDigest(text) ? REFUSED : undefined;
}

/** Minutes in words: `2 h 56 min`. */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** UTC to the second. */
export function utc(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}

/** A new run without entries. */
export function startRun(page: string, digest: string, name: string, now: Date): ProcedureRun {
  return { format: 'mks-procedure-run/1', page, digest, name, started: utc(now), steps: {} };
}

/** The run with other facts at a step; empty texts and false take a fact away. */
export function withEntry(
  run: ProcedureRun,
  id: string,
  change: { readonly [Key in keyof RunEntry]?: string | undefined },
): ProcedureRun {
  const merged = { ...run.steps[id], ...change };
  const entry: RunEntry = Object.fromEntries(
    Object.entries(merged).flatMap(([key, value]) => {
      const text = (value ?? '').trim();
      return text === '' ? [] : [[key, text]];
    }),
  );
  const { [id]: _before, ...others } = run.steps;
  return { ...run, steps: Object.keys(entry).length === 0 ? others : { ...others, [id]: entry } };
}

/**
 * Says why numbers are no quorum of a page; undefined when they are one.
 * @param known Shards that the page has. @param threshold M: combining takes exactly so many.
 */
export function quorumFault(
  shards: readonly number[],
  known: readonly number[],
  threshold: number,
): string | undefined {
  const stranger = shards.find((n) => !known.includes(n));
  if (stranger !== undefined) return `asks for shard ${stranger}, which this page does not have`;
  const twice = shards.find((n, index) => shards.indexOf(n) !== index);
  if (twice !== undefined) return `names shard ${twice} twice`;
  if (shards.length !== threshold)
    return `asks for ${shards.length} ${shards.length === 1 ? 'shard' : 'shards'}, and a quorum has exactly ${threshold}`;
  return undefined;
}

/** When the latest step was ticked or skipped; when the run began, while none is. */
export function lastTouched(run: ProcedureRun): string {
  const times = Object.values(run.steps).flatMap(({ time, skipped }) => time ?? skipped ?? []);
  return [run.started, ...times].sort().at(-1) ?? run.started;
}

/** The run with other states of its shards. */
export function withOut(run: ProcedureRun, out: Readonly<Record<string, ShardState>>): ProcedureRun {
  const { out: _before, ...rest } = run;
  return Object.keys(out).length === 0 ? rest : { ...rest, out };
}

/** The run with another quorum, or with none. */
export function withShards(run: ProcedureRun, shards: readonly number[] | undefined): ProcedureRun {
  const { shards: _before, ...rest } = run;
  return shards === undefined ? rest : { ...rest, shards };
}

/** Whether people are through with a step: it was done, or skipped for a reason. */
export function isSettled(run: ProcedureRun | undefined, id: string): boolean {
  const { time, skipped } = run?.steps[id] ?? {};
  return time !== undefined || skipped !== undefined;
}

/**
 * The run with steps that people decided not to do.
 * @param reason Why; it stands behind what was noted there before. @throws RangeError when it is empty.
 */
export function withSkipped(
  run: ProcedureRun,
  ids: readonly string[],
  reason: string,
  now: Date,
): ProcedureRun {
  if (reason.trim() === '') throw new RangeError('a step is skipped for a reason');
  return ids.reduce((all, id) => {
    const before = all.steps[id]?.note;
    const note = before === undefined || before === reason.trim() ? reason : `${before}; ${reason.trim()}`;
    return withEntry(all, id, { time: undefined, skipped: utc(now), note: note.slice(0, runLimits.note) });
  }, run);
}

/** Initials of whoever had a role of this step in the step that was settled last, as far as it has none itself. */
export function carried(
  run: ProcedureRun,
  people: readonly { readonly id: string; readonly by: string; readonly witness: string }[],
  id: string,
): Pick<RunEntry, 'by' | 'witness'> {
  const step = people.find((one) => one.id === id);
  const known = new Map<string, string>();
  const done = people
    .filter((one) => run.steps[one.id]?.time !== undefined && one.id !== id)
    .sort((a, b) => (run.steps[a.id]?.time ?? '').localeCompare(run.steps[b.id]?.time ?? ''));
  for (const { id: other, by, witness } of done) {
    const entry = run.steps[other];
    if (entry?.witness !== undefined) known.set(witness, entry.witness);
    if (entry?.by !== undefined) known.set(by, entry.by);
  }
  const own = run.steps[id];
  const [by, witness] = [
    own?.by ?? known.get(step?.by ?? ''),
    own?.witness ?? known.get(step?.witness ?? ''),
  ];
  // One person does not watch herself.
  return {
    ...(by === undefined ? {} : { by }),
    ...(witness === undefined || (witness === by && own?.witness === undefined) ? {} : { witness }),
  };
}

/** Whether two files are copies of one run, each perhaps filled in further than the other. */
export function isSameRun(one: ProcedureRun, other: ProcedureRun): boolean {
  return (
    one.page === other.page &&
    one.digest === other.digest &&
    one.name === other.name &&
    one.started === other.started
  );
}

/**
 * Two copies of one run in one, so that nothing of either is lost.
 * @returns the run, and the steps at which they contradict each other; with one of those there is no run.
 */
export function mergeRuns(
  one: ProcedureRun,
  other: ProcedureRun,
): { readonly run?: ProcedureRun; readonly contradictions: readonly string[] } {
  const contradictions: string[] = [];
  if (one.shards !== undefined && other.shards !== undefined && String(one.shards) !== String(other.shards))
    contradictions.push('the choice of shards');
  const steps: Record<string, RunEntry> = { ...one.steps };
  for (const [id, entry] of Object.entries(other.steps)) {
    const mine = steps[id] ?? {};
    const both = { ...mine, ...entry };
    const differs = (Object.keys(entry) as (keyof RunEntry)[]).some(
      (key) => mine[key] !== undefined && mine[key] !== entry[key],
    );
    if (differs || (both.time !== undefined && both.skipped !== undefined)) contradictions.push(id);
    steps[id] = both;
  }
  for (const [n, state] of Object.entries(other.out ?? {}))
    if (one.out?.[n] !== undefined && one.out[n] !== state) contradictions.push(`the state of shard ${n}`);
  if (contradictions.length > 0) return { contradictions };
  const shards = one.shards ?? other.shards;
  const run = withOut({ ...one, steps }, { ...one.out, ...other.out });
  return { run: withShards(run, shards), contradictions };
}

/** Steps before this one that are always done, and are neither ticked nor skipped yet. */
export function skippedBefore(
  run: ProcedureRun | undefined,
  plan: readonly PlannedStep[],
  id: string,
): string[] {
  const place = plan.findIndex((step) => step.id === id);
  return plan
    .slice(0, Math.max(place, 0))
    .filter((step) => !step.conditional && !isSettled(run, step.id))
    .map((step) => step.id);
}

/** The step that is next after the last ticked one, if it is a point of no return. */
export function finalAhead(run: ProcedureRun, plan: readonly PlannedStep[]): string | undefined {
  const last = plan.findLastIndex((step) => isSettled(run, step.id));
  const next = plan[last + 1];
  return last >= 0 && next?.irreversible === true ? next.id : undefined;
}

/** Minutes from the tick before (or the start of the run) to the tick of this step; undefined while it is not ticked. */
export function minutesTaken(run: ProcedureRun, id: string): number | undefined {
  const time = run.steps[id]?.time;
  if (time === undefined) return undefined;
  const before = Object.values(run.steps)
    .flatMap((entry) => (entry.time !== undefined && entry.time < time ? [entry.time] : []))
    .concat(run.started < time ? [run.started] : [])
    .sort()
    .at(-1);
  return before === undefined ? 0 : Math.round((Date.parse(time) - Date.parse(before)) / 60_000);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkText(value: unknown, what: string, limit: number): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > limit || value.trim() !== value) {
    throw new RangeError(`${what}: wanted text of 1 to ${limit} characters`);
  }
  if (refusal(value) !== undefined)
    throw new RangeError(`${what}: looks like a shard or a key; nothing was read`);
  return value;
}

function checkPattern(value: unknown, what: string, pattern: RegExp, wanted: string): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw new RangeError(`${what}: wanted ${wanted}`);
  return value;
}

/** Tells whether a text is UTC to the second and in the calendar. */
export function isUtc(text: string): boolean {
  // 30 February has the shape of a date.
  return runPatterns.time.test(text) && Number.isFinite(Date.parse(text)) && utc(new Date(text)) === text;
}

function checkShards(value: unknown): readonly number[] {
  const isShard = (n: unknown): n is number => Number.isInteger(n) && Number(n) >= 1 && Number(n) <= 255;
  if (!Array.isArray(value) || value.length === 0 || value.length > 255 || !value.every(isShard))
    throw new RangeError('shards: wanted numbers from 1 to 255');
  if (value.some((n, index) => index > 0 && n <= Number(value[index - 1])))
    throw new RangeError('shards: wanted each number once, ascending');
  return value;
}

function checkOut(value: unknown): Readonly<Record<string, ShardState>> {
  const isRight =
    isRecord(value) &&
    Object.entries(value).every(
      ([n, state]) =>
        runPatterns.shard.test(n) && Number(n) <= 255 && (state === 'unreachable' || state === 'exposed'),
    );
  if (!isRight) throw new RangeError('out: wanted shards that are unreachable or exposed');
  return value as Readonly<Record<string, ShardState>>;
}

function checkTime(value: unknown, what: string): string {
  if (typeof value !== 'string' || !isUtc(value)) {
    throw new RangeError(`${what}: wanted UTC such as 2026-11-23T14:05:09Z`);
  }
  return value;
}

function checkKeys(value: unknown, what: string, known: readonly string[]): Record<string, unknown> {
  if (!isRecord(value)) throw new RangeError(`${what}: wanted an object`);
  const stranger = Object.keys(value).find((key) => !known.includes(key));
  if (stranger !== undefined) throw new RangeError(`${what}: has a member that no run has`);
  return value;
}

/**
 * Reads an exported run. Checks what static/schemas/procedure-run.schema.json says, without its library, as pages must
 * stay light. Throws RangeError with the first thing that is wrong; never repeats a text of the file.
 */
export function readRun(text: string): ProcedureRun {
  if (text.length > runLimits.bytes) throw new RangeError('the file is too large for a run');
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new RangeError('the file is not JSON');
  }
  const members = checkKeys(data, 'the file', [
    'format',
    'page',
    'digest',
    'name',
    'started',
    'shards',
    'out',
    'steps',
  ]);
  if (members.format !== 'mks-procedure-run/1') throw new RangeError('format: wanted mks-procedure-run/1');
  if (!isRecord(members.steps)) throw new RangeError('steps: wanted an object');
  const ids = Object.keys(members.steps);
  if (ids.length > runLimits.steps) throw new RangeError(`steps: wanted at most ${runLimits.steps}`);
  const steps: Record<string, RunEntry> = {};
  for (const id of ids) {
    checkPattern(id, 'steps', runPatterns.step, 'ids such as UNS-04');
    const entry = checkKeys(members.steps[id], `step ${id}`, ['time', 'skipped', 'by', 'witness', 'note']);
    if (entry.skipped !== undefined && (entry.time !== undefined || entry.note === undefined))
      throw new RangeError(`step ${id}: a skipped step has a note, and no time`);
    steps[id] = {
      ...(entry.time === undefined ? {} : { time: checkTime(entry.time, `step ${id}: time`) }),
      ...(entry.skipped === undefined ? {} : { skipped: checkTime(entry.skipped, `step ${id}: skipped`) }),
      ...(entry.by === undefined ? {} : { by: checkText(entry.by, `step ${id}: by`, runLimits.initials) }),
      ...(entry.witness === undefined
        ? {}
        : { witness: checkText(entry.witness, `step ${id}: witness`, runLimits.initials) }),
      ...(entry.note === undefined
        ? {}
        : { note: checkText(entry.note, `step ${id}: note`, runLimits.note) }),
    };
  }
  return {
    format: 'mks-procedure-run/1',
    page: checkPattern(members.page, 'page', runPatterns.page, 'a page such as docs/emergency/unseal.mdx'),
    digest: checkPattern(members.digest, 'digest', runPatterns.digest, '16 hexadecimal digits'),
    name: checkText(members.name, 'name', runLimits.name),
    started: checkTime(members.started, 'started'),
    ...(members.shards === undefined ? {} : { shards: checkShards(members.shards) }),
    ...(members.out === undefined ? {} : { out: checkOut(members.out) }),
    steps,
  };
}

/** The run as a file: members and steps in a fixed order, so that equal runs are equal files. */
export function writeRun(run: ProcedureRun): string {
  const { format, page, digest, name, started, shards, out, steps } = run;
  const sorted = Object.fromEntries(
    Object.keys(steps)
      .sort()
      .map((id) => {
        const { time, skipped, by, witness, note } = steps[id] ?? {};
        return [id, { time, skipped, by, witness, note }];
      }),
  );
  return `${JSON.stringify({ format, page, digest, name, started, shards, out, steps: sorted }, undefined, 2)}\n`;
}
