/** The room of an exercise: answers the words that the operator says in the shell, and keeps the timeline. */
import { readlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { Step } from '../../../src/procedure/steps/step';
import type { Act } from '../../../src/procedure/vocabulary/acts';
import { visible } from '../../../src/shard/visible';
import type { Sandbox } from '../machine/sandbox';
import { performAct, type Room } from '../world/acts';
import type { Moment } from './judge';
import type { ShellStart } from './operator-shell';
import type { Places } from './places';
import type { Exercise } from './report';
import { type Acted, roomActs } from './steps';
import { words } from './words';

type Entry = Exercise['timeline'][number];

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** A shell that is opened on the terminal of who asked. */
  readonly shell?: ShellStart;
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

/** What the operator can say, one line each: at a page that is done on one machine, nothing about other places. */
export const spoken = (names: readonly string[]): string[] =>
  Object.entries(words).flatMap(([word, line]) =>
    names.length === 0 && (word === 'at' || word === 'carry') ? [] : line,
  );

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

/** Whether an act is none of a page with places: no machine is connected or disconnected there. */
const isBarred = (act: Act, { names }: Places): boolean =>
  names.length > 0 && (act === 'network-off' || act === 'network-on');

/** The list that `room` alone prints. */
const list = (places: Places): string =>
  [...roomActs.filter((act) => act !== 'sheet-type' && !isBarred(act, places)), 'sheet-read', 'pin', 'so-pin']
    .map((name) => {
      const act = said[name] ?? (name as Act);
      return `  room ${name}${aboutShard.includes(act) || name.endsWith('pin') ? ' N' : ''}`;
    })
    .join('\n');

export interface RoomOptions {
  readonly socket: string;
  readonly room: Omit<Room, 'shellPid' | 'sandbox'>;
  readonly places: Places;
  /** How many times faster than the clock: 1, but for tests. */
  readonly pace: number;
  readonly pin: (shard: number, name: 'user' | 'so') => string;
  /** Whether a machine is on a network, and how many files hold plaintext at any place. */
  readonly seen: (machine: Sandbox) => { readonly network: boolean; readonly plaintext: number };
  /** The shards in the files that a command names, from a folder. */
  readonly shardsIn: (folder: string, files: readonly string[]) => number[];
  /** Why a decision is none; undefined when it names a quorum. */
  readonly undecided: (text: string) => string | undefined;
  readonly check: () => Answer;
  readonly hint: () => Answer;
  readonly abort: () => void;
}

/** What a word of the operator comes as: the process that says it, the home of its machine, and the words. */
interface Said {
  readonly pid: number;
  readonly home: string;
  readonly words: readonly string[];
}

/** Performs one act in the folder in which the operator stands. Throws RangeError when it cannot be done. */
function perform(
  { room, pin, places }: RoomOptions,
  machine: Sandbox,
  pid: number,
  [name = '', number]: readonly string[],
): { text: string; acted?: Acted } {
  if (name === '') return { text: list(places) };
  const shard = number !== undefined && /^\d+$/.test(number) ? Number(number) : undefined;
  if (name === 'pin' || name === 'so-pin')
    return { text: `The envelope says: ${pin(shard ?? 0, name === 'pin' ? 'user' : 'so')}` };
  const act = said[name] ?? roomActs.find((each) => each === name);
  if (!act) throw new RangeError(`nothing that people do is called "${name}":\n${list(places)}`);
  if (isBarred(act, places))
    throw new RangeError(
      'no machine is connected or disconnected here: that of the page never has a network',
    );
  if (aboutShard.includes(act) && shard === undefined) throw new RangeError(`${name}: of which shard?`);
  performAct({ ...room, sandbox: machine, shellPid: pid }, {
    id: `EXE-S${shard ?? 0}-01`,
    shard,
    act,
  } as unknown as Step);
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
  const moment = (machine: Sandbox, what: Moment['what'], text: string, shards: readonly number[] = []) =>
    moments.push({ what, text, shards, ...options.seen(machine) });
  const seconds = () => ((performance.now() - started) / 1000) * options.pace;
  const note = (kind: Entry['kind'], text: string, status?: number) => {
    timeline.push({ seconds: seconds(), kind, text, status: status ?? null });
  };

  function answer({ pid, home, words: [word = '', ...more] }: Said): Answer {
    const text = more.join(' ');
    const machine = options.places.viewOf(home);
    /** What an act says, or why it cannot be done. */
    const attempt = (line: string, act: () => Omit<Answer, 'status'>): Answer => {
      try {
        return { status: 0, ...act() };
      } catch (error) {
        note('act', line, 1);
        return { status: 1, text: (error as Error).message };
      }
    };
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
        moment(machine, word, text);
        return { status: 0, text: 'written down' };
      }
      case 'room':
        return attempt(text, () => {
          const before = options.seen(machine);
          const done = perform(options, machine, pid, more);
          if (done.acted) {
            const { act, shard } = done.acted;
            acted.push(done.acted);
            if (act === 'network-off' || act === 'network-on' || act === 'safe-open' || act === 'safe-close')
              moments.push({ what: act, text: String(shard ?? ''), shards: [], ...before });
            note('act', text, 0);
          }
          return { text: done.text };
        });
      case 'at':
        return attempt(`at ${text}`, () => {
          const shell = options.places.enter(text);
          note('act', `at ${text}`, 0);
          return { text: `You are at ${text}. exit leads back.`, shell };
        });
      case 'opened':
        options.places.opened(more[0], Number(more[1]));
        return { status: 0, text: '' };
      case 'carry':
        return attempt(`carry ${text}`, () => {
          const place = more.at(-1) ?? '';
          const carried = options.places.carry(machine, `/proc/${pid}/cwd`, more.slice(0, -1), place);
          acted.push({ act: 'carry', shard: undefined, carried });
          note('act', `carry ${text}`, 0);
          return { text: `carried to ${place}: ${carried.files.join(', ')}` };
        });
      case 'watched': {
        // A program that can combine is about to start: what lies there, and is the network off?
        const [program = '', ...args] = more;
        if ((program === 'sss' && args[0] === 'combine') || args.some((each) => /recover\.py$/.test(each)))
          moment(machine, 'combine', program, options.shardsIn(readlinkSync(`/proc/${pid}/cwd`), args));
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
        return { status: 1, text: spoken(options.places.names).join('\n') };
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
      const { text, ...more } = answer(JSON.parse(received) as Said);
      line.end(JSON.stringify({ ...more, text: visible(text) }));
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
