/** `sss audit rotate` and `sss audit recover`: the two operations that begin or mend a file of a trail. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { describeVerdict } from '../../../src/audit/verdict';
import { type Command, fileError, printable, refusal } from '../../sss/command';
import { refuseExisting, systemError, writeNewFile } from '../../sss/files';
import { withLock } from '../lock';
import { appendRecord, openToRead, readHead, readTail, syncFolder, verifyFiles } from '../trail-file';
import { ACTOR_OPTIONS, draftOf } from './append';

const safeName = (file: string) =>
  path
    .basename(file)
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .slice(0, 120);

/** A record behind the head that was carried over would fork the trail, so the old file takes no more. */
function closeForGood(file: string, fd: number): void {
  try {
    fs.fchmodSync(fd, fs.fstatSync(fd).mode & 0o555);
  } catch (error) {
    throw systemError(file, error);
  }
}

export const rotate: Command = {
  name: 'audit rotate',
  summary: 'begin a new file that continues a trail',
  files: { name: 'TRAIL', min: 1, max: 1, help: 'The newest file of the trail.' },
  options: [
    { name: 'out', value: 'FILE', required: true, help: 'The file that continues it.' },
    ...ACTOR_OPTIONS,
  ],
  details: [
    'The first record of the new file carries the head of the old one. The contents of the old file are not changed; it is made read-only, because a further record in it would fork the trail. Archive it.',
  ],
  example: {
    command:
      'sss audit rotate --out trail-2027.jsonl --actor wanda-example --actor-role log-custodian trail-2026.jsonl',
    output: 'trail-2027.jsonl: record 1204, trail.rotated',
  },
  async run(args, context) {
    const file = args.files[0] as string;
    const out = args.text('out');
    const event = await withLock(file, () => {
      refuseExisting(out);
      const fd = openToRead(file);
      try {
        const head = readHead(file, fd);
        if (head.sequence === 0) throw refusal(`${printable(file)}: holds no record to carry over`);
        const fixed = { action: 'trail.rotated', detail: { file: safeName(file) } } as const;
        const draft = draftOf(args, context.test, fixed);
        const first = appendRecord(out, draft, head);
        closeForGood(file, fd);
        return first;
      } finally {
        fs.closeSync(fd);
      }
    });
    const lines = [`${printable(out)}: record ${event.sequence}, ${event.action}`];
    return { lines, json: { file: out, sequence: event.sequence, digest: event.digest } };
  },
};

export const recover: Command = {
  name: 'audit recover',
  summary: 'cut off a torn last line after a crash',
  files: { name: 'TRAIL', min: 1, max: 1, help: 'The file whose last line has no end.' },
  options: [...ACTOR_OPTIONS],
  details: [
    'Only for a trail that sss audit verify calls torn: everything before the last line is sound. The torn bytes are kept beside the trail, and a record trail.recovered says how many there were. Repeat the action whose record was torn.',
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
      if (verdict.ok) throw refusal(`${printable(file)}: nothing is torn`);
      if (verdict.kind !== 'torn') throw refusal(describeVerdict(verdict)[0] ?? verdict.kind);
      if (verdict.records === 0)
        throw fileError(`${printable(file)}: holds no whole record`, 'Begin a new trail.');
      const fd = openToRead(file);
      const { torn, size } = readTail(fd);
      fs.closeSync(fd);
      const kept = `${file}.torn-${verdict.line}`;
      writeNewFile(kept, torn);
      try {
        fs.truncateSync(file, size - torn.length);
        syncFolder(file);
      } catch (error) {
        throw systemError(file, error);
      }
      const digests = { torn: createHash('sha256').update(torn).digest('hex') };
      const event = appendRecord(file, { ...draft, detail: { bytes: torn.length }, digests });
      const line = `${printable(file)}: record ${event.sequence}, ${event.action}; ${torn.length} bytes kept in ${printable(kept)}`;
      return { lines: [line], json: { file, kept, bytes: torn.length, sequence: event.sequence } };
    });
  },
};
