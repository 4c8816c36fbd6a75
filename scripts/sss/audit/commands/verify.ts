/** `sss audit verify`: reads a trail as a stream and says that it is sound, or where it first is not. */
import { type Anchor, formatHead, headWords, parseHead } from '../../../../src/audit/head';
import { procedureSchema } from '../../../../src/audit/procedure';
import { describeSteps, isComplete, StepCounter } from '../../../../src/audit/step-records';
import { describeVerdict, modeNotice, unchecked } from '../../../../src/audit/verdict';
import { type Command, EXIT, refusal, usageError } from '../../command';
import { readJson } from '../procedure-file';
import { verifyFiles } from '../trail-file';

const MEGABYTE = 1e6;

export function anchorOf(text: string | undefined): Anchor | undefined {
  try {
    return text === undefined ? undefined : parseHead(text);
  } catch (error) {
    throw usageError(`--head: ${(error as Error).message}`);
  }
}

function counterOf(file: string | undefined): StepCounter | undefined {
  if (file === undefined) return undefined;
  return new StepCounter(readJson(file, procedureSchema, 'an exported procedure').steps);
}

export const verify: Command = {
  name: 'audit verify',
  summary: 'verify an audit trail',
  files: { name: 'TRAIL…', min: 1, max: 10_000, help: 'The files of one trail, in any order.' },
  options: [
    {
      name: 'head',
      value: 'HEAD',
      help: 'A head from elsewhere, as SEQUENCE:DIGEST, 64 hexadecimal digits, 32 words or the whole print, in quotes.',
    },
    {
      name: 'procedure',
      value: 'FILE',
      help: 'An exported procedure (procedure-….json): also report its steps without their records, and the reverse.',
    },
  ],
  details: [
    'Checks every line: form, rules, digest, sequence, chain, clock and mode. Stops at the first line that is wrong and names it. Only a head that was kept elsewhere proves that nothing was cut off at the end: without one the trail is sound as far as it goes, and the report names what was not checked.',
  ],
  example: {
    command: 'sss audit verify --head 12:9f3a… trail.jsonl',
    output: 'Sound: 12 records, 1 to 12.\n…',
  },
  async run(args, context) {
    const anchor = anchorOf(args.get('head'));
    const steps = counterOf(args.get('procedure'));
    let shown = 0;
    const options = { ...(anchor && { anchor }), ...(steps && { onEvent: steps.add.bind(steps) }) };
    const verdict = verifyFiles(args.files, options, (bytes) => {
      if (bytes - shown < 32 * MEGABYTE) return;
      shown = bytes;
      context.progress(`${Math.round(bytes / MEGABYTE)} MB read`);
    });
    if (shown > 0) context.progress('');
    const [first = '', ...rest] = describeVerdict(verdict);
    const notice = modeNotice(verdict);
    if (notice !== undefined) context.warn(notice);
    if (verdict.ok) {
      const records = steps?.result();
      const found = records === undefined ? [] : describeSteps(records);
      return {
        lines: [first, ...rest, ...found],
        json: { ...verdict, unchecked: unchecked(verdict), ...(records && { steps: records }) },
        exit: records === undefined || isComplete(records) ? EXIT.ok : EXIT.refused,
      };
    }
    if (args.has('json')) return { lines: [], json: verdict, exit: EXIT.refused };
    throw refusal(first, rest.join(' '));
  },
};

export const head: Command = {
  name: 'audit head',
  summary: 'verify an audit trail and print its head for anchoring',
  files: { name: 'TRAIL…', min: 1, max: 10_000, help: 'The files of one trail, in any order.' },
  options: [],
  details: [
    'Print it, sign it with ssh-keygen -Y sign, and give it to the second organization. The words can be read aloud.',
  ],
  example: {
    command: 'sss audit head trail.jsonl',
    output: '12:9f3a…\ntopmost Istanbul Pluto vagabond treadmill Pacific brackish dictator\n…',
  },
  async run(args) {
    const verdict = verifyFiles(args.files);
    if (!verdict.ok) {
      const [first = '', ...rest] = describeVerdict(verdict);
      throw refusal(first, rest.join(' '));
    }
    const words = headWords(verdict.head.digest);
    return { lines: [formatHead(verdict.head), ...words], json: { ...verdict.head, words } };
  },
};
