/** `sss audit verify`: reads a trail as a stream and says that it is sound, or where it first is not. */
import type { AuditEvent } from '../../../../src/audit/event';
import { type Anchor, formatHead, headWords, parseHead } from '../../../../src/audit/head';
import { procedureSchema } from '../../../../src/audit/procedure';
import type { Standing } from '../../../../src/audit/standing';
import { StepCounter } from '../../../../src/audit/step-records';
import { judge, modeNotice, unchecked } from '../../../../src/audit/verdict';
import { type Command, EXIT, refusal, usageError } from '../../command';
import { readJson } from '../procedure-file';
import { checkStamp } from '../stamp';
import { verifyFiles } from '../trail-file';

const MEGABYTE = 1e6;

/** Only what was verified is a pass. */
export const EXIT_OF: Readonly<Record<Standing, number>> = {
  VERIFIED: EXIT.ok,
  FAILED: EXIT.refused,
  UNVERIFIABLE: EXIT.unverifiable,
};

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
    {
      name: 'stamp',
      value: 'FILE',
      help: 'A time stamp over the print of the given head (RFC 3161 response), checked with openssl ts.',
    },
    {
      name: 'authority',
      value: 'FILE',
      help: 'The certificate of the time-stamp authority or of its issuer (PEM). Without it the stamp is UNVERIFIABLE.',
    },
  ],
  details: [
    'Checks every line: form, rules, digest, sequence, chain, clock and mode. Stops at the first line that is wrong and names it. Only a head that was kept elsewhere proves that nothing was cut off at the end.',
    'Without a head, or with files or steps missing, the verdict is UNVERIFIABLE: sound as far as it goes, and no pass.',
  ],
  example: {
    command: 'sss audit verify --head 12:9f3a… trail.jsonl',
    output: 'VERIFIED: 12 records, 1 to 12, sound.\n…',
  },
  async run(args, context) {
    const anchor = anchorOf(args.get('head'));
    const steps = counterOf(args.get('procedure'));
    if (args.has('authority') && !args.has('stamp')) throw usageError('--authority: wanted --stamp with it');
    let shown = 0;
    let stamped: string | undefined;
    const options = {
      ...(anchor && { anchor }),
      ...((steps || args.has('stamp')) && {
        onEvent: (event: AuditEvent) => {
          if (event.digest === anchor?.digest) stamped = event.time;
          steps?.add(event);
        },
      }),
    };
    const verdict = verifyFiles(args.files, options, (bytes) => {
      if (bytes - shown < 32 * MEGABYTE) return;
      shown = bytes;
      context.progress(`${Math.round(bytes / MEGABYTE)} MB read`);
    });
    if (shown > 0) context.progress('');
    const records = verdict.ok ? steps?.result() : undefined;
    const file = args.get('stamp');
    const stamp = file === undefined ? undefined : checkStamp(anchor, file, args.get('authority'), stamped);
    const { standing, lines } = judge(verdict, records, stamp);
    const [first = '', ...rest] = lines;
    const notice = modeNotice(verdict);
    if (notice !== undefined) context.warn(notice);
    if (verdict.ok) {
      return {
        lines: [...lines],
        json: {
          standing,
          ...verdict,
          unchecked: unchecked(verdict),
          ...(records && { steps: records }),
          ...(stamp && { stamp }),
        },
        exit: EXIT_OF[standing],
      };
    }
    if (args.has('json')) return { lines: [], json: { standing, ...verdict }, exit: EXIT.refused };
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
      const [first = '', ...rest] = judge(verdict).lines;
      throw refusal(first, rest.join(' '));
    }
    const words = headWords(verdict.head.digest);
    return { lines: [formatHead(verdict.head), ...words], json: { ...verdict.head, words } };
  },
};
