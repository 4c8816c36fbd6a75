/** What was asked of the room's machine, one line each as it is answered, and the count at the end. */
import type { Failure } from '../../../src/procedure/results/drill-results';
import { printOut } from '../../common/terminal';

/** A failure of a step as one line, with the place on the page. */
export const failureText = ({ file, line, wanted, found }: Failure): string =>
  `${file}:${line}: wanted ${wanted}; found ${found}`;

/** Counts what holds and what does not. */
export class Tally {
  private passed = 0;
  readonly failures: string[] = [];

  constructor(private readonly write: (text: string) => void = printOut) {}

  /** Something that is only told. */
  note(text: string): void {
    this.write(`room: ${text}\n`);
  }

  /** `wrong` says what does not hold; undefined where all is well. */
  add(what: string, wrong?: string): void {
    if (wrong === undefined) this.passed++;
    else this.failures.push(`${what}: ${wrong}`);
    this.write(wrong === undefined ? `✓ ${what}\n` : `✗ ${what}: ${wrong}\n`);
  }

  /** Says the count, which is the last line. Returns the exit status. */
  close(): number {
    this.write(`${this.passed} passed, ${this.failures.length} failed\n`);
    return this.failures.length === 0 && this.passed > 0 ? 0 : 1;
  }
}
