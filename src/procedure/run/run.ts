/** A run of a procedure: who did which step when, as kept in one browser and exported as JSON. No clock, no storage. */
import { looksSecretAsTyped, looksSecretForDigest } from '../../audit/secrets';

/** What was written down at a step. Texts are trimmed and never empty. */
export interface RunEntry {
  /** UTC with seconds, taken when the step was ticked: `2026-11-23T14:05:09Z`. */
  readonly time?: string;
  /** Initials of who did it, and of who watched. */
  readonly by?: string;
  readonly witness?: string;
  /** What was different from the page. */
  readonly note?: string;
}

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

/** When the latest step was ticked; when the run began, while none is. */
export function lastTouched(run: ProcedureRun): string {
  const times = Object.values(run.steps).flatMap(({ time }) => time ?? []);
  return [run.started, ...times].sort().at(-1) ?? run.started;
}

/** The run with another quorum, or with none. */
export function withShards(run: ProcedureRun, shards: readonly number[] | undefined): ProcedureRun {
  const { shards: _before, ...rest } = run;
  return shards === undefined ? rest : { ...rest, shards };
}

/** Steps before this one that are always done and are not ticked yet. */
export function skippedBefore(
  run: ProcedureRun | undefined,
  plan: readonly PlannedStep[],
  id: string,
): string[] {
  const place = plan.findIndex((step) => step.id === id);
  return plan
    .slice(0, Math.max(place, 0))
    .filter((step) => !step.conditional && run?.steps[step.id]?.time === undefined)
    .map((step) => step.id);
}

/** The step that is next after the last ticked one, if it is a point of no return. */
export function finalAhead(run: ProcedureRun, plan: readonly PlannedStep[]): string | undefined {
  const last = plan.findLastIndex((step) => run.steps[step.id]?.time !== undefined);
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
    'steps',
  ]);
  if (members.format !== 'mks-procedure-run/1') throw new RangeError('format: wanted mks-procedure-run/1');
  if (!isRecord(members.steps)) throw new RangeError('steps: wanted an object');
  const ids = Object.keys(members.steps);
  if (ids.length > runLimits.steps) throw new RangeError(`steps: wanted at most ${runLimits.steps}`);
  const steps: Record<string, RunEntry> = {};
  for (const id of ids) {
    checkPattern(id, 'steps', runPatterns.step, 'ids such as UNS-04');
    const entry = checkKeys(members.steps[id], `step ${id}`, ['time', 'by', 'witness', 'note']);
    steps[id] = {
      ...(entry.time === undefined ? {} : { time: checkTime(entry.time, `step ${id}: time`) }),
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
    steps,
  };
}

/** The run as a file: members and steps in a fixed order, so that equal runs are equal files. */
export function writeRun(run: ProcedureRun): string {
  const { format, page, digest, name, started, shards, steps } = run;
  const sorted = Object.fromEntries(
    Object.keys(steps)
      .sort()
      .map((id) => {
        const { time, by, witness, note } = steps[id] ?? {};
        return [id, { time, by, witness, note }];
      }),
  );
  return `${JSON.stringify({ format, page, digest, name, started, shards, steps: sorted }, undefined, 2)}\n`;
}
