/** Where the text of a program leaves to a terminal. What others wrote (YAML, logs, output of tools) is shown there and never acts. */
import { visible } from '../../src/shard/visible';

/** Writes to standard output. */
export function printOut(text: string): void {
  process.stdout.write(visible(text));
}

/** Writes to standard error. */
export function printError(text: string): void {
  process.stderr.write(visible(text));
}

/** Takes the line that is being redrawn off a terminal; elsewhere there is none. */
export function clearLine(): void {
  if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
}
