/** The room of an exercise: answers the words that the operator says in the shell, and keeps the timeline. */
import { readlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { Step } from '../../../src/procedure/steps/step';
import type { Act } from '../../../src/procedure/vocabulary/acts';
import { visible } from '../../../src/shard/visible';
import { performAct, type Room } from '../world/acts';
import type { Moment } from './judge';
import type { Exercise } from './report';
import { type Acted, roomActs } from './steps';

type Entry = Exercise['timeline'][number];

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface ExerciseRoom {
  readonly timeline: Entry[];
  /** What a judge looks at, in the order of time. */
  readonly moments: Moment[];
  readonly acted: Acted[];
  /** Seconds since the start, as people count them. */
  seconds(): number;
  note(kind: Entry['kind'], text: string, status?: number): void;
  close(): Promise<void>;
}

/** Words of the operator, with what they do. `act` words are the acts of people that the drill knows, too. */
export const words: Readonly<Record<string, string>> = {
  page: 'page NAME            say which page of the runbook you take, such as S02; the first one counts',
  detect: 'detect WHAT          say what is wrong; the first time counts as detected',
  decide:
    'decide N N N         say the numbers of the shards that you take; the last before you combine counts',
  room: 'room ACT [SHARD]     what people do: "room" alone lists it',
  check: 'check                judge what has been reached so far',
  hint: 'hint                 the next step of the page; costs five minutes',
  abort: 'abort                end the exercise and clean up',
};

/** Acts that are about a shard. */
const aboutShard: readonly Act[] = [
  'safe-open',
  'safe-close',
  'sheet-scan',
  'sheet-type',
  'sheet-print',
  'provider-repair',
];

/** What an operator says for an act of the drill. */
const said: Readonly<Record<string, Act>> = { 'sheet-read': 'sheet-type' };

/** The list that `room` alone prints. */
const list = [...roomActs.filter((act) => act !== 'sheet-type'), 'sheet-read', 'pin', 'so-pin'].map(
  (name) => {
    const act = said[name] ?? (name as Act);
    return `  room ${name}${aboutShard.includes(act) || name.endsWith('pin') ? ' N' : ''}`;
  },
);

export interface RoomOptions {
  readonly socket: string;
  readonly room: Omit<Room, 'shellPid'>;
  /** How many times faster than the clock: 1, but for tests. */
  readonly pace: number;
  readonly pin: (shard: number, name: 'user' | 'so') => string;
  /** Whether the machine is on a network, and how many files hold plaintext. */
  readonly seen: () => { readonly network: boolean; readonly plaintext: number };
  /** The shards in the files that a command names, from a folder. */
  readonly shardsIn: (folder: string, files: readonly string[]) => number[];
  /** Why a decision is none; undefined when it names a quorum. */
  readonly undecided: (text: string) => string | undefined;
  readonly check: () => Answer;
  readonly hint: () => Answer;
  readonly abort: () => void;
}

/** Performs one act in the folder in which the operator stands. Throws RangeError when it cannot be done. */
function perform(
  { room, pin }: RoomOptions,
  pid: number,
  [name = '', number]: readonly string[],
): { text: string; acted?: Acted } {
  if (name === '') return { text: list.join('\n') };
  const shard = number !== undefined && /^\d+$/.test(number) ? Number(number) : undefined;
  if (name === 'pin' || name === 'so-pin')
    return { text: `The envelope says: ${pin(shard ?? 0, name === 'pin' ? 'user' : 'so')}` };
  const act = said[name] ?? roomActs.find((each) => each === name);
  if (!act) throw new RangeError(`nothing that people do is called "${name}":\n${list.join('\n')}`);
  if (aboutShard.includes(act) && shard === undefined) throw new RangeError(`${name}: of which shard?`);
  performAct({ ...room, shellPid: pid }, { id: `EXE-S${shard ?? 0}-01`, shard, act } as unknown as Step);
  const texts: Partial<Record<Act, string>> = {
    'sheet-scan': `sheet-${shard}.png lies in this folder`,
    'sheet-type': `read aloud and typed: shard-${shard}.txt lies in this folder`,
  };
  return { text: texts[act] ?? `done: ${name}`, acted: { act, shard } };
}

/** Opens the room: the words answer from now on. */
export async function openRoom(options: RoomOptions): Promise<ExerciseRoom> {
  const started = performance.now();
  const timeline: Entry[] = [];
  const moments: Moment[] = [];
  const acted: Acted[] = [];
  const moment = (what: Moment['what'], text: string, shards: readonly number[] = []) =>
    moments.push({ what, text, shards, ...options.seen() });
  const seconds = () => ((performance.now() - started) / 1000) * options.pace;
  const note = (kind: Entry['kind'], text: string, status?: number) => {
    timeline.push({ seconds: seconds(), kind, text, status: status ?? null });
  };

  function answer(pid: number, [word = '', ...more]: readonly string[]): Answer {
    const text = more.join(' ');
    switch (word) {
      case 'page':
      case 'detect':
      case 'decide': {
        const wanted = text === '' ? words[word] : word === 'decide' ? options.undecided(text) : undefined;
        if (wanted !== undefined) {
          note('note', `${word} (not understood): ${text}`);
          return { status: 1, text: wanted };
        }
        note('note', `${word}: ${text}`);
        moment(word, text);
        return { status: 0, text: 'written down' };
      }
      case 'room':
        try {
          const before = options.seen();
          const done = perform(options, pid, more);
          if (done.acted) {
            const { act, shard } = done.acted;
            acted.push(done.acted);
            if (act === 'network-off' || act === 'network-on' || act === 'safe-open' || act === 'safe-close')
              moments.push({ what: act, text: String(shard ?? ''), shards: [], ...before });
            note('act', text, 0);
          }
          return { status: 0, text: done.text };
        } catch (error) {
          note('act', text, 1);
          return { status: 1, text: (error as Error).message };
        }
      case 'watched': {
        // A program that can combine is about to start: what lies there, and is the network off?
        const [program = '', ...args] = more;
        if ((program === 'sss' && args[0] === 'combine') || args.some((each) => /recover\.py$/.test(each)))
          moment('combine', program, options.shardsIn(readlinkSync(`/proc/${pid}/cwd`), args));
        return { status: 0, text: '' };
      }
      case 'check': {
        const found = options.check();
        note('check', found.text, found.status);
        return found;
      }
      case 'hint': {
        const found = options.hint();
        note('hint', found.text);
        return found;
      }
      case 'abort':
        note('note', 'abort');
        setTimeout(options.abort, 50);
        return { status: 0, text: 'aborted; everything is removed' };
      default:
        return { status: 1, text: Object.values(words).join('\n') };
    }
  }

  const server: Server = createServer({ allowHalfOpen: true }, (line) => {
    let received = '';
    line.setEncoding('utf8');
    line.on('error', () => undefined);
    line.on('data', (text) => {
      received += text;
    });
    line.on('end', () => {
      const { pid, words: said } = JSON.parse(received) as { pid: number; words: string[] };
      const { status, text } = answer(pid, said);
      line.end(JSON.stringify({ status, text: visible(text) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(options.socket, resolve));
  return {
    timeline,
    moments,
    acted,
    seconds,
    note,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
