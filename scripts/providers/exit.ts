/** How a stand-in ends early: the vendor's own error text and exit code, thrown from anywhere, printed in one place. */

export class Exit extends Error {
  override readonly name = 'Exit';

  /** `stderr` and `stdout` are written as they are: the caller supplies every newline that the vendor prints. */
  constructor(
    readonly code: number,
    readonly stderr: string,
    readonly stdout = '',
  ) {
    super(stderr.trim());
  }
}

/** Everything a stand-in may touch besides its world directory; tests pass their own. */
export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Bits of permissions that its files do not get, as umask(2) has them. */
  readonly umask: number;
  /** Reads all of standard input; at most once. */
  stdin(): Buffer;
  readonly stdoutIsTerminal: boolean;
}

/** What a finished command leaves. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string | Buffer;
  readonly stderr: string;
}
