/** Rotation of a trail so that it has one end at every moment, wherever the machine stops: journal, close, continue, done. */
import * as fs from 'node:fs';
import path from 'node:path';
import { isAhead } from '../../../src/audit/chain';
import type { AuditEvent, EventDraft } from '../../../src/audit/event';
import { fileError, printable, refusal } from '../command';
import { readLimited, refuseExisting, systemError, writeNewFile } from '../files';
import { openToRead, readHead } from './trail-end';
import { refuseAhead, rotationFile, sealFor, syncFolder } from './trail-file';

/** What a rotation does: the record that continues the trail, and where. */
interface Rotation {
  readonly line: string;
  readonly out: string;
}

const LIMIT = 1 << 18;
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** The unfinished rotation of a trail, if there is one. */
function unfinished(file: string): Rotation | undefined {
  const journal = rotationFile(file);
  if (!fs.existsSync(journal)) return undefined;
  try {
    return JSON.parse(Buffer.from(readLimited(journal, LIMIT, 'a rotation')).toString()) as Rotation;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw fileError(
      `${printable(journal)}: is no rotation of a trail`,
      'Keep it, and find out who wrote it.',
    );
  }
}

/** Seals the record that continues the trail, and writes down what will be done. Nothing else has changed by then. */
function begin(file: string, out: string, draft: EventDraft, warn: (message: string) => void): Rotation {
  refuseExisting(out);
  if ((fs.statSync(file).mode & 0o222) === 0) {
    const hint =
      'A rotated trail goes on in its newest file. If there is none, make this one writable first: chmod u+w.';
    throw refusal(`${printable(file)}: is read-only: it was rotated already`, hint);
  }
  const fd = openToRead(file);
  let head: ReturnType<typeof readHead>;
  try {
    head = readHead(file, fd);
  } finally {
    fs.closeSync(fd);
  }
  if (head.sequence === 0) throw refusal(`${printable(file)}: holds no record to carry over`);
  const now = Date.now();
  refuseAhead(file, draft, { ...head, sequence: 0 }, now);
  const isWrong = isAhead(head.time, now);
  if (isWrong)
    warn(`${printable(file)}: its last record has the time ${head.time}; the new file does not begin there`);
  const { line } = sealFor(file, draft, isWrong ? { ...head, time: '' } : head);
  const rotation = { line, out: path.resolve(out) };
  const journal = rotationFile(file);
  fs.rmSync(`${journal}.partial`, { force: true });
  writeNewFile(journal, bytesOf(JSON.stringify(rotation)));
  return rotation;
}

/** A record behind the head that is carried over would fork the trail, so the old file takes no more. */
function close(file: string): void {
  const fd = openToRead(file);
  try {
    fs.fchmodSync(fd, fs.fstatSync(fd).mode & 0o555);
    fs.fsyncSync(fd);
  } catch (error) {
    throw systemError(file, error);
  } finally {
    fs.closeSync(fd);
  }
}

/** True when the file begins with the line, whole; records may have followed. */
function beginsWith(file: string, line: string): boolean {
  const wanted = Buffer.from(`${line}\n`);
  const fd = openToRead(file);
  try {
    const found = Buffer.alloc(wanted.length);
    return fs.readSync(fd, found, 0, found.length, 0) === found.length && found.equals(wanted);
  } finally {
    fs.closeSync(fd);
  }
}

function continueIn({ line, out }: Rotation): void {
  if (fs.existsSync(out) && beginsWith(out, line)) return;
  const bytes = bytesOf(`${line}\n`);
  const partial = `${out}.partial`;
  // Left over from this rotation, and from nothing else, when it is a beginning of the same record.
  if (fs.existsSync(partial)) {
    const found = readLimited(partial, LIMIT, 'the beginning of a record');
    if (Buffer.from(bytes).subarray(0, found.length).equals(found)) fs.rmSync(partial);
  }
  writeNewFile(out, bytes);
}

/**
 * Continues a trail in a new file, or finishes what an earlier call could not. The caller holds the lock.
 * @throws CliError when the trail has a continuation already, or another one is under way.
 */
export function rotateTrail(
  file: string,
  out: string,
  draft: EventDraft,
  warn: (message: string) => void,
): AuditEvent {
  const rotation = unfinished(file) ?? begin(file, out, draft, warn);
  if (rotation.out !== path.resolve(out)) {
    const hint = 'Give that name to --out: a trail has one continuation.';
    throw refusal(`${printable(file)}: is being rotated to ${printable(rotation.out)}`, hint);
  }
  close(file);
  continueIn(rotation);
  fs.rmSync(rotationFile(file));
  syncFolder(file);
  return JSON.parse(rotation.line) as AuditEvent;
}
