/** `sss audit rotate`: begins a new file that continues a trail. */
import path from 'node:path';
import { type Command, printable } from '../../command';
import { withLock } from '../lock';
import { rotateTrail } from '../rotation';
import { ACTOR_OPTIONS, draftOf } from './append';

const safeName = (file: string) =>
  path
    .basename(file)
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .slice(0, 120);

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
    'Whenever the machine stops, the trail has one end: give the same command again, and it finishes what was begun.',
    'A last record whose time is ahead of the clock blocks a trail: the new file then begins at the right time, with a warning.',
  ],
  example: {
    command:
      'sss audit rotate --out trail-2027.jsonl --actor wanda-example --actor-role log-custodian trail-2026.jsonl',
    output: 'trail-2027.jsonl: record 1204, trail.rotated',
  },
  async run(args, context) {
    const file = args.files[0] as string;
    const out = args.text('out');
    const fixed = { action: 'trail.rotated', detail: { file: safeName(file) } } as const;
    const event = await withLock(file, () =>
      rotateTrail(file, out, draftOf(args, context.test, fixed), context.warn),
    );
    const lines = [`${printable(out)}: record ${event.sequence}, ${event.action}`];
    return { lines, json: { file: out, sequence: event.sequence, digest: event.digest } };
  },
};
