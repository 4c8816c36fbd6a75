/** `sss`, the shard tool of the ceremony: sub-commands, errors and exit codes. Long options only, no network. */
import { writeSync } from 'node:fs';
import { version } from '../../package.json';
import type { ShardError } from '../../src/shard/format';
import {
  type CliError,
  type Command,
  type Context,
  EXIT,
  fileError,
  helpText,
  type Io,
  parseArgs,
  printable,
  refusal,
  suggestion,
  usageError,
} from './command';
import { combine } from './commands/combine';
import { generate } from './commands/generate';
import { reissue } from './commands/reissue';
import { reshare } from './commands/reshare';
import { split } from './commands/split';
import { exitOf } from './files';

/** The commands that handle keys. A new one is registered here; one that holds no key, in desk.ts. */
const CORE: readonly Command[] = [generate, split, combine, reissue, reshare];

/** Every sub-command, in the order of the help text. */
export const allCommands = async (): Promise<readonly Command[]> => [
  ...CORE,
  ...(await import('./desk')).DESK,
];

const TEST_NOTE = 'SSS_TEST=1: a drill. TEST sets only; no real key or shard is accepted.';

export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const rows = commands.map(({ name, summary }) => `    ${name.padEnd(width)}  ${summary}`);
  rows.push(`    ${'audit'.padEnd(width)}  keep and verify the audit trail`);
  return `sss: the shards of a MasterKey, offline\n\nUsage:\n    sss COMMAND [options] [files]\n\nCommands:\n${rows.join('\n')}\n\nsss COMMAND --help explains one command; sss --version names this release.\nShards and keys are files, never arguments.\n`;
}

/**
 * Runs one command line and returns its exit code. Nothing of a library's message, no stack trace and nothing of a
 * shard is ever printed.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const fail = (error: unknown): number => {
    const { exit, message, hint } = describe(error);
    io.err(
      `sss: error: ${message}\nsss: hint: ${hint || NEXT[exit] || `sss ${printable(name)} --help explains it.`}\n`,
    );
    return exit;
  };
  const [name = '', ...rest] = argv[0] === 'help' && argv[1] ? [argv[1], '--help'] : argv;
  try {
    checkNode(process.versions.node);
    refuseSecretArguments(argv);
    if (name === '' || name === '--help' || name === 'help') {
      (name === '' ? io.err : io.out)(overview(await allCommands()));
      return name === '' ? EXIT.usage : EXIT.ok;
    }
    if (name === '--version' || name === 'version') {
      io.out(`sss ${version}, shard format v1, Node ${process.versions.node}\n`);
      return EXIT.ok;
    }
    if (name === 'audit') return (await import('../audit/cli')).auditCommand(rest, io);
    const byName = (known: Command) => known.name === name;
    const commands = CORE.some(byName) ? CORE : await allCommands();
    const command = commands.find(byName);
    if (!command) {
      const known = [...commands.map((one) => one.name), 'audit'];
      throw usageError(
        `unknown command ${printable(name)}`,
        `${suggestion(name, known)}sss --help lists the commands.`,
      );
    }
    const args = parseArgs(command, rest);
    if (args.has('help')) {
      io.out(helpText(command));
      return EXIT.ok;
    }
    const report = await command.run(args, contextOf(io, fail));
    const text = args.has('json')
      ? `${JSON.stringify(report.json)}\n`
      : report.lines.map((l) => `${l}\n`).join('');
    io.out(text);
    return report.exit ?? EXIT.ok;
  } catch (error) {
    return fail(error);
  }
}

/** What to do next, where an error itself says nothing about it. */
const NEXT: Partial<Record<number, string>> = {
  [EXIT.refused]: 'Stop here: keep the files as they are, and log this line.',
  [EXIT.file]: 'Nothing of it was used. Is it the right file?',
};

function contextOf(io: Io, fail: (error: unknown) => number): Context {
  const mode = io.env.SSS_TEST ?? '';
  if (mode !== '' && mode !== '1')
    throw usageError('SSS_TEST must be 1 or not set', 'A drill sets it to 1; a ceremony does not set it.');
  if (mode === '1') io.err(`sss: note: ${TEST_NOTE}\n`);
  return {
    ...io,
    test: mode === '1',
    fail,
    warn: (message) => io.err(`sss: warning: ${message}\n`),
    progress: (message) => io.progress?.(message),
  };
}

/** The process list and the shell history are no place for a shard. */
function refuseSecretArguments(argv: readonly string[]): void {
  // A pattern that ignores case takes ten times as long to compile.
  const at = argv.findIndex((arg, i) => {
    // Groups of five, as on the sheet, arrive as one argument each.
    const text = arg.length === 5 ? `${arg}${argv[i + 1] ?? ''}` : arg;
    return /mks1[02-9ac-hj-np-z]{6}/.test(text.replace(/\s/g, '').toLowerCase());
  });
  if (at < 0) return;
  const hint =
    'Shards are files. This one is now in the process list and the shell history: treat it as exposed.';
  throw usageError(`argument ${at + 1} looks like the text of a shard`, hint);
}

function describe(error: unknown): { exit: number; message: string; hint: string } {
  const kind = error instanceof Error ? error.name : 'unknown';
  // By name: the desk's bundle carries its own copy of these classes.
  if (kind === 'CliError') return error as CliError;
  if (kind === 'ShardError') {
    const { message, hint } = error as ShardError;
    return { exit: exitOf(error as ShardError), message, hint };
  }
  if ((error as { code?: unknown }).code === 'MODULE_NOT_FOUND') {
    const hint = 'Copy the whole kit, and verify the copy with sha256sum.';
    return { exit: EXIT.file, message: 'a part of sss is missing: sss-*.cjs belong beside sss.cjs', hint };
  }
  const hint = 'Use nothing that it wrote. Keep the command line (it holds no secret) and report it.';
  return { exit: EXIT.internal, message: `internal fault (${kind})`, hint };
}

const REPORT_LOST = 'The command did its work and wrote its files; only the report is lost.';

/**
 * Writes to a descriptor at once: loading Node's stream classes would take longer than a whole recovery. A reader that
 * closed the pipe early (`sss … | head --lines=1`) is no fault.
 */
function write(fd: number, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === 'EAGAIN') continue;
      // Nobody can be told that standard error does not work.
      if (code === 'EPIPE' || fd === 2) return;
      throw fileError(`standard output: ${code}`, REPORT_LOST);
    }
  }
}

/** @throws CliError on a Node that lacks what sss calls, such as the one of Debian 12. */
export function checkNode(found: string): void {
  const [major = 0, minor = 0] = found.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw refusal(
    `Node ${found} is too old: wanted 20.19 or later`,
    'Take a newer one. To recover a key without Node: python3 recover.py.',
  );
}

/** Runs the command line of this process, and ends it: everything is written by then, and waiting costs time. */
export async function runProcess(): Promise<never> {
  const exit = await main(process.argv.slice(2), {
    env: process.env,
    out: (text) => write(1, text),
    err: (text) => write(2, text),
    progress: (message) => {
      if (process.stderr.isTTY) write(2, `\r\x1b[K${message}`);
    },
  });
  process.exit(exit);
}
