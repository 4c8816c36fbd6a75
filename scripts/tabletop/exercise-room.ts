/** The room of an exercise: answers the words that the operator says in the shell, and keeps the timeline. */
import { createServer, type Server } from 'node:net';
import type { Act } from '../../src/procedure/acts';
import type { Step } from '../../src/procedure/step';
import { performAct, type Room } from './acts';
import type { Exercise } from './exercise-report';

type Entry = Exercise['timeline'][number];

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface ExerciseRoom {
  readonly timeline: Entry[];
  /** Seconds since the start, as people count them. */
  seconds(): number;
  note(kind: Entry['kind'], text: string, status?: number): void;
  close(): Promise<void>;
}

/** Words of the operator, with what they do. `act` words are the acts of people that the drill knows, too. */
export const words: Readonly<Record<string, string>> = {
  detect: 'detect WHAT          say what is wrong; the first time counts as detected',
  decide: 'decide WHAT          say which shards you take; the first time counts as decided',
  room: 'room ACT [SHARD]     what people do: safe-open N, sheet-scan N, network-off, network-on, key-load, pin N',
  check: 'check                judge what has been reached so far',
  hint: 'hint                 the next step of the page; costs five minutes',
  abort: 'abort                end the exercise and clean up',
};

const acts: readonly Act[] = [
  'safe-open',
  'safe-close',
  'sheet-scan',
  'network-off',
  'network-on',
  'key-load',
];

export interface RoomOptions {
  readonly socket: string;
  readonly room: Omit<Room, 'shellPid'>;
  /** How many times faster than the clock: 1, but for tests. */
  readonly pace: number;
  readonly pin: (shard: number) => string;
  readonly check: () => Answer;
  readonly hint: () => Answer;
  readonly abort: () => void;
}

/** Performs one act in the folder in which the operator stands. Throws RangeError when it cannot be done. */
function perform({ room, pin }: RoomOptions, pid: number, [name = '', number]: readonly string[]): string {
  const shard = number === undefined ? undefined : Number(number);
  if (name === 'pin') return `The envelope says: ${pin(shard ?? 0)}`;
  const act = acts.find((each) => each === name);
  if (!act) throw new RangeError(`wanted ${acts.join(', ')} or pin; found "${name}"`);
  if (act === 'safe-open' || act === 'sheet-scan') {
    if (shard === undefined) throw new RangeError(`${act}: of which shard?`);
  }
  performAct({ ...room, shellPid: pid }, { id: `EXE-S${shard ?? 0}-01`, shard, act } as unknown as Step);
  return act === 'sheet-scan' ? `sheet-${shard}.png lies in this folder` : `done: ${act}`;
}

/** Opens the room: the words answer from now on. */
export async function openRoom(options: RoomOptions): Promise<ExerciseRoom> {
  const started = performance.now();
  const timeline: Entry[] = [];
  const seconds = () => ((performance.now() - started) / 1000) * options.pace;
  const note = (kind: Entry['kind'], text: string, status?: number) => {
    timeline.push({ seconds: seconds(), kind, text, status: status ?? null });
  };

  function answer(pid: number, [word = '', ...more]: readonly string[]): Answer {
    const text = more.join(' ');
    switch (word) {
      case 'detect':
      case 'decide':
        if (text === '') return { status: 1, text: words[word] ?? '' };
        note('note', `${word}: ${text}`);
        return { status: 0, text: 'written down' };
      case 'room':
        try {
          const done = perform(options, pid, more);
          note('act', text, 0);
          return { status: 0, text: done };
        } catch (error) {
          note('act', text, 1);
          return { status: 1, text: (error as Error).message };
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
      line.end(JSON.stringify(answer(pid, said)));
    });
  });
  await new Promise<void>((resolve) => server.listen(options.socket, resolve));
  return {
    timeline,
    seconds,
    note,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
