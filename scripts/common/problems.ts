/** How a command tells what stopped it: one line for each mistake of a person, never a stack trace. */
import { formatProblem, InvalidInput } from '../../src/deployment/problem';
import { printOut } from './terminal';

/**
 * The lines of an error, each with the name of the command. GitHub shows those with a place beside the file as well.
 */
export function errorLines(command: string, error: unknown): string {
  const tell = (lines: readonly string[]) => lines.map((line) => `${command}: error: ${line}\n`).join('');
  if (!(error instanceof InvalidInput)) {
    const message = error instanceof Error ? error.message : String(error);
    return tell([message.split('\n')[0] ?? '']);
  }
  if (process.env.GITHUB_ACTIONS)
    for (const { file, line, message } of error.problems)
      printOut(`::error file=${file},line=${line}::${message}\n`);
  // What a YAML parser says after its first error follows from that.
  const [first] = error.problems;
  return tell((first?.rule === 'YAML' ? [first] : error.problems).map(formatProblem));
}
