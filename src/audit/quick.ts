/** The short way through a sound line: one expression over its canonical form. It may only say yes; every no takes the long way, which explains. */
import { isCanonical, type Json } from './canonical';
import { type AuditEvent, DIGEST, eventSchema, hidesMember, TIME } from './event';

type Name = keyof AuditEvent;

const NAMES = Object.keys(eventSchema.shape) as Name[];
const REMEMBERED = 1024;
const inner = (pattern: RegExp) => pattern.source.replace(/^\^|\$$/g, '');

/** How a member of each name is written. Texts need no escapes, or the schema refuses them. */
function written(name: Name): string {
  if (name === 'digest' || name === 'previous') return `"(${inner(DIGEST)})"`;
  if (name === 'time') return `"(${inner(TIME)})"`;
  if (name === 'detail' || name === 'digests') return '(\\{[^{}]+\\})';
  return eventSchema.shape[name].safeParse(1).success ? '(0|-?[1-9][0-9]*)' : '"([^"\\\\]+)"';
}

/** A whole line: every member in canonical order, each as one group. */
const LINE = new RegExp(
  `^\\{${NAMES.map((name, place) => {
    const member = `${place === 0 ? '' : ','}"${name}":${written(name)}`;
    return eventSchema.shape[name].safeParse(undefined).success ? `(?:${member})?` : member;
  }).join('')}\\}$`,
);

/** Reads the written form of a member, or gives undefined. Remembers what it has accepted: names and providers recur. */
function reader(name: Name): (written: string) => unknown {
  const schema = eventSchema.shape[name];
  const known = new Map<string, unknown>();
  const isObject = name === 'detail' || name === 'digests';
  const isNumber = schema.safeParse(1).success;
  const read = (text: string): unknown => {
    const value: Json = isObject ? JSON.parse(text) : isNumber ? Number(text) : text;
    if (!schema.safeParse(value).success) return undefined;
    return !isObject || (isCanonical(text, value) && !hidesMember({ [name]: value })) ? value : undefined;
  };
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    let value: unknown;
    try {
      value = read(text);
    } catch {
      return undefined;
    }
    if (known.size < REMEMBERED) known.set(text, value);
    return value;
  };
}

const CHECKED_BY_LINE: readonly Name[] = ['digest', 'previous', 'time'];
const READERS = NAMES.map((name) => (CHECKED_BY_LINE.includes(name) ? undefined : reader(name)));

/**
 * The record, when `line` is certainly its canonical form and its shape is right; undefined otherwise. Members that
 * the line lacks are there with the value undefined.
 */
export function quickEvent(line: string): AuditEvent | undefined {
  const groups = LINE.exec(line);
  if (!groups) return undefined;
  const values: unknown[] = groups;
  for (let place = 0; place < READERS.length; place++) {
    const text = groups[place + 1];
    const read = READERS[place];
    if (text === undefined || read === undefined) continue;
    const value = read(text);
    if (value === undefined) return undefined;
    values[place + 1] = value;
  }
  return toEvent(values);
}

/** A literal, because objects made member by member are slow. Its order is that of the schema. */
function toEvent(v: readonly unknown[]): AuditEvent {
  const event = {
    action: v[1],
    actor: v[2],
    actorRole: v[3],
    clockOffsetMs: v[4],
    clockSource: v[5],
    detail: v[6],
    digest: v[7],
    digests: v[8],
    format: v[9],
    generation: v[10],
    key: v[11],
    keyVersion: v[12],
    mode: v[13],
    outcome: v[14],
    previous: v[15],
    provider: v[16],
    reason: v[17],
    requestId: v[18],
    sequence: v[19],
    shard: v[20],
    step: v[21],
    time: v[22],
    witness: v[23],
    witnessRole: v[24],
  } satisfies Record<Name, unknown>;
  return event as AuditEvent;
}
