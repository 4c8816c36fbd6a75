/**
 * One bash per scenario that runs the blocks of a page as an operator would: state stays from block to block, and no
 * failing command goes unseen. Commands reach bash on its stdin, every block has another stdin, and the status comes
 * back on a descriptor that is closed while a block runs.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { appendFileSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FoundProcess, findProcesses, killProcesses, startOf } from '../machine/processes';
import { findTool } from '../machine/tools';
import { unwatch, watch } from '../machine/watchdog';
import { type ErrEvent, parseErrEvents, trapCommand } from './err-events';

export interface ShellOptions {
  /** Where the operator starts. */
  readonly cwd: string;
  /** HOME. Used by this shell alone: whatever runs with it, or in it, is ended with the shell. */
  readonly home: string;
  /** The whole environment, PATH and HOME aside. Nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** The whole PATH. */
  readonly path: string;
  /** Words that start the shell, as another user or where it finds other folders. Default: none. */
  readonly launcher?: readonly string[];
  /** An existing private folder for the block files and their outputs. */
  readonly folder: string;
  /** A block that prints more is stopped. Default 64 MiB. */
  readonly maxOutputBytes?: number;
}

export interface Block {
  /** Letters, digits, dots, dashes; part of the file names. */
  readonly id: string;
  readonly text: string;
  readonly timeoutSeconds: number;
  /** File that the block reads as its stdin; otherwise /dev/null. */
  readonly stdin?: string;
}

export interface BlockResult {
  /** Status of the last command; of the shell when it died; 137 when it was killed. */
  readonly status: number;
  /** Commands that failed, in order, also those whose failure was lost in the status. */
  readonly errEvents: readonly ErrEvent[];
  /** Decoded as UTF-8; what is not UTF-8 becomes U+FFFD. The files have the bytes. */
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutFile: string;
  readonly stderrFile: string;
  readonly milliseconds: number;
  readonly timedOut: boolean;
  /** It printed more than `maxOutputBytes`. */
  readonly flooded: boolean;
  /** The shell is gone: `exit`, `set -e`, `exec`, a closed descriptor, a signal, the deadline. Nothing more can run. */
  readonly died: boolean;
  /** The block has replaced or removed the ERR trap, so later failures in it were not seen. */
  readonly trapChanged: boolean;
}

export interface Shell {
  readonly pid: number;
  /** Resolves when it stands in its folder, or is dead: until then the folder must keep its name. */
  readonly begun: Promise<unknown>;
  /**
   * Runs one block, to its end or its deadline. A dead shell runs nothing: the result says that it died.
   * Throws RangeError on a bad id, text or stdin, Error when another block still runs or the shell is closed.
   */
  run(block: Block): Promise<BlockResult>;
  /**
   * A copy of this shell as it is now: its variables, functions, options and, looked up anew by name, its working folder.
   * This one rests until the copy is closed, and is then as it was. Throws Error when it does not rest or is dead.
   * What stands on a terminal cannot be copied.
   */
  fork?(): Promise<Shell>;
  /** Ends the shell as `exit` would, then everything that it left running, which is returned. Can be called again. */
  close(): Promise<{ readonly left: readonly FoundProcess[] }>;
}

