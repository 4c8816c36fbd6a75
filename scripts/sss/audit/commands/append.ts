/** `sss audit append`: one record at the end of a trail, whole and on the disk before the command returns. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import type { EventDraft } from '../../../../src/audit/event';
import { formatHead } from '../../../../src/audit/head';
import { type Args, type Command, type Option, printable, usageError } from '../../command';
import { withLock } from '../lock';
import { openToRead } from '../trail-end';
import { appendRecord } from '../trail-file';

/** Options that carry one text each, and the member that they fill. */
const TEXTS = {
  action: 'action',
  actor: 'actor',
  'actor-role': 'actorRole',
  'clock-source': 'clockSource',
  key: 'key',
  mode: 'mode',
  outcome: 'outcome',
  provider: 'provider',
  reason: 'reason',
  'request-id': 'requestId',
  shard: 'shard',
  step: 'step',
  time: 'time',
  witness: 'witness',
  'witness-role': 'witnessRole',
} as const;

const NUMBERS = {
  'clock-offset-ms': 'clockOffsetMs',
  generation: 'generation',
  'key-version': 'keyVersion',
} as const;

/** Options that say who acts, when and in which mode; shared by every command that writes a record. */
export const ACTOR_OPTIONS: Option[] = [
  { name: 'actor', value: 'ID', required: true, help: 'Who acted.' },
  { name: 'actor-role', value: 'ROLE', required: true, help: 'In which role.' },
  { name: 'witness', value: 'ID', help: 'The second person; most actions need one.' },
  { name: 'witness-role', value: 'ROLE', help: 'In which role the second person was there.' },
  { name: 'clock-source', value: 'TEXT', help: 'Where the time comes from. Default: system clock.' },
  {
    name: 'clock-offset-ms',
    value: 'N',
    help: 'Measured offset of the clock; positive when fast. Default: 0.',
  },
  { name: 'mode', value: 'MODE', help: 'real, exercise or drill. Default: real, or drill under SSS_TEST=1.' },
  { name: 'time', value: 'TIME', help: 'UTC with milliseconds, for a record entered later. Default: now.' },
];

function pairs(args: Args, option: string): [string, string][] {
  return args.list(option).map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw usageError(`--${option}: wanted NAME=VALUE`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
}

/** SHA-256 of a file, read in pieces. */
export function digestOfFile(file: string): string {
  const fd = openToRead(file);
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(1 << 16);
  try {
    for (let size = -1; size !== 0; ) {
      size = fs.readSync(fd, buffer, 0, buffer.length, null);
      hash.update(buffer.subarray(0, size));
    }
    return hash.digest('hex');
  } finally {
    fs.closeSync(fd);
  }
}

function wholeNumber(text: string, option: string): number {
  if (!/^-?[0-9]{1,15}$/.test(text)) throw usageError(`--${option}: wanted a whole number`);
  return Number(text);
}

/** The draft that a command line describes; the schema judges it when it is sealed. */
export function draftOf(args: Args, test: boolean, fixed: Partial<EventDraft> = {}): EventDraft {
  const mode = args.get('mode') ?? (test ? 'drill' : 'real');
  if (test === (mode === 'real')) {
    throw usageError(
      test ? '--mode real is refused under SSS_TEST=1' : `--mode ${printable(mode)} needs SSS_TEST=1`,
    );
  }
  const draft: Record<string, unknown> = {
    clockOffsetMs: 0,
    clockSource: 'system clock',
    outcome: 'ok',
    time: new Date().toISOString(),
  };
  for (const [option, member] of Object.entries(TEXTS)) {
    if (args.has(option)) draft[member] = args.text(option);
  }
  for (const [option, member] of Object.entries(NUMBERS)) {
    if (args.has(option)) draft[member] = wholeNumber(args.text(option), option);
  }
  const detail = pairs(args, 'detail').map(([name, value]) => [
    name,
    /^-?[0-9]{1,15}$/.test(value) ? Number(value) : value,
  ]);
  const digests = pairs(args, 'digest').map(([name, file]) => [name, digestOfFile(file)]);
  if (detail.length > 0) draft.detail = Object.fromEntries(detail);
  if (digests.length > 0) draft.digests = Object.fromEntries(digests);
  return { ...draft, mode, ...fixed } as EventDraft;
}

export const append: Command = {
  name: 'audit append',
  summary: 'append one record to an audit trail',
  files: { name: 'TRAIL', min: 1, max: 1, help: 'The file of the trail; made by the action trail.opened.' },
  options: [
    { name: 'action', value: 'ACTION', required: true, help: 'What was done, from the closed list.' },
    ...ACTOR_OPTIONS,
    { name: 'step', value: 'ID', help: 'Step of the runbook, such as UNS-04.' },
    { name: 'outcome', value: 'OUTCOME', help: 'ok, failed, refused or aborted. Default: ok.' },
    { name: 'reason', value: 'TEXT', help: 'Why; needed unless the outcome is ok.' },
    { name: 'key', value: 'NAME', help: 'Name of the MasterKey.' },
    { name: 'key-version', value: 'N', help: 'Version of the MasterKey.' },
    { name: 'generation', value: 'N', help: 'Generation of the set.' },
    { name: 'shard', value: 'LABEL', help: 'Label of the shard, such as 9F3A-083.' },
    { name: 'provider', value: 'TEXT', help: 'Provider and place.' },
    { name: 'request-id', value: 'TEXT', help: 'Request id that the provider returned.' },
    { name: 'detail', value: 'NAME=VALUE', repeat: true, help: 'A further fact: a text or a whole number.' },
    {
      name: 'digest',
      value: 'NAME=FILE',
      repeat: true,
      help: 'SHA-256 of a public file goes into the record.',
    },
  ],
  details: [
    'The record continues the chain of the trail. It is written in one call and on the disk before the command returns; a second writer waits. A record that the format refuses, and one that holds something shaped like a secret, is not written.',
    'A trail whose last line is torn or damaged is refused: nothing is appended to a broken chain.',
  ],
  example: {
    command:
      'sss audit append --action provider.checked --actor ines-example --actor-role recovery-operator --provider "aws-kms us-east-1" trail.jsonl',
    output: 'trail.jsonl: record 12, provider.checked',
  },
  async run(args, context) {
    const file = args.files[0] as string;
    const draft = draftOf(args, context.test);
    // The time is taken under the lock, or two writers could hand in their records in the wrong order.
    const now = () => (args.has('time') ? draft.time : new Date().toISOString());
    const event = await withLock(file, () => appendRecord(file, { ...draft, time: now() }));
    return {
      lines: [`${printable(file)}: record ${event.sequence}, ${event.action}`],
      json: { file, sequence: event.sequence, digest: event.digest, head: formatHead(event) },
    };
  },
};
