/** The operator's shell in an exercise: an ordinary bash on this terminal, with a record of what was typed. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '../machine/sandbox';
import { findTool } from '../machine/tools';
import { unwatch, watch } from '../machine/watchdog';
import { words } from './words';

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
  'cp',
  'mkdir',
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

/** The same programs, each after a word to the room; `client` starts what says it. */
export function watched(
  wrappers: Readonly<Record<string, readonly string[]>>,
  listed: readonly string[],
  client: readonly string[],
): Record<string, readonly string[]> {
  const more = told
    .filter((name) => listed.includes(name))
    .map((name) => {
      const word = [...client, 'watched', name].map(quote).join(' ');
      const real = (wrappers[name] ?? [findTool(name)]).map(quote).join(' ');
      return [name, ['/bin/sh', '-c', `${word} "$@" >/dev/null 2>&1; exec ${real} "$@"`, name]] as const;
    });
  return { ...wrappers, ...Object.fromEntries(more) };
}

/** Start of the names of the records, each of one shell. */
const recordPrefix = 'typed.';

/** Settings of the operator's bash: a prompt that tells where, and a record of what was typed, with time and status. */
function shellSettings(records: string, where: string): string {
  return [
    '[ -r ~/.bashrc ] && . ~/.bashrc',
    'HISTCONTROL= HISTIGNORE=',
    // Ctrl-D is one slip of a finger.
    'IGNOREEOF=1000',
    'shopt -s cmdhist lithist',
    `PS1='${where}:\\W\\$ '`,
    `record() { builtin printf '%s\\037%s\\037%s\\037%s\\036' "$?" "$EPOCHREALTIME" "$PWD" "$(HISTTIMEFORMAT= builtin history 1)" >>${quote(records)}"$$"; }`,
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
  /** Place of the shell; undefined where one machine serves for all. */
  readonly place: string | undefined;
  /** Folder in which the operator stood afterwards. */
  readonly folder: string;
}

/**
 * What was typed in one shell, each entry of the history once. The first prompt comes before anything is typed: what stands in the
 * history then is older than the exercise. Words that the room answers are its own entries of the timeline.
 */
function readRecord(log: string, place: string | undefined): Typed[] {
  const records = readFileSync(log, 'utf8')
    .split('\x1e')
    .map((record) => {
      const [status = '', at = '', folder = '', entry = ''] = record.split('\x1f');
      const [, number = '', text = ''] = /^\s*(\d+)\*?\s+([\s\S]*)$/.exec(entry) ?? [];
      return { number, status: Number(status), at: Number(at) * 1000, text, place, folder };
    });
  return records.filter(
    ({ number, text }, index) =>
      index > 0 &&
      number !== '' &&
      number !== records[index - 1]?.number &&
      !Object.hasOwn(words, text.split(/\s/)[0] ?? ''),
  );
}

/** What was typed in all shells of these machines, in the order of time. */
export const readTyped = (machines: readonly Pick<Sandbox, 'jobs' | 'place'>[]): Typed[] =>
  machines
    .flatMap(({ jobs, place }) =>
      readdirSync(jobs)
        .filter((name) => name.startsWith(recordPrefix))
        .flatMap((name) => readRecord(join(jobs, name), place)),
    )
    .sort((a, b) => a.at - b.at);

/** How a shell of the operator is started. */
export interface ShellStart {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** How a shell is started on a machine, in a folder. The first one, `exercise`, is the one that ends the exercise. */
export function shellAt(
  { env, home, path, jobs, launcher, place }: Sandbox,
  cwd: string,
  where: string = place ?? 'exercise',
): ShellStart {
  const settings = join(jobs, 'exercise.bashrc');
  writeFileSync(settings, shellSettings(join(jobs, recordPrefix), where), { mode: 0o600 });
  return {
    command: [...launcher, findTool('bash'), '--noprofile', '--rcfile', settings, '-i'],
    cwd,
    env: { ...env, HOME: home, PATH: path },
  };
}

/** A shell of the operator that has begun. */
export interface OperatorShell {
  readonly pid: number | undefined;
  /** True when a signal has ended it. */
  readonly ended: Promise<boolean>;
  /** Hangs it up. */
  end(): void;
}

/** Begins a shell on this terminal. */
export function openOperatorShell({ command, cwd, env }: ShellStart): OperatorShell {
  const [program = '', ...more] = command;
  const child = spawn(program, more, { cwd, env, stdio: 'inherit' });
  if (child.pid !== undefined) watch({ group: child.pid });
  const ended = new Promise<boolean>((done) => {
    child.once('exit', (_code, signal) => {
      if (child.pid !== undefined) unwatch({ group: child.pid });
      done(signal !== null);
    });
  });
  return { pid: child.pid, ended, end: () => void child.kill('SIGHUP') };
}
