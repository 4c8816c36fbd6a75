/**
 * Answers the stand-ins' calls in one process, so that a call costs the start of a shell and not that of Node. What a
 * process is given, its words, environment, folder and input, is read where Linux shows it (proc(5)). A call that
 * hangs, or whose input is still being written, is sent away to a process of its own.
 */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Outcome } from './exit';
import { NeedsProcess, perform } from './perform';
import { block, faultState } from './world';

/** Name of the pipe in the switchboard's folder that calls arrive on, one line each: process, tool, world, pipe for the answer. */
export const callsPipe = 'calls';

/** The answer to a call that needs a process of its own; otherwise it is the exit status. */
const own = 'own';

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/** Where a caller keeps its standard input while it reads the answer. */
export const inputDescriptor = 8;

/** All that is left of the standard input of a process. Throws NeedsProcess where nothing of it is there yet. */
function inputOf(pid: number): Buffer {
  const file = openSync(`/proc/${pid}/fd/${inputDescriptor}`, O_RDONLY | O_NONBLOCK);
  try {
    const position = Number(
      /^pos:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/fdinfo/${inputDescriptor}`, 'utf8'))?.[1],
    );
    const chunks: Buffer[] = [];
    const chunk = Buffer.alloc(65_536);
    let at = fstatSync(file).isFile() ? position : null;
    for (;;) {
      try {
        const count = readSync(file, chunk, 0, chunk.length, at);
        if (count === 0) return Buffer.concat(chunks);
        chunks.push(Buffer.from(chunk.subarray(0, count)));
        if (at !== null) at += count;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        // Whoever writes may itself be waiting for an answer; once it writes, it is not.
        if (chunks.length === 0) throw new NeedsProcess('its input is not there yet');
        block(1);
      }
    }
  } finally {
    closeSync(file);
  }
}

const listOf = (pid: number, name: 'cmdline' | 'environ'): string[] =>
  readFileSync(`/proc/${pid}/${name}`, 'utf8').split('\0').slice(0, -1);

/** The environment of a process as it was started. */
function environmentOf(pid: number): Record<string, string> {
  return Object.fromEntries(
    listOf(pid, 'environ').map((line) => [
      line.slice(0, line.indexOf('=')),
      line.slice(line.indexOf('=') + 1),
    ]),
  );
}

/** The umask of a process. */
function umaskOf(pid: number): number {
  const [, octal = '077'] = /^Umask:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number.parseInt(octal, 8);
}

/** What a call comes to. Throws NeedsProcess where it needs a process of its own, Error where the caller is gone. */
async function outcomeOf(pid: number, tool: string, world: string, keys: string): Promise<Outcome> {
  if (JSON.stringify(faultState.load(world)).includes('"hang"'))
    throw new NeedsProcess('it would keep others waiting');
  // The interpreter and the script come first.
  const words = listOf(pid, 'cmdline').slice(2);
  const shell = {
    env: environmentOf(pid),
    cwd: readlinkSync(`/proc/${pid}/cwd`),
    umask: umaskOf(pid),
    stdin: () => inputOf(pid),
    stdoutIsTerminal: /^\/dev\/(pts\/|tty)/.test(readlinkSync(`/proc/${pid}/fd/1`)),
  };
  return perform({ tool, world, keys, words, shell });
}

async function answer(line: string, keys: string): Promise<void> {
  const [pid = '', tool = '', world = '', reply = ''] = line.split('\t');
  let status = own;
  try {
    const outcome = await outcomeOf(Number(pid), tool, world, keys);
    if (outcome.stdout.length > 0) writeFileSync(`${reply}.out`, outcome.stdout, { mode: 0o600 });
    if (outcome.stderr.length > 0) writeFileSync(`${reply}.err`, outcome.stderr, { mode: 0o600 });
    status = String(outcome.code);
  } catch {
    // Also what goes wrong here is for the process to say, in the place where the operator looks.
  }
  try {
    // Whoever has been killed in the meantime reads no more, and must not be waited for.
    const pipe = openSync(reply, O_WRONLY | O_NONBLOCK);
    writeFileSync(pipe, `${status}\n`);
    closeSync(pipe);
  } catch {
    return;
  }
}

/** Answers what arrives on the pipe in `folder`, until the standard input of this process ends. */
export function switchboard(folder: string): void {
  const calls = new Socket({ fd: openSync(join(folder, callsPipe), O_RDWR | O_NONBLOCK) });
  let partial = '';
  calls.setEncoding('utf8').on('data', (text: string) => {
    const lines = (partial + text).split('\n');
    partial = lines.pop() ?? '';
    for (const line of lines) void answer(line, join(folder, 'keys'));
  });
  process.stdin.on('end', () => process.exit()).resume();
}
