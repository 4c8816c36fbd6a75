/** The end of a trail on disk: its last record, and what a crash, a power cut or somebody else left behind it. */
import { hash } from 'node:crypto';
import * as fs from 'node:fs';
import { type Head, headOf, MAX_LINE_BYTES, NO_RECORD, type Sha256 } from '../../../src/audit/chain';
import { isTornEnd, MAX_ZERO_TAIL, trailingZeros } from '../../../src/audit/lines';
import { readRecord } from '../../../src/audit/record';
import { type CliError, printable, refusal } from '../command';
import { systemError } from '../files';

const NEWLINE = 0x0a;

/** The SHA-256 of OpenSSL, about ten times as fast as the portable one. */
export const nodeSha256: Sha256 = (text) => hash('sha256', text, 'hex');

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
    throw systemError(file, error);
  }
}

/** Zero bytes at the end of a file, at most one more than a power cut leaves. */
function zeroTail(fd: number, size: number): number {
  const buffer = Buffer.alloc(1 << 16);
  let zeros = 0;
  while (zeros <= MAX_ZERO_TAIL && zeros < size) {
    const wanted = Math.min(buffer.length, size - zeros);
    fs.readSync(fd, buffer, 0, wanted, size - zeros - wanted);
    const found = trailingZeros(buffer.subarray(0, wanted));
    zeros += found;
    if (found < wanted) break;
  }
  return zeros;
}

/** The end of a trail: what stands after its last newline, and the two lines before it. */
export interface Tail {
  readonly line: string | undefined;
  readonly lineBefore: string | undefined;
  /** After the last newline, without the zeros at the end. */
  readonly rest: Buffer;
  readonly zeros: number;
  readonly size: number;
}

/** Reads the end of a trail; at most as much as two records can be. */
export function readTail(fd: number): Tail {
  const { size } = fs.fstatSync(fd);
  const zeros = zeroTail(fd, size);
  const end = size - zeros;
  const wanted = Math.min(end, 3 * MAX_LINE_BYTES + 3);
  const buffer = Buffer.alloc(wanted);
  fs.readSync(fd, buffer, 0, wanted, end - wanted);
  const last = buffer.lastIndexOf(NEWLINE);
  const rest = buffer.subarray(last + 1);
  const lines = last < 0 ? [] : buffer.toString('utf8', 0, last).split('\n');
  return { line: lines.at(-1), lineBefore: lines.at(-2), rest, zeros, size };
}

const KEEP = (file: string) => `Keep the file as it is and verify it: sss audit verify ${printable(file)}`;

/** Why nothing may be appended behind this end. What a crash leaves is told from what somebody changed. */
function endProblem(file: string, head: Head, { line, lineBefore, rest, zeros }: Tail): CliError | undefined {
  const recover = `Verify the trail, then cut it off with: sss audit recover ${printable(file)}`;
  if (rest.length + zeros > 0) {
    if (isTornEnd(rest, zeros, head)) {
      const what = zeros > 0 ? `ends with ${zeros} zero bytes` : 'the last line has no end';
      return refusal(`${printable(file)}: ${what}: an append was interrupted`, recover);
    }
    return refusal(`${printable(file)}: ends with bytes that no interrupted append leaves`, KEEP(file));
  }
  if (line !== undefined && line === lineBefore)
    return refusal(`${printable(file)}: the last line stands there twice`, recover);
  return undefined;
}

/** Head of a trail from its last line, which is checked by itself. Throws CliError when that line is torn or damaged. */
export function readHead(file: string, fd: number): Head {
  const tail = readTail(fd);
  const read = tail.line === undefined ? undefined : readRecord(tail.line, nodeSha256);
  if (read && 'problem' in read)
    throw refusal(`${printable(file)}: last line: ${read.problem.kind}: ${read.problem.message}`, KEEP(file));
  const head = read === undefined ? NO_RECORD : headOf(read.event);
  const problem = endProblem(file, head, tail);
  if (problem) throw problem;
  return head;
}
