/** Reads one line of a trail by itself: encoding, canonical form, schema, rules, digest. Its place in the chain is checked elsewhere. */
import { isCanonical, type Json } from './canonical';
import { digestOfLine, MAX_LINE_BYTES, type Sha256, sha256Hex } from './chain';
import { type AuditEvent, checkEvent, keepsRules } from './event';
import { quickEvent } from './quick';
import type { ProblemKind } from './verdict';

/** What is wrong, by its stable name and in words that quote no value. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly message: string;
}

const problem = (kind: ProblemKind, message: string) => ({ problem: { kind, message } });

/**
 * The record of a line without its newline (undefined: not valid UTF-8), or the first thing that is wrong with it.
 * Members that the line lacks may be there with the value undefined.
 */
export function readRecord(
  line: string | undefined,
  hash: Sha256 = sha256Hex,
): { readonly event: AuditEvent } | { readonly problem: Problem } {
  if (line === undefined) return problem('encoding', 'not valid UTF-8');
  if (line.length > MAX_LINE_BYTES) return problem('too-long', `longer than ${MAX_LINE_BYTES} bytes`);
  if (line === '') return problem('blank', 'an empty line');
  if (line.startsWith('\uFEFF')) return problem('encoding', 'begins with a byte order mark');
  if (line.endsWith('\r')) return problem('line-ending', 'ends with a carriage return');
  const checked = readQuickly(line) ?? readSlowly(line);
  if ('problem' in checked) return checked;
  if (digestOfLine(line, hash) !== checked.event.digest) {
    return problem('edit', `the digest of record ${checked.event.sequence} does not fit its contents`);
  }
  return checked;
}

function readQuickly(line: string): { readonly event: AuditEvent } | undefined {
  const event = quickEvent(line);
  return event && keepsRules(event) ? { event } : undefined;
}

function readSlowly(line: string): { readonly event: AuditEvent } | { readonly problem: Problem } {
  let value: Json;
  try {
    value = JSON.parse(line);
  } catch {
    return problem('json', 'not JSON');
  }
  const checked = checkEvent(value);
  if ('problem' in checked || isCanonical(line, value)) return checked;
  return problem('not-canonical', 'not the canonical form of its value (RFC 8785)');
}
