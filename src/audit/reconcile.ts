/** Holds the providers' own logs against the trail, in both directions: every use has its record, and every record its use. */
import type { AuditAction } from './actions';
import type { AuditEvent } from './event';
import type { Period } from './period';
import type { LoggedProvider, ProviderEntry, Use } from './provider-logs/entry';
import type { ProviderLog } from './provider-logs/read';
import { type Judgment, standingOf } from './standing';

const DAY = 86_400_000;

/** Which records of the trail stand for a use. */
const RECORDS: Readonly<Record<Use, readonly AuditAction[]>> = {
  unwrap: ['shard.unwrapped', 'provider.checked'],
  read: ['registry.read', 'registry.verified', 'backup.made', 'backup.verified'],
  write: [
    'registry.added',
    'registry.updated',
    'registry.restored',
    'shard.stored',
    'shard.proved',
    'shard.lost',
    'shard.retired',
    'shard.rewrapped',
  ],
};

/** Records that must have a use in a log: the others may stand for something else. */
const MUST: Readonly<Record<Use, readonly AuditAction[]>> = {
  unwrap: ['shard.unwrapped'],
  read: ['registry.read'],
  write: ['registry.added'],
};

const kindOf = (action: AuditAction): Use | undefined =>
  (Object.keys(RECORDS) as Use[]).find((use) => RECORDS[use].includes(action));

/** What is asked of a record. */
export type TrailRecord = Pick<
  AuditEvent,
  'sequence' | 'time' | 'action' | 'outcome' | 'provider' | 'requestId' | 'step'
>;

/** Records that the comparison needs; a trail of years has few. */
export const concerns = ({ action }: Pick<AuditEvent, 'action'>): boolean => kindOf(action) !== undefined;

/** Where a use of the record would be logged; undefined for a provider that keeps no log of its own here. */
const providerOf = ({ action, provider = '' }: TrailRecord): string =>
  kindOf(action) === 'unwrap' ? (provider.split(' ')[0] ?? '') : 'postgresql';

/** True when a record can stand for an entry: the request id where both have one, else the time. */
function fits(entry: ProviderEntry, record: TrailRecord, tolerance: number): boolean {
  if (!RECORDS[entry.use].includes(record.action) || providerOf(record) !== entry.provider) return false;
  if (record.outcome === 'ok' && !entry.ok) return false;
  if (entry.requestId !== '' && record.requestId !== undefined) return entry.requestId === record.requestId;
  return Math.abs(Date.parse(entry.time) - Date.parse(record.time)) <= tolerance;
}

export interface ReconcileInput {
  readonly logs: readonly ProviderLog[];
  readonly records: readonly TrailRecord[];
  /** Only what lies in it is compared. */
  readonly period: Period | undefined;
  /** Milliseconds that log and record may lie apart where no request id ties them. */
  readonly tolerance: number;
  /** Parts of key names; entries of other keys are none of ours. All keys when empty. */
  readonly keys: readonly string[];
  /** What the trail was not checked for, in sentences. */
  readonly left: readonly string[];
}

export interface Reconciliation extends Judgment {
  readonly matched: number;
  readonly findings: readonly string[];
  readonly unchecked: readonly string[];
}

function daysWithout({ from, to }: Period, days: ReadonlySet<string>): string[] {
  const count = (Date.parse(to) - Date.parse(from)) / DAY + 1;
  return Array.from({ length: count }, (_, place) =>
    new Date(Date.parse(from) + place * DAY).toISOString().slice(0, 10),
  ).filter((date) => !days.has(date));
}

/** Compares; each entry and each record counts once. */
export function reconcile(input: ReconcileInput): Reconciliation {
  const { logs, period, tolerance, keys } = input;
  const inside = ({ time }: { readonly time: string }) =>
    period === undefined || (time.slice(0, 10) >= period.from && time.slice(0, 10) <= period.to);
  const ours = ({ key, use }: ProviderEntry) =>
    use !== 'unwrap' || keys.length === 0 || keys.some((part) => key.includes(part));
  const entries = logs
    .flatMap(({ uses }) => uses)
    .filter((entry) => inside(entry) && ours(entry))
    .sort((a, b) => a.time.localeCompare(b.time));
  const records = input.records.filter(inside);
  const open = new Set(records);
  const lonely: ProviderEntry[] = [];
  // Request ids tie first, so that a neighbor in time does not take what belongs to another.
  const tied = (entry: ProviderEntry, record: TrailRecord) =>
    entry.requestId !== '' && entry.requestId === record.requestId;
  for (const byId of [true, false]) {
    for (const entry of byId ? entries : lonely.splice(0)) {
      const near = (record: TrailRecord) => Math.abs(Date.parse(record.time) - Date.parse(entry.time));
      const [match] = [...open]
        .filter((record) => fits(entry, record, tolerance) && (!byId || tied(entry, record)))
        .sort((a, b) => near(a) - near(b));
      if (match) open.delete(match);
      else lonely.push(entry);
    }
  }
  const days = new Map<LoggedProvider, Set<string>>();
  for (const log of logs)
    for (const [provider, own] of log.days)
      days.set(provider, new Set([...(days.get(provider) ?? []), ...own]));
  const must = [...open].filter((record) => {
    const use = kindOf(record.action);
    return use !== undefined && MUST[use].includes(record.action);
  });
  const logged = (record: TrailRecord) => days.has(providerOf(record) as LoggedProvider);
  const silent = new Map<string, number>();
  for (const record of must.filter((one) => !logged(one)))
    silent.set(providerOf(record), (silent.get(providerOf(record)) ?? 0) + 1);
  const findings = [
    ...logs.flatMap(({ unknown }) => unknown.map((place) => `${place}: an entry that is not understood`)),
    ...lonely.map(
      ({ place, use, key, time, ok }) =>
        `${place}: ${use}${ok ? '' : ' (refused)'} of ${key || 'an unnamed key'} at ${time} has no record in the trail`,
    ),
    ...must
      .filter(logged)
      .map(
        (record) =>
          `record ${record.sequence}: ${record.action}${record.step === undefined ? '' : ` of step ${record.step}`} at ${record.time} has no entry in the log of ${providerOf(record)}`,
      ),
  ];
  const unchecked = [
    ...[...silent].map(
      ([provider, count]) =>
        `Not checked: ${count} ${count === 1 ? 'record' : 'records'} of ${provider || 'an unnamed provider'}, because no log of it was given.`,
    ),
    ...(logs.every((log) => log.days.size === 0)
      ? ['Not checked: anything, because no log holds an entry.']
      : []),
    ...(period === undefined
      ? ['Not checked: whether days are missing from the logs, because no period was given.']
      : [...days].flatMap(([provider, own]) => {
          const missing = daysWithout(period, own);
          return missing.length === 0
            ? []
            : [
                `Not checked: ${provider} on ${missing.join(', ')}, because its log has no entry of that day.`,
              ];
        })),
    ...input.left,
  ];
  const standing = standingOf(findings.length > 0, unchecked);
  const matched = records.length - open.size;
  const counts = `${entries.length} uses in the logs, ${records.length} records, ${matched} matched`;
  return {
    standing,
    matched,
    findings,
    unchecked,
    lines: [
      `${standing}: ${counts}${findings.length === 0 ? '' : `, ${findings.length} findings`}.`,
      ...findings,
      ...unchecked,
    ],
  };
}
