/** `sss preflight`: the part of the sanitization checklist that a machine can check on itself. */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { url as inspectorUrl } from 'node:inspector';
import { basename, dirname, join } from 'node:path';
import { digestOf } from '../../../src/shard/commitment';
import { type Command, EXIT, printable, usageError } from '../command';
import { readLimited, readText, refuseExisting, writeNewFile } from '../files';
import { clockItem, type Item, isoTime, machineItems, processItems } from '../machine';

const WORDS = { pass: 'pass', fail: 'FAIL', look: 'LOOK' };

const digestOfProgram = (file: string): string => digestOf(readLimited(file, 4 << 20, 'this program'));

/** The SHA-256 of the running program, compared with the one that was published. */
function programItem(program: string, wanted: string | undefined): Item {
  const sha256 = digestOfProgram(program);
  const item = 'program SHA-256';
  if (wanted === undefined) return { item, verdict: 'look', found: `${sha256}: as published?` };
  return { item, verdict: sha256 === wanted ? 'pass' : 'fail', found: sha256 };
}

/** Every file of the program against the list of its kit: files of two kits must not work together. */
export function partsItem(program: string): Item {
  const item = 'program files';
  const folder = dirname(program);
  const list = join(folder, 'SHA256SUMS');
  if (!existsSync(list)) return { item, verdict: 'look', found: 'no SHA256SUMS beside them' };
  const isPart = (name: string) => /^sss[a-z-]*\.cjs$/.test(name);
  const lines = readText(list, 1 << 20, 'a list of digests').split('\n');
  const listed = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  const names = [...new Set([...[...listed.keys()].filter(isPart), ...readdirSync(folder).filter(isPart)])];
  const bad = names.filter(
    (name) => !existsSync(join(folder, name)) || digestOfProgram(join(folder, name)) !== listed.get(name),
  );
  if (bad.length > 0) return { item, verdict: 'fail', found: `not as in SHA256SUMS: ${bad.join(', ')}` };
  const known = listed.has(basename(program));
  return { item, verdict: known ? 'pass' : 'look', found: `${names.length} as in SHA256SUMS` };
}

export const preflight: Command = {
  name: 'preflight',
  summary: 'check this machine before a ceremony',
  options: [
    {
      name: 'time',
      value: 'UTC',
      help: 'The time now from a clock that is not this machine, as 2027-01-31T09:30:00Z.',
    },
    { name: 'sha256', value: 'HEX', help: 'The published SHA-256 of this program.' },
    { name: 'record', value: 'FILE', help: 'New file for the result as JSON, for the Ceremony Log.' },
  ],
  details: [
    'One line for each item: pass, FAIL, or LOOK when only a person can tell. Checks network interfaces and radios, swap, core dumps, drives, disks mounted writable, cameras, microphones, removable media, consoles that are no screen, a program that traces this one, libraries loaded into every program, clock, debugger and Node options, environment, shell history, the program itself, and what sss selftest does. Node options and environment variables pass only when known to do no harm; every other is named, without its value. A card for network, sound or video, and a controller of drives, is named from the bus that it hangs on, also where no driver has taken it. A removable medium that is not mounted fails: what is not in use is taken out. One that is mounted writable, and from which nothing is executed, is looked at. A serial console, one that the kernel was told to use, and a sign-in on such a line fail; under SSS_TEST=1 they are looked at, because a drill may ask for one. It reads /proc, /sys and /dev of Linux, changes nothing, and cannot see what hides below the operating system.',
    'Any FAIL makes the exit code 1.',
  ],
  example: {
    command: 'sss preflight --time 2027-01-31T09:30:00Z --record preflight.json',
    output: `pass network interfaces: none but the loopback
pass swap: off
...
FAIL cameras: video0
...
LOOK shell history: run: export HISTFILE=/dev/null
...
preflight: 22 passed, 1 failed, 2 to look at`,
  },
  async run(args, context) {
    const time = args.get('time');
    const reference = time === undefined ? undefined : Date.parse(time);
    if (reference !== undefined && isoTime(reference) !== time)
      throw usageError(`--time ${printable(time ?? '')}: wanted UTC as 2027-01-31T09:30:00Z`);
    const wanted = args.get('sha256')?.toLowerCase();
    if (wanted !== undefined && !/^[0-9a-f]{64}$/.test(wanted))
      throw usageError('--sha256: wanted 64 hex digits');
    const record = args.get('record');
    if (record !== undefined) refuseExisting(record);
    const program = realpathSync(process.argv[1] ?? '');
    const now = Date.now();
    const debug = inspectorUrl() === undefined ? [] : ['--inspect'];
    const items: Item[] = [
      ...machineItems('/', context.test),
      clockItem(now, reference),
      ...processItems(context.env, [...process.execArgv, ...debug]),
      programItem(program, wanted),
      partsItem(program),
      ...(await context.selfTests()).map(
        ({ name, ok }): Item => ({
          item: name,
          verdict: ok ? 'pass' : 'fail',
          found: ok ? 'OK' : 'failed',
        }),
      ),
    ];
    const count = (verdict: Item['verdict']) => items.filter((item) => item.verdict === verdict).length;
    const json = { format: 'mks-preflight/1', time: isoTime(now), failed: count('fail'), items };
    if (record !== undefined)
      writeNewFile(record, new TextEncoder().encode(`${JSON.stringify(json, null, 2)}\n`));
    return {
      lines: [
        ...items.map(({ item, verdict, found }) => `${WORDS[verdict]} ${item}: ${found}`),
        `preflight: ${count('pass')} passed, ${count('fail')} failed, ${count('look')} to look at`,
      ],
      json,
      exit: count('fail') === 0 ? EXIT.ok : EXIT.refused,
    };
  },
};
