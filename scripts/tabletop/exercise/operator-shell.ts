/** The operator's shell in an exercise: an ordinary bash on this terminal, with a record of what was typed. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { Sandbox } from '../machine/sandbox';
import { findTool } from '../machine/tools';
import { unwatch, watch } from '../machine/watchdog';
import { words } from './room';

/** What an operator's machine has beside the tools of the page. */
export const everyday = [
  'cat',
  'less',
  'more',
  'ls',
  'head',
  'tail',
  'grep',
  'sed',
  'rm',
  'mv',
  'clear',
  'date',
  'sleep',
  'tr',
  'cut',
  'vi',
  'nano',
  'stat',
  'od',
  'diff',
];

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Programs of which the room is told before they start: those that combine, and the one that asks for a PIN. */
const told = ['sss', 'python3', 'pkcs11-tool'];

/** The same programs, each after a word to the room. */
export function watched(
  wrappers: Readonly<Record<string, readonly string[]>>,
  listed: readonly string[],
  say: (name: string) => readonly [client: string, socket: string, name: string],
): Record<string, readonly string[]> {
  const more = told
    .filter((name) => listed.includes(name))
    .map((name) => {
      const [client, socket] = say(name);
      const word = [process.execPath, client, socket, 'watched', name].map(quote).join(' ');
      const real = (wrappers[name] ?? [findTool(name)]).map(quote).join(' ');
      return [name, ['/bin/sh', '-c', `${word} "$@" >/dev/null 2>&1; exec ${real} "$@"`, name]] as const;
    });
  return { ...wrappers, ...Object.fromEntries(more) };
}

/** Settings of the operator's bash: a prompt, and a record of what was typed, with time and status. */
export function shellSettings(log: string): string {
  return [
    '[ -r ~/.bashrc ] && . ~/.bashrc',
    'HISTCONTROL= HISTIGNORE=',
    // Ctrl-D is one slip of a finger.
    'IGNOREEOF=1000',
    'shopt -s cmdhist lithist',
    "PS1='exercise:\\W\\$ '",
    `record() { builtin printf '%s\\037%s\\037%s\\037%s\\036' "$?" "$EPOCHREALTIME" "$PWD" "$(HISTTIMEFORMAT= builtin history 1)" >>${quote(log)}; }`,
    'PROMPT_COMMAND=record',
    'history -c',
    '',
  ].join('\n');
}

/** One entry of the operator's history. */
export interface Typed {
  readonly status: number;
  readonly at: number;
  readonly text: string;
  /** Folder in which the operator stood afterwards. */
  readonly folder: string;
}

/**
 * What was typed, each entry of the history once. The first prompt comes before anything is typed: what stands in the
 * history then is older than the exercise. Words that the room answers are its own entries of the timeline.
 */
export function readTyped(log: string): Typed[] {
  if (!existsSync(log)) return [];
  const records = readFileSync(log, 'utf8')
    .split('\x1e')
    .map((record) => {
      const [status = '', at = '', folder = '', entry = ''] = record.split('\x1f');
      const [, number = '', text = ''] = /^\s*(\d+)\*?\s+([\s\S]*)$/.exec(entry) ?? [];
      return { number, status: Number(status), at: Number(at) * 1000, text, folder };
    });
  return records.filter(
    ({ number, text }, index) =>
      index > 0 &&
      number !== '' &&
      number !== records[index - 1]?.number &&
      !Object.hasOwn(words, text.split(/\s/)[0] ?? ''),
  );
}

/** A shell of the operator that has begun. */
export interface OperatorShell {
  /** True when a signal has ended it. */
  readonly ended: Promise<boolean>;
  /** Hangs it up. */
  end(): void;
}

/** Begins a shell in the sandbox, from a folder, on this terminal. `settings` is the file of `shellSettings`. */
export function openOperatorShell(
  { env, home, path }: Pick<Sandbox, 'env' | 'home' | 'path'>,
  settings: string,
  cwd: string,
): OperatorShell {
  const child = spawn(findTool('bash'), ['--noprofile', '--rcfile', settings, '-i'], {
    cwd,
    env: { ...env, HOME: home, PATH: path },
    stdio: 'inherit',
  });
  if (child.pid !== undefined) watch({ group: child.pid });
  const ended = new Promise<boolean>((done) => {
    child.once('exit', (_code, signal) => {
      if (child.pid !== undefined) unwatch({ group: child.pid });
      done(signal !== null);
    });
  });
  return { ended, end: () => void child.kill('SIGHUP') };
}
