/** A trail on disk: read its head, append one record so that it is whole and durable or not there, verify it as a stream. */
import { hash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import {
  type Head,
  headOf,
  MAX_LINE_BYTES,
  NO_RECORD,
  RefusedEvent,
  type Sha256,
  seal,
} from '../../src/audit/chain';
import type { AuditEvent, EventDraft } from '../../src/audit/event';
import { firstSequence, inOrderOf } from '../../src/audit/lines';
import { readRecord } from '../../src/audit/record';
import type { Verdict } from '../../src/audit/verdict';
import { TrailVerifier, type VerifyOptions } from '../../src/audit/verify';
import { fileError, printable, refusal } from '../sss/command';
import { systemError } from '../sss/files';
import { hintFor } from './hints';

/** The SHA-256 of OpenSSL, about ten times as fast as the portable one. */
export const nodeSha256: Sha256 = (text) => hash('sha256', text, 'hex');

function failHere(file: string, error: unknown): never {
  throw systemError(file, error);
}

/** Opens a file for reading; a folder is refused. */
export function openToRead(file: string): number {
  try {
    const fd = fs.openSync(file, 'r');
    if (fs.fstatSync(fd).isDirectory()) {
      fs.closeSync(fd);
      throw Object.assign(new Error(), { code: 'EISDIR' });
    }
    return fd;
  } catch (error) {
    return failHere(file, error);
  }
}

/** Bytes after the last newline, and the line before it; at most as much as a record can be is read. */
export function readTail(fd: number): {
  readonly line: string | undefined;
  readonly torn: Buffer;
  readonly size: number;
} {
  const { size } = fs.fstatSync(fd);
  const wanted = Math.min(size, 2 * MAX_LINE_BYTES + 2);
  const buffer = Buffer.alloc(wanted);
  fs.readSync(fd, buffer, 0, wanted, size - wanted);
  const end = buffer.lastIndexOf(0x0a);
  const torn = buffer.subarray(end + 1);
  if (end < 0) return { line: undefined, torn, size };
  const start = buffer.subarray(0, end).lastIndexOf(0x0a) + 1;
  return { line: buffer.toString('utf8', start, end), torn, size };
}

/** Head of a trail from its last line, which is checked by itself. Throws CliError when that line is torn or damaged. */
export function readHead(file: string, fd: number): Head {
  const { line, torn } = readTail(fd);
  if (torn.length > 0) {
    const hint = `Verify the trail, then cut the torn line off with: sss audit recover ${printable(file)}`;
    throw refusal(`${printable(file)}: the last line has no end`, hint);
  }
  if (line === undefined) return NO_RECORD;
  const read = readRecord(line, nodeSha256);
  if ('event' in read) return headOf(read.event);
  const hint = `Keep the file as it is and verify it: sss audit verify ${printable(file)}`;
  throw refusal(`${printable(file)}: last line: ${read.problem.kind}: ${read.problem.message}`, hint);
}

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

/** Seals a draft behind the head of the trail and appends it. The caller holds the lock. */
export function appendRecord(file: string, draft: EventDraft, before?: Head): AuditEvent {
  const isNew = !fs.existsSync(file);
  if (isNew && draft.action !== 'trail.opened' && !before) {
    throw fileError(`${printable(file)}: no such file`, 'A trail begins with --action trail.opened.');
  }
  // Asked of the file, not of the system: for root every file can be written.
  if (!isNew && (fs.statSync(file).mode & 0o222) === 0) {
    const hint = 'A rotated trail goes on in its newest file.';
    throw refusal(`${printable(file)}: is read-only, and takes no more records`, hint);
  }
  let fd: number | undefined;
  try {
    fd = fs.openSync(file, isNew ? 'ax+' : 'a+', 0o600);
    const { event, line } = seal(draft, before ?? readHead(file, fd), nodeSha256);
    writeLine(file, fd, line);
    if (isNew) syncFolder(file);
    return event;
  } catch (error) {
    if (isNew && fd !== undefined) fs.rmSync(file, { force: true });
    if (error instanceof RefusedEvent) {
      const hint = hintFor(error.message, draft.action);
      throw refusal(`${printable(file)}: not appended: ${error.message}`, hint);
    }
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
  const verifier = new TrailVerifier({ hash: nodeSha256, ...options });
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