/** The shell that was started, or a copy of it. */
interface Process {
  pid: number;
  /** Kept with the status when it is gone. */
  readonly exited: Promise<number>;
  dead: boolean;
  /** Where it writes its history at the end, and what was typed into it. */
  historyFile: string;
  readonly typed: string[];
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Closes what bash inherited beside its three descriptors, so that no block meets a descriptor of the drill's caller. */
const closeOthers = (kept: number) =>
  `for fd in /dev/fd/*; do case "\${fd##*/}" in 0|1|2|${kept}) ;; *) eval "exec \${fd##*/}>&-" ;; esac; done; unset fd`;

/** Text of a file that a killed shell may not have made. */
const read = (file: string) => readFileSync(file, { encoding: 'utf8', flag: 'a+' });

/** Starts the shell. Throws RangeError when HOME or the folder cannot be its own. */
export function openShell(options: ShellOptions): Shell {
  const { home, folder, maxOutputBytes = 64 * 1024 * 1024 } = options;
  for (const path of [home, folder]) {
    if (
      !isAbsolute(path) ||
      path === homedir() ||
      path.split('/').length < 3 ||
      !statSync(path).isDirectory()
    ) {
      throw new RangeError(`${path}: wanted a folder that only this shell uses`);
    }
  }
  const log = openSync(join(folder, 'shell.log'), 'a', 0o600);
  const [program = '', ...words] = [...(options.launcher ?? []), findTool('bash'), '--noprofile', '--norc'];
  const child: ChildProcess = spawn(program, words, {
    cwd: options.cwd,
    env: { ...options.env, HOME: home, PATH: options.path },
    detached: true,
    stdio: ['pipe', log, log, 'pipe'],
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`bash cannot be started in ${options.cwd}`);
  watch({ group: pid });
  const mark = { group: pid, home, folder, since: startOf(pid) };

  // While a block runs, the number is closed; what bash keeps of it takes no verdict without the secret.
  const high = randomInt(100, 200);
  const secret = randomBytes(16).toString('hex');
  /** Ends the answer to a block, and the news that a copy is gone. */
  const [end, gone] = [`${secret}\x04`, `${secret}\x05`];
  const say = (mark: string) => `builtin printf '${secret}\\00${mark === end ? 4 : 5}'`;
  let received = '';
  let heard: () => void = () => undefined;
  const status = child.stdio[3] as Readable;
  status.setEncoding('utf8');
  status.on('data', (text: string) => {
    received += text;
    heard();
  });
  child.stdin?.on('error', () => undefined);
  let count = 0;
  /** Tells the present copy that it is gone. */
  let miss: (status: number) => void = () => undefined;

  /** Writes a line to the shell, or to the copy that has taken its place. Kept when the answer has come. */
  function tell(line: string): Promise<void> {
    received = '';
    return new Promise((resolve) => {
      heard = () => {
        if (received.endsWith(end)) resolve();
        if (received.endsWith(gone)) miss(Number(received.split('\x1e').at(-2)));
      };
      child.stdin?.write(`${line}\n`);
    });
  }

  /** `above`: what a copy was made of. */
  function shellOf(own: Process, above?: Process, closed?: () => void): Shell {
    let busy = false;
    let closing: Promise<{ left: FoundProcess[] }> | undefined;

    async function run(block: Block): Promise<BlockResult> {
      if (busy || closing) throw new Error(`block ${block.id}: the shell is ${busy ? 'busy' : 'closed'}`);
      if (!/^[A-Za-z0-9._-]+$/.test(block.id)) throw new RangeError(`block id ${JSON.stringify(block.id)}`);
      if (block.stdin !== undefined && !statSync(block.stdin, { throwIfNoEntry: false })?.isFile()) {
        throw new RangeError(`block ${block.id}: ${block.stdin}: no such file for its stdin`);
      }
      if (block.text.includes('\0')) throw new RangeError(`block ${block.id}: a NUL character`);
      busy = true;
      await begun;
      const base = join(folder, `${String(++count).padStart(2, '0')}-${block.id}`);
      const [file, stdoutFile, stderrFile, events] = ['sh', 'out', 'err', 'events'].map(
        (end) => `${base}.${end}`,
      ) as [string, string, string, string];
      // Another user must read it; the folder is theirs alone.
      writeFileSync(file, `${block.text}\n`, { mode: options.launcher?.length ? 0o644 : 0o600 });
      if (!own.dead) own.typed.push(block.text);
      const trap = quote(trapCommand(quote(events)));
      const started = performance.now();
      const line =
        `set -E; trap ${trap} ERR; ` +
        `{ . ${quote(file)}; } ${high}>&- <${quote(block.stdin ?? '/dev/null')} >${quote(stdoutFile)} 2>${quote(stderrFile)}; ` +
        `{ builtin printf '\\036%s\\036%s\\036' "$?" "\${HISTFILE-}"; builtin trap -p ERR; ${say(end)}; } >&${high}`;
      // What the dead do not read, the shell that a copy was made of would.
      const arrived = own.dead ? own.exited : tell(line);

      let timedOut = false;
      let flooded = false;
      const stop = new AbortController();
      const size = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      const watchOver = async () => {
        const deadline = started + block.timeoutSeconds * 1000;
        while (!timedOut && !flooded) {
          await sleep(Math.max(1, Math.min(100, deadline - performance.now())), undefined, {
            signal: stop.signal,
          });
          timedOut = performance.now() >= deadline;
          flooded = size(stdoutFile) + size(stderrFile) > maxOutputBytes;
        }
      };
      await Promise.race([arrived, own.exited, watchOver().catch(() => undefined)]);
      stop.abort();
      const milliseconds = performance.now() - started;
      if (timedOut || flooded) await killProcesses(mark, { spared: above?.pid });
      // bash may have told the status and died in the same moment: what it told counts for the block.
      const [code, history, trapNow] = received.split('\x1e').slice(-3);
      const ended = received.endsWith(end) && !timedOut && !flooded;
      if (ended) own.historyFile = history ?? '';
      const result: BlockResult = {
        status: ended ? Number(code) : await own.exited,
        errEvents: parseErrEvents(read(events), file),
        stdout: read(stdoutFile),
        stderr: read(stderrFile),
        stdoutFile,
        stderrFile,
        milliseconds,
        timedOut,
        flooded,
        died: !ended,
        trapChanged: ended && !trapNow?.includes(basename(events)),
      };
      busy = false;
      return result;
    }

    async function fork(): Promise<Shell> {
      if (busy || closing || own.dead) throw new Error('only a shell that rests can be copied');
      busy = true;
      await begun;
      const lost = new Promise<number>((resolve) => {
        miss = resolve;
      });
      const copy: Process = {
        ...own,
        exited: Promise.race([lost, own.exited]),
        typed: [...own.typed],
      };
      void copy.exited.then(() => {
        copy.dead = true;
      });
      // A copy reads line by line from the pipe that feeds this shell, which goes on reading when the copy is gone.
      const arrived = tell(
        'trap - ERR; ( builtin cd -- "$PWD" || exit; ' +
          `{ builtin printf '%s\\036' "$BASHPID"; ${say(end)}; } >&${high}; ` +
          'while IFS= builtin read -r drill_line; do builtin eval "$drill_line"; done ); ' +
          `{ builtin printf '\\036%s\\036' "$?"; ${say(gone)}; } >&${high}`,
      );
      await Promise.race([arrived, copy.exited]);
      if (copy.dead) {
        busy = false;
        throw new Error('the shell cannot be copied: its working folder is gone');
      }
      copy.pid = Number(received.split('\x1e')[0]);
      return shellOf(copy, own, () => {
        busy = false;
      });
    }

    async function close(): Promise<{ left: FoundProcess[] }> {
      const spared = above?.pid;
      if (above === undefined) child.stdin?.end();
      else if (!own.dead) void tell('exit');
      await Promise.race([own.exited, sleep(2000)]);
      // What ends by itself in the moment after the shell is not left behind.
      if (findProcesses(mark, spared).length > 0) await sleep(50);
      const left = findProcesses(mark, spared);
      await killProcesses(mark, { spared });
      await own.exited;
      if (above === undefined) unwatch({ group: pid as number });
      // An interactive bash writes its history at the end, wherever HISTFILE then points.
      if (isAbsolute(own.historyFile))
        appendFileSync(own.historyFile, `${own.typed.join('\n')}\n`, { mode: 0o600 });
      closed?.();
      return { left };
    }

    return { pid: own.pid, begun, run, fork, close: () => (closing ??= close()) };
  }

  const first: Process = {
    pid,
    exited: new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)));
    }),
    dead: false,
    historyFile: '',
    typed: [],
  };
  void first.exited.then(() => {
    first.dead = true;
  });
  const begun = Promise.race([
    tell(`umask 022; exec ${high}>&3; ${closeOthers(high)}; ${say(end)} >&${high}`),
    first.exited,
  ]);
  return shellOf(first);
}
