/** `sss`, the shard tool of the ceremony: sub-commands, errors and exit codes. Long options only, no network. */
import { writeSync } from 'node:fs';
import { version } from '../../package.json';
import type { ShardError } from '../../src/shard/format';
import { visibleLine } from '../../src/shard/visible';
import {
  type CliError,
  type Command,
  type Context,
  type CoreCommand,
  EXIT,
  fileError,
  type Io,
  parseArgs,
  printable,
  refusal,
  usageError,
} from './command';
import { combine } from './commands/combine';
import { generate } from './commands/generate';
import { reissue } from './commands/reissue';
import { reshare } from './commands/reshare';
import { split } from './commands/split';
import { selfTests } from './draw';
import { exitOf } from './files';
import { visibleIo } from './visible-io';

/** The commands that handle keys. A new one is registered here; one that holds no key, in desk.ts. */
const CORE: readonly CoreCommand[] = [generate, split, combine, reissue, reshare];

/** Every sub-command but those of the audit trail, in the order of the help text, each with its explanation. */
export const allCommands = async (): Promise<readonly Command[]> => (await import('./desk')).withDesk(CORE);

const TEST_NOTE = 'SSS_TEST=1: a drill. TEST sets only; no real key or shard is accepted.';

/** Words of a command line after `help` was brought into its usual place. */
const inOrder = (words: readonly string[]): readonly string[] =>
  words[0] === 'help' && words[1] ? [...words.slice(1), '--help'] : words;

/**
 * Runs one command line and returns its exit code: the only dispatcher, for `sss audit …` as well. Nothing of a library's
 * message, no stack trace and nothing of a shard is ever printed.
 */
export async function main(argv: readonly string[], to: Io): Promise<number> {
  const io = visibleIo(to);
  const words = inOrder(argv);
  const group = words[0] === 'audit' ? 'audit' : undefined;
  const [word = '', ...rest] = group ? inOrder(words.slice(1)) : words;
  const name = group ? `audit ${word}` : word;
  const fail = (error: unknown): number => {
    const { exit, message, hint } = describe(error);
    const next = hint || NEXT[exit] || `sss ${printable(name).trimEnd()} --help explains it.`;
    io.err(`sss: error: ${visibleLine(message)}\nsss: hint: ${visibleLine(next)}\n`);
    return exit;
  };
  try {
    checkNode(process.versions.node);
    refuseSecretArguments(argv);
    const test = isDrill(io.env);
    if (!group && (word === '--version' || word === 'version')) {
      io.out(`sss ${version}, shard format v1, Node ${process.versions.node}\n`);
      return EXIT.ok;
    }
    const byName = (known: CoreCommand) => known.name === name;
    const commands: readonly CoreCommand[] = group
      ? (await import('./audit/cli')).AUDIT_COMMANDS
      : CORE.some(byName)
        ? CORE
        : await allCommands();
    if (word === '' || word === '--help' || word === 'help') {
      const { overview } = await import('./help');
      (word === '' ? io.err : io.out)(overview(commands, group));
      return word === '' ? EXIT.usage : EXIT.ok;
    }
    const command = commands.find(byName);
    if (!command) {
      const { suggestion } = await import('./suggestion');
      const known = [...commands.map((one) => one.name), ...(group ? [] : ['audit'])];
      throw usageError(
        `unknown command ${printable(name)}`,
        `${suggestion(name, known)}sss ${group ? `${group} ` : ''}--help lists the commands.`,
      );
    }
    const args = await parseArgs(command, rest);
    if (args.has('help')) {
      io.out((await import('./help')).helpText(command));
      return EXIT.ok;
    }
    // A trail holds no secret, and each of its records says that it belongs to a drill.
    if (test && !group) io.err(`sss: note: ${TEST_NOTE}\n`);
    if (test && command.refusedInDrill?.(args)) throw refusal(NO_KIND, KIND_HINT);
    const report = await command.run(args, contextOf(io, test, fail));
    const text = args.has('json')
      ? `${JSON.stringify(report.json)}\n`
      : report.lines.map((l) => `${visibleLine(l)}\n`).join('');
    if (report.aside) io.err(text.replace(/^(?=.)/gm, 'sss: note: '));
    else io.out(text);
    return report.exit ?? EXIT.ok;
  } catch (error) {
    return fail(error);
  }
}

const NO_KIND = 'SSS_TEST=1: a drill takes no key and no raw share, which cannot say that they are a test';
const KIND_HINT = 'unset SSS_TEST for a real key; in a drill, sss generate makes a TEST set.';

/** What to do next, where an error itself says nothing about it. */
const NEXT: Partial<Record<number, string>> = {
  [EXIT.refused]: 'Stop here: keep the files as they are, and log this line.',
  [EXIT.file]: 'Nothing of it was used. Is it the right file?',
};

/**
 * Whether this is a drill.
 * @throws CliError for any value but 1: `SSS_TEST=yes` must not pass for a ceremony.
 */
function isDrill(env: Io['env']): boolean {
  const mode = env.SSS_TEST ?? '';
  if (mode !== '' && mode !== '1') {
    const hint = 'A drill sets it to 1; a ceremony does not set it.';
    throw usageError(`SSS_TEST=${printable(mode)}: must be 1 or not set`, hint);
  }
  return mode === '1';
}

const contextOf = (io: Io, test: boolean, fail: (error: unknown) => number): Context => ({
  ...io,
  test,
  fail,
  selfTests,
  warn: (message) => io.err(`sss: warning: ${visibleLine(message)}\n`),
  progress: (message) => io.progress?.(message),
});

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
