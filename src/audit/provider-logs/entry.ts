/** What the logs of all providers have in common, and how their texts are taken apart. */

/** Providers whose own logs are read, by the names that the trail uses. */
export const LOGGED_PROVIDERS = [
  'aws-kms',
  'gcp-kms',
  'azure-key-vault',
  'vault-transit',
  'postgresql',
] as const;
export type LoggedProvider = (typeof LOGGED_PROVIDERS)[number];

/** What somebody did there, as far as it concerns a shard. */
export type Use = 'unwrap' | 'read' | 'write';

/** One use in a provider's own log. */
export interface ProviderEntry {
  readonly provider: LoggedProvider;
  readonly use: Use;
  /** Time with milliseconds, UTC. */
  readonly time: string;
  /** False when the provider refused. */
  readonly ok: boolean;
  /** Full name of the key, or the table. */
  readonly key: string;
  /** Id by which the provider names the request; empty where it has none. */
  readonly requestId: string;
  readonly place: string;
}

/** What came of one entry: a use, the time of something that is no use, or nothing that is understood. */
export type ReadEntry =
  | ProviderEntry
  | { readonly other: string; readonly provider: LoggedProvider }
  | undefined;

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A member of a member: `at(entry, 'request', 'path')`; undefined on the way when it is not there. */
export function at(value: unknown, ...names: readonly (string | number)[]): unknown {
  return names.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<string | number, unknown>)[name]
        : undefined,
    value,
  );
}

/** A time in the form of the trail; undefined when it is none. */
export function isoOf(text: string): string | undefined {
  // PostgreSQL writes "2026-11-23 09:30:00.123 UTC".
  const time = Date.parse(
    text.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) (?:UTC|GMT)$/, '$1T$2Z'),
  );
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
