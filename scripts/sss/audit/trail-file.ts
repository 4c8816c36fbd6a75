/** A trail on disk: read its head, append one record so that it is whole and durable or not there, verify it as a stream. */
import * as fs from 'node:fs';
import path from 'node:path';
import {
  type Head,
  isAhead,
  MAX_LINE_BYTES,
  RefusedEvent,
  type Sealed,
  seal,
} from '../../../src/audit/chain';
import type { AuditEvent, EventDraft } from '../../../src/audit/event';
import { firstSequence, inOrderOf } from '../../../src/audit/lines';
import type { Verdict } from '../../../src/audit/verdict';
import { TrailVerifier, type VerifyOptions } from '../../../src/audit/verify';
import { fileError, printable, refusal } from '../command';
import { systemError } from '../files';
import { hintFor } from './hints';
import { nodeSha256, openToRead, readHead } from './trail-end';

function failHere(file: string, error: unknown): never {
  throw systemError(file, error);
}

/** Where an unfinished rotation keeps what it does; it is there only between the first and the last act of one. */
export const rotationFile = (file: string) => `${file}.rotating`;

export function syncFolder(file: string): void {
  const fd = fs.openSync(path.dirname(path.resolve(file)), 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Writes one line in one call and waits for the disk. What a full disk leaves of it is cut off again. */
function writeLine(file: string, fd: number, line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  const { size } = fs.fstatSync(fd);
  try {
    if (fs.writeSync(fd, bytes) !== bytes.length) throw Object.assign(new Error(), { code: 'ENOSPC' });
    fs.fsyncSync(fd);
  } catch (error) {
    fs.ftruncateSync(fd, size);
    fs.fsyncSync(fd);
    failHere(file, error);
  }
}

/** A wrong clock, in the trail or in this machine; a record must not be written by guess. */
export function refuseAhead(file: string, draft: EventDraft, head: Head, now: number): void {
  if (isAhead(draft.time, now)) {
    const hint =
      'A record is written after the act. Compare the clock with two sources, and leave --time out.';
    throw refusal(`${printable(file)}: not appended: the time lies ahead of this machine's clock`, hint);
  }
  if (head.sequence > 0 && isAhead(head.time, now)) {
    const message = `the last record has the time ${head.time}, ahead of this machine's clock`;
    const hint =
      'Compare the clock with two sources. If it is right, go on as emergency page S27 says: sss audit rotate begins a file with the right time.';
    throw refusal(`${printable(file)}: not appended: ${message}`, hint);
  }
}

/** A file whose continuation is begun takes no more records, or the trail would have two ends. */
export function refuseClosed(file: string): void {
  if (fs.existsSync(rotationFile(file))) {
    const hint = 'A rotation was interrupted. Give the same sss audit rotate command again.';
    throw refusal(`${printable(file)}: is being rotated, and takes no more records`, hint);
  }
  // Asked of the file, not of the system: for root every file can be written.
  if ((fs.statSync(file).mode & 0o222) === 0) {
    const hint = 'A rotated trail goes on in its newest file.';
    throw refusal(`${printable(file)}: is read-only, and takes no more records`, hint);
  }
}

/** Seals a draft behind the head of the trail; a refusal names the file and says what to do. */
export function sealFor(file: string, draft: EventDraft, head: Head): Sealed {
  try {
    return seal(draft, head, nodeSha256);
  } catch (error) {
    if (!(error instanceof RefusedEvent)) throw error;
    const hint = hintFor(error.message, draft.action);
    throw refusal(`${printable(file)}: not appended: ${error.message}`, hint);
  }
}

/** Seals a draft behind the head of the trail and appends it. The caller holds the lock. */
export function appendRecord(file: string, draft: EventDraft, now = Date.now()): AuditEvent {
  const isNew = !fs.existsSync(file);
  if (isNew && draft.action !== 'trail.opened') {
    throw fileError(`${printable(file)}: no such file`, 'A trail begins with --action trail.opened.');
  }
  if (!isNew) refuseClosed(file);
  let fd: number | undefined;
  try {
    fd = fs.openSync(file, isNew ? 'ax+' : 'a+', 0o600);
    const head = readHead(file, fd);
    refuseAhead(file, draft, head, now);
    const { event, line } = sealFor(file, draft, head);
    writeLine(file, fd, line);
    if (isNew) syncFolder(file);
    return event;
  } catch (error) {
    if (isNew && fd !== undefined) fs.rmSync(file, { force: true });
    return failHere(file, error);
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

/** Files in the order of the trail. What cannot be read twice, such as a pipe, leaves all as given. */
function inOrder(files: readonly string[]): readonly string[] {
  if (files.length < 2) return files;
  const buffer = Buffer.alloc(MAX_LINE_BYTES + 1);
  const known: [string, number][] = [];
  for (const file of files) {
    const fd = openToRead(file);
    try {
      if (!fs.fstatSync(fd).isFile()) return files;
      known.push([file, firstSequence(buffer.toString('latin1', 0, fs.readSync(fd, buffer)))]);
    } finally {
      fs.closeSync(fd);
    }
  }
  return inOrderOf(known);
}

/** Verifies files as one trail, in any order. `progress` receives the bytes read so far. */
export function verifyFiles(
  files: readonly string[],
  options: VerifyOptions = {},
  progress: (bytes: number) => void = () => undefined,
): Verdict {
  const verifier = new TrailVerifier({ hash: nodeSha256, now: Date.now(), ...options });
  // Small pieces: their text dies young, which keeps memory low and is faster.
  const buffer = Buffer.allocUnsafeSlow(1 << 16);
  let total = 0;
  for (const file of inOrder(files)) {
    const fd = openToRead(file);
    try {
      verifier.beginFile(printable(file));
      for (let more = true; more; ) {
        const length = fs.readSync(fd, buffer, 0, buffer.length, null);
        if (length === 0) break;
        total += length;
        more = verifier.push(buffer.subarray(0, length));
        progress(total);
      }
      verifier.endFile();
    } catch (error) {
      failHere(file, error);
    } finally {
      fs.closeSync(fd);
    }
  }
  return verifier.verdict();
}
