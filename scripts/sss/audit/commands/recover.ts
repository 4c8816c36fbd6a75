/** `sss audit recover`: cuts off what a crash or a power cut left at the end of a trail, keeps it, and says so in the trail. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { headOf, NO_RECORD } from '../../../../src/audit/chain';
import { readRecord } from '../../../../src/audit/record';
import { type BadTrail, judge } from '../../../../src/audit/verdict';
import { type Command, fileError, printable, refusal } from '../../command';
import { readLimited, systemError, writeNewFile } from '../../files';
import { withLock } from '../lock';
import { nodeSha256, openToRead, readTail, type Tail } from '../trail-end';
import { appendRecord, refuseAhead, refuseClosed, sealFor, syncFolder, verifyFiles } from '../trail-file';
import { ACTOR_OPTIONS, draftOf } from './append';

/** More than a record and the longest hole. */
const LIMIT = 1 << 21;
const keptFile = (file: string, line: number) => `${file}.torn-${line}`;

function inFile<T>(file: string, flags: string, work: (fd: number) => T): T {
  let fd: number | undefined;
  try {
    fd = flags === 'r' ? openToRead(file) : fs.openSync(file, flags);
    return work(fd);
  } catch (error) {
    throw systemError(file, error);
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

function linesOf(file: string): number {
  return inFile(file, 'r', (fd) => {
    const buffer = Buffer.alloc(1 << 16);
    let lines = 0;
    for (let size = -1; size !== 0; ) {
      size = fs.readSync(fd, buffer);
      for (let at = buffer.indexOf(10); at >= 0 && at < size; at = buffer.indexOf(10, at + 1)) lines++;
    }
    return lines;
  });
}

/** Bytes to cut off; throws where the end is not what an interrupted append leaves. */
function tornBytes(file: string, verdict: BadTrail, tail: Tail): number {
  if (verdict.kind === 'torn') return tail.rest.length + tail.zeros;
  const isTwice = tail.rest.length + tail.zeros === 0 && tail.line === tail.lineBefore;
  if (verdict.kind === 'repeat' && isTwice && linesOf(file) === verdict.line)
    return Buffer.byteLength(tail.line ?? '') + 1;
  const hint = 'That is no crash. Keep the file as it is, and open an incident: emergency page S27.';
  throw refusal(judge(verdict).lines[0] ?? verdict.kind, hint);
}

/** Keeps the bytes beside the trail. An earlier call may have got as far as this. */
function keep(kept: string, bytes: Uint8Array): void {
  if (fs.existsSync(kept) && Buffer.from(readLimited(kept, LIMIT, 'a torn end')).equals(bytes)) return;
  fs.rmSync(`${kept}.partial`, { force: true });
  writeNewFile(kept, bytes);
}

export const recover: Command = {
  name: 'audit recover',
  summary: 'cut off a torn last line after a crash',
  files: { name: 'TRAIL', min: 1, max: 1, help: 'The file whose last line has no end.' },
  options: [...ACTOR_OPTIONS],
  details: [
    'Only for a trail that sss audit verify calls torn: everything before the last line is sound. Zeros at the end, as a power cut leaves them, and a last line that is there twice are cut off as well. Any other ending is not that of a crash, and is refused.',
    'The torn bytes are kept beside the trail, and a record trail.recovered says how many there were. Repeat the action whose record was torn.',
  ],
  example: {
    command: 'sss audit recover --actor wanda-example --actor-role log-custodian trail.jsonl',
    output: 'trail.jsonl: record 12, trail.recovered; 211 bytes kept in trail.jsonl.torn-12',
  },
  async run(args, context) {
    const file = args.files[0] as string;
    return withLock(file, () => {
      const draft = draftOf(args, context.test, { action: 'trail.recovered' });
      const verdict = verifyFiles([file]);
      const kept = keptFile(file, verdict.ok ? verdict.records + 1 : verdict.line);
      if (verdict.ok && !fs.existsSync(kept)) throw refusal(`${printable(file)}: nothing is torn`);
      if (verdict.records === 0)
        throw fileError(`${printable(file)}: holds no whole record`, 'Begin a new trail.');
      refuseClosed(file);
      const tail = inFile(file, 'r', readTail);
      // Cut already, and not yet recorded: an earlier call was interrupted between the two.
      const cut = verdict.ok ? 0 : tornBytes(file, verdict, tail);
      const torn = verdict.ok
        ? readLimited(kept, LIMIT, 'a torn end')
        : inFile(file, 'r', (fd) => {
            const bytes = Buffer.alloc(cut);
            fs.readSync(fd, bytes, 0, cut, tail.size - cut);
            return bytes;
          });
      const full = {
        ...draft,
        detail: { bytes: torn.length },
        digests: { torn: createHash('sha256').update(torn).digest('hex') },
      };
      // Nothing is cut before it is certain that the record can follow.
      const last = tail.line === undefined ? undefined : readRecord(tail.line, nodeSha256);
      const head = last && 'event' in last ? headOf(last.event) : NO_RECORD;
      refuseAhead(file, full, head, Date.now());
      sealFor(file, full, head);
      if (!verdict.ok) {
        keep(kept, torn);
        inFile(file, 'r+', (fd) => {
          fs.ftruncateSync(fd, tail.size - cut);
          fs.fsyncSync(fd);
        });
        syncFolder(file);
      }
      const event = appendRecord(file, full);
      const line = `${printable(file)}: record ${event.sequence}, ${event.action}; ${torn.length} bytes kept in ${printable(kept)}`;
      return { lines: [line], json: { file, kept, bytes: torn.length, sequence: event.sequence } };
    });
  },
};
