/** The hash chain of an audit trail: SHA-256 (FIPS 180-4) over the canonical form (RFC 8785), each record over the one before. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonical, type Json } from './canonical';
import { type AuditEvent, checkEvent, type EventDraft, FORMAT, GENESIS } from './event';

/** SHA-256 of the UTF-8 bytes of a text, as 64 lower-case hexadecimal digits. */
export type Sha256 = (text: string) => string;

export const sha256Hex: Sha256 = (text) => bytesToHex(sha256(utf8ToBytes(text)));

/** Longest line of a trail in bytes, without its newline. The schema admits far less; a longer line is hostile. */
export const MAX_LINE_BYTES = 65536;

/** Clocks of two machines differ; a time further ahead of the clock than this is a wrong clock, then or now. */
export const CLOCK_MARGIN_MS = 300_000;

/** Tells whether a time lies ahead of a clock, given in milliseconds since 1970, by more than clocks may differ. */
export function isAhead(time: string, now: number): boolean {
  return Date.parse(time) > now + CLOCK_MARGIN_MS;
}

/** Where a chain stands: its last record. */
export interface Head {
  readonly sequence: number;
  readonly digest: string;
  readonly time: string;
  readonly mode: AuditEvent['mode'];
}

/** State before the first record. */
export const NO_RECORD: Head = { sequence: 0, digest: GENESIS, time: '', mode: 'real' };

/** A record ready to append: the event, and its line without the newline. */
export interface Sealed {
  readonly event: AuditEvent;
  readonly line: string;
}

/** Thrown for a draft that must not enter a trail. */
export class RefusedEvent extends RangeError {
  override name = 'RefusedEvent';
}

/** Digest of a record from its line: SHA-256 of the canonical form without the member `digest`, which `format` follows. */
export function digestOfLine(line: string, hash: Sha256 = sha256Hex): string {
  const start = line.indexOf(',"digest":"') + 1;
  return hash(line.slice(0, start) + line.slice(start + '"digest":"",'.length + 64));
}

/**
 * Puts a draft behind `head`. Throws RefusedEvent when the record would break the schema, a rule, the order of time,
 * the mode of the trail or the place of the trail's own records. Pass `NO_RECORD` to start a trail.
 */
export function seal(draft: EventDraft, head: Head, hash: Sha256 = sha256Hex): Sealed {
  const base = { ...draft, format: FORMAT, previous: head.digest, sequence: head.sequence + 1 } as const;
  const checked = checkEvent({ ...base, digest: GENESIS });
  if ('problem' in checked) throw new RefusedEvent(checked.problem.message);
  const misplaced = misplacedRecord(checked.event, head);
  if (misplaced) throw new RefusedEvent(misplaced.message);
  const { digest: _, ...bare } = checked.event;
  const digest = hash(canonical(bare as Json));
  const event: AuditEvent = { ...checked.event, digest };
  const line = canonical(event as Json);
  if (utf8ToBytes(line).length > MAX_LINE_BYTES)
    throw new RefusedEvent(`the record is longer than ${MAX_LINE_BYTES} bytes`);
  return { event, line };
}

/** Why a sound record cannot stand behind `head`. */
export interface Misplaced {
  readonly kind: 'start' | 'mode' | 'clock';
  readonly message: string;
}

/** What is wrong with the place of a sound record behind `head`, if anything. Sequence and `previous` are not looked at. */
export function misplacedRecord(event: AuditEvent, head: Head): Misplaced | undefined {
  if ((event.action === 'trail.opened') !== (head.sequence === 0)) {
    const message =
      head.sequence === 0 ? 'a trail begins with trail.opened' : 'trail.opened stands inside the trail';
    return { kind: 'start', message };
  }
  if (head.sequence === 0) return undefined;
  if (event.mode !== head.mode) {
    return { kind: 'mode', message: `a record of mode ${event.mode} in a trail of mode ${head.mode}` };
  }
  if (event.time < head.time) {
    return { kind: 'clock', message: `the clock went back: ${event.time} after ${head.time}` };
  }
  return undefined;
}

/** The head that a sealed record leaves. */
export function headOf(event: AuditEvent): Head {
  return { sequence: event.sequence, digest: event.digest, time: event.time, mode: event.mode };
}
