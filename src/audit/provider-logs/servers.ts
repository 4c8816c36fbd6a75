/** Entries of the logs that one's own servers keep: Vault's audit device (one JSON object a line) and PostgreSQL's jsonlog or stderr log. */
import { at, type Fields, isoOf, type ReadEntry, textOf } from './entry';

const DECRYPT = /(?:^|\/)decrypt\/([^/]+)$/;

/** Vault writes a request and its response; the response says how it ended. */
export function readVault(entry: Fields, place: string): ReadEntry {
  const type = textOf(entry.type);
  const path = textOf(at(entry, 'request', 'path'));
  const time = isoOf(textOf(entry.time));
  if (!['request', 'response'].includes(type) || path === '' || time === undefined) return undefined;
  if (type === 'request' || !DECRYPT.test(path)) return { provider: 'vault-transit', other: time };
  return {
    provider: 'vault-transit',
    use: 'unwrap',
    time,
    ok: textOf(entry.error) === '',
    key: path,
    requestId: textOf(at(entry, 'request', 'id')),
    place,
  };
}

const TABLE = /\bshard_(?:registry|current)\b/i;

/** A statement as the server logged it, with its time. */
export function readStatement(time: string, message: string, place: string): ReadEntry {
  const at = isoOf(time);
  if (at === undefined) return undefined;
  const statement = /^(?:statement|execute [^:]*): ([\s\S]*)$/.exec(message)?.[1];
  if (statement === undefined || !TABLE.test(statement)) return { provider: 'postgresql', other: at };
  const writes = /^\s*(?:INSERT|UPDATE|DELETE|TRUNCATE|MERGE|COPY\s+shard_\w+(?:\s*\([^)]*\))?\s+FROM)\b/i;
  const isDefinition = /^\s*(?:CREATE|REVOKE|GRANT|COMMENT|BEGIN|COMMIT)\b/i.test(statement);
  if (isDefinition) return { provider: 'postgresql', other: at };
  return {
    provider: 'postgresql',
    use: writes.test(statement) ? 'write' : 'read',
    time: at,
    ok: true,
    key: 'shard_registry',
    requestId: '',
    place,
  };
}

export function readPostgresJson(entry: Fields, place: string): ReadEntry {
  return entry.error_severity === undefined
    ? undefined
    : readStatement(textOf(entry.timestamp), textOf(entry.message), place);
}

/** `2026-11-23 09:30:00.123 UTC [4711] LOG:  statement: SELECT …`, the prefix that a new server has (`%m [%p] `). */
export const POSTGRES_LINE =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ (?:UTC|GMT)) \[\d+\](?: \S+@\S+)? ([A-Z]+\d?): {2}([\s\S]*)$/;
