/** `sss audit …`: the commands of the audit trail, with the options, errors and exit codes of `sss`. */
import {
  CliError,
  type Command,
  type Context,
  EXIT,
  helpText,
  type Io,
  parseArgs,
  printable,
  usageError,
} from '../sss/command';
import { append } from './commands/append';
import { compare } from './commands/compare';
import { custody } from './commands/custody';
import { ledger } from './commands/ledger';
import { recover, rotate } from './commands/rotate';
import { head, verify } from './commands/verify';

/** Every sub-command, in the order of the help text. */
export const AUDIT_COMMANDS: readonly Command[] = [
  append,
  verify,
  head,
  rotate,
  recover,
  compare,
  custody,
  ledger,
];

const nameOf = (command: Command) => command.name.replace(/^audit /, '');

function overview(): string {
  const width = Math.max(...AUDIT_COMMANDS.map((command) => nameOf(command).length));
  const rows = AUDIT_COMMANDS.map((command) => `    ${nameOf(command).padEnd(width)}  ${command.summary}`);
  return `sss audit: the audit trail of a MasterKey\n\nUsage:\n    sss audit COMMAND [options] TRAIL\n\nCommands:\n${rows.join('\n')}\n\nsss audit COMMAND --help explains one command.\n`;
}

/** Runs `sss audit` with the arguments after `audit` and returns the exit code. Never prints a stack trace. */
export async function auditCommand(argv: readonly string[], io: Io): Promise<number> {
  const fail = (error: unknown): number => {
    const { exit, message, hint } =
      error instanceof CliError
        ? error
        : {
            exit: EXIT.internal,
            message: `internal fault (${error instanceof Error ? error.name : 'unknown'})`,
            hint: '',
          };
    io.err(`sss: error: ${message}\n${hint === '' ? '' : `sss: hint: ${hint}\n`}`);
    return exit;
  };
  try {
    const [name = '', ...rest] = argv;
    if (name === '' || name === '--help' || name === 'help') {
      (name === '' ? io.err : io.out)(overview());
      return name === '' ? EXIT.usage : EXIT.ok;
    }
    const command = AUDIT_COMMANDS.find((known) => nameOf(known) === name);
    if (!command)
      throw usageError(`unknown command audit ${printable(name)}`, 'sss audit --help lists the commands.');
    const args = parseArgs(command, rest);
    if (args.has('help')) {
      io.out(helpText(command));
      return EXIT.ok;
    }
    const context: Context = {
      ...io,
      test: io.env.SSS_TEST === '1',
      fail,
      warn: (message) => io.err(`sss: warning: ${message}\n`),
      progress: (message) => io.progress?.(message),
    };
    const report = await command.run(args, context);
    io.out(
      args.has('json')
        ? `${JSON.stringify(report.json)}\n`
        : report.lines.map((line) => `${line}\n`).join(''),
    );
    return report.exit ?? EXIT.ok;
  } catch (error) {
    return fail(error);
  }
}
