/**
 * A shell into which blocks are pasted: an interactive bash on a terminal (`script` of util-linux makes the pty). It
 * shows what sourcing hides: history expansion, lines eaten by a prompt, unfinished commands, pagers.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FoundProcess, findProcesses, killProcesses } from '../machine/processes';
import { findTool, lookUpTool } from '../machine/tools';
import { unwatch, watch } from '../machine/watchdog';
import type { ShellOptions } from './shell';

/** What the operator types when a program asks: only after its question was seen. */
export interface Answer {
  readonly question: string;
  readonly text: string;
}

export interface PastedBlock {
  readonly id: string;
  readonly text: string;
  readonly timeoutSeconds: number;
  readonly answers?: readonly Answer[];
}

export interface PasteResult {
  /** What `$?` was at each prompt after the block's commands, in order. */
  readonly statuses: readonly number[];
  /** What the terminal showed, prompts and echo aside; stdout and stderr mixed. */
  readonly output: string;
  /** bash waits for the rest of a command: an open quote, a here-document without its end. */
  readonly unfinished: boolean;
  /** No prompt came back in time: a program runs, or waits for somebody to type. */
  readonly timedOut: boolean;
  readonly died: boolean;
  readonly milliseconds: number;
}

export interface PasteShell {
  /** Process id of the bash on the terminal. */
  readonly pid: number;
  run(block: PastedBlock): Promise<PasteResult>;
  close(): Promise<{ readonly left: readonly FoundProcess[] }>;
}

/** Prompts that no program prints, so that the state of bash can be read off the end of what it shows. */
const prompt = '\x06';
const continuation = '\x05';
/** Shown when a command begins to run, so that a silent one is not taken for a prompt. */
const begin = '\x02';

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Why blocks cannot be pasted on this machine, or undefined. */
export function pasteUnavailable(): string | undefined {
  const missing = ['script', 'stty'].filter((name) => lookUpTool(name) === undefined);
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  return process.platform === 'linux' ? undefined : 'pasting needs the script program of util-linux';
}

/**
 * Expected lines for a terminal, where stderr is mixed in: they must be there in their order, with others between.
 */
export function pastedExpected(lines: readonly string[]): string[] {
  const all = lines.flatMap((line) => (line === '...' ? [] : ['...', line]));
  return all.length === 0 ? [] : [...all, '...'];
}

/** Starts an interactive bash. Throws Error when this machine cannot. Options as for `openShell`. */
export async function openPasteShell(options: ShellOptions): Promise<PasteShell> {
  const unavailable = pasteUnavailable();
  if (unavailable) throw new Error(`cannot paste: ${unavailable}`);
  const { home, folder } = options;
  const prompts = join(folder, 'prompts');
  const settings = join(folder, 'paste.bashrc');
  const shellPid = join(folder, 'paste.pid');
  writeFileSync(prompts, '', { mode: 0o600 });
  // The operator's own settings first; then prompts that can be told from output.
  writeFileSync(
    settings,
    [
      '[ -r ~/.bashrc ] && . ~/.bashrc',
      "bind 'set enable-bracketed-paste off'",
      `builtin printf '%s' "$$" >${quote(shellPid)}`,
      `PS0=$'\\002' PS1=$'\\006' PS2=$'\\005' PROMPT_COMMAND='builtin printf "%s\\n" "$?" >>'${quote(quote(prompts))}`,
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  // Without echo the terminal shows output alone, and pasted lines that wait are not mixed into it.
  const command =
    `${quote(findTool('stty'))} -echo -onlcr cols 200 rows 50; umask 022; ` +
    `exec ${quote(findTool('bash'))} --noprofile --rcfile ${quote(settings)} -i`;
  const child = spawn(
    findTool('script'),
    ['--quiet', '--flush', '--return', '--command', command, '/dev/null'],
    {
      cwd: options.cwd,
      env: { ...options.env, HOME: home, PATH: options.path, SHELL: findTool('bash') },
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
  const pid = child.pid;
  if (pid === undefined) throw new Error(`script cannot be started in ${options.cwd}`);
  watch({ group: pid });
  const mark = { group: pid, home, folder };
  let dead = false;
  const exited = new Promise<void>((resolve) => {
    child.once('close', () => {
      dead = true;
      resolve();
    });
  });
  let shown = '';
  child.stdout?.setEncoding('utf8');
  child.stdout?.on('data', (text: string) => {
    shown += text;
  });
  child.stdin?.on('error', () => undefined);

  const statuses = () => readFileSync(prompts, 'utf8').split('\n').slice(0, -1).map(Number);
  /** Quiet for a moment, with a prompt at the end: bash has read all and waits. */
  async function settle(until: number, onText: () => void): Promise<boolean> {
    let length = -1;
    let quiet = 0;
    while (!dead && performance.now() < until) {
      await sleep(20);
      onText();
      quiet = shown.length === length ? quiet + 1 : 0;
      length = shown.length;
      if (quiet >= 3 && (shown.endsWith(prompt) || shown.endsWith(continuation))) return true;
    }
    return false;
  }
  if (!(await settle(performance.now() + 10_000, () => undefined))) {
    await killProcesses(mark);
    throw new Error('the interactive bash shows no prompt');
  }

  async function run(block: PastedBlock): Promise<PasteResult> {
    const before = statuses().length;
    shown = '';
    const waiting = [...(block.answers ?? [])];
    const started = performance.now();
    if (!dead) child.stdin?.write(`${block.text}\n`);
    let asked = 0;
    const settled = await settle(started + block.timeoutSeconds * 1000, () => {
      const at = waiting[0] === undefined ? -1 : shown.indexOf(waiting[0].question, asked);
      if (at < 0) return;
      asked = at + (waiting[0]?.question.length ?? 0);
      child.stdin?.write(`${waiting.shift()?.text}\n`);
    });
    const milliseconds = performance.now() - started;
    const timedOut = !settled && !dead;
    if (timedOut) await killProcesses(mark);
    return {
      statuses: statuses().slice(before),
      output: [prompt, continuation, begin].reduce((text, mark) => text.replaceAll(mark, ''), shown),
      unfinished: settled && shown.endsWith(continuation),
      timedOut,
      died: !settled,
      milliseconds,
    };
  }

  let closing: Promise<{ left: FoundProcess[] }> | undefined;
  async function close(): Promise<{ left: FoundProcess[] }> {
    if (!dead && !shown.endsWith(prompt)) {
      // Leaves an unfinished command. The terminal forgets what was typed with it, so wait before typing on.
      child.stdin?.write('\x03');
      await settle(performance.now() + 1000, () => undefined);
    }
    // A second time when jobs are stopped: bash then asks for it.
    for (let tries = 0; tries < 2 && !dead; tries++) {
      child.stdin?.write('exit\n');
      await Promise.race([exited, sleep(1000)]);
    }
    if (findProcesses(mark).length > 0) await sleep(50);
    const left = findProcesses(mark);
    await killProcesses(mark);
    await exited;
    unwatch({ group: pid as number });
    return { left };
  }
  return { pid: Number(readFileSync(shellPid, 'utf8')), run, close: () => (closing ??= close()) };
}
