/** Reads an export of a provider's log, whatever provider it is of: it is told by its members, never by its name. */
import { readAzure, readCloudTrail, readGoogle } from './clouds';
import { type Fields, isFields, type LoggedProvider, type ProviderEntry, textOf } from './entry';
import { POSTGRES_LINE, readPostgresJson, readStatement, readVault } from './servers';

const READERS = [readCloudTrail, readGoogle, readAzure, readVault, readPostgresJson];

export interface ProviderLog {
  readonly uses: readonly ProviderEntry[];
  /** Days with any entry, by provider. */
  readonly days: ReadonlyMap<LoggedProvider, ReadonlySet<string>>;
  /** Entries that nobody understands, by their place. */
  readonly unknown: readonly string[];
}

/** The entries of a JSON document: of an array, of `Records`, `records`, `entries` or `Events`, or the document itself. */
function entriesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isFields(value)) return [value];
  const list = value.Records ?? value.records ?? value.entries ?? value.Events;
  if (!Array.isArray(list)) return [value];
  // What "aws cloudtrail lookup-events" prints holds each record as a text.
  return list.map((one) => {
    const inner = isFields(one) ? textOf(one.CloudTrailEvent) : '';
    return inner === '' ? one : parsed(inner);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lines of a PostgreSQL log, those of one message joined: the following ones begin with a tab. */
const messagesOf = (lines: readonly string[]) =>
  lines.reduce<{ line: number; text: string }[]>((all, text, index) => {
    const last = all.at(-1);
    if (text.startsWith('\t') && last) last.text += `\n${text.slice(1)}`;
    else if (text.trim() !== '') all.push({ line: index + 1, text });
    return all;
  }, []);

/** Takes an export apart. @param name Stands before the place of each entry. */
export function readProviderLog(text: string, name: string): ProviderLog {
  const uses: ProviderEntry[] = [];
  const unknown: string[] = [];
  const days = new Map<LoggedProvider, Set<string>>();
  const take = (read: ReturnType<(typeof READERS)[number]>, place: string) => {
    if (read === undefined) return unknown.push(place);
    const time = 'other' in read ? read.other : read.time;
    days.set(read.provider, (days.get(read.provider) ?? new Set()).add(time.slice(0, 10)));
    if (!('other' in read)) uses.push(read);
    return 0;
  };
  const takeFields = (entry: unknown, place: string) => {
    const fields: Fields = isFields(entry) ? entry : {};
    take(
      READERS.map((reader) => reader(fields, place)).find((read) => read !== undefined),
      place,
    );
  };
  const whole = parsed(text);
  if (whole !== undefined)
    for (const [index, entry] of entriesOf(whole).entries()) takeFields(entry, `${name}: entry ${index + 1}`);
  else
    for (const { line, text: message } of messagesOf(text.split(/\r?\n/))) {
      const place = `${name}:${line}`;
      const [, time, , said] = POSTGRES_LINE.exec(message) ?? [];
      if (time !== undefined) take(readStatement(time, said ?? '', place), place);
      else takeFields(parsed(message), place);
    }
  return { uses, days, unknown };
}
