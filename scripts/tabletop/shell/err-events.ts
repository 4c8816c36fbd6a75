/** Commands that failed in a block, as bash's ERR trap sees them: also in functions, subshells and substitutions (bash(1), set -E). */

export interface ErrEvent {
  readonly status: number;
  /** 1-based line of the block; where the function or subshell was called, when the command itself stands elsewhere. */
  readonly line: number;
  /** 0 for a command of the block itself, more inside functions and subshells, whose failure may have been swallowed. */
  readonly depth: number;
}

const field = '\x1f';
const record = '\x1e';

/** What the trap executes: one write per event, so that events of parallel subshells cannot mix. `file` is quoted. */
export function trapCommand(file: string): string {
  const values = `"$?" "$LINENO" "$BASH_SUBSHELL" "\${BASH_SOURCE[@]-}" / "\${BASH_LINENO[@]-}"`;
  return `builtin printf "%s\\037" ${values} $'\\036' >>${file}`;
}

/**
 * Reads what the trap has written. `file` is the block's own file: events outside it are the runner's. A failure that
 * is seen again, in the same line, by what called it, counts once.
 */
export function parseErrEvents(text: string, file: string): ErrEvent[] {
  const events: ErrEvent[] = [];
  for (const line of text.split(record).slice(0, -1)) {
    const fields = line.split(field).filter((value, index) => index > 0 || value !== '');
    const [status, lineNumber, subshell, ...frames] = fields;
    const slash = frames.indexOf('/');
    const sources = frames.slice(0, slash);
    const lines = frames.slice(slash + 1);
    const own = sources.lastIndexOf(file);
    if (own < 0) continue;
    const event = {
      status: Number(status),
      line: Number(own === 0 ? lineNumber : lines[own - 1]),
      depth: Number(subshell) + own,
    };
    const last = events.at(-1);
    if (last && last.status === event.status && last.line === event.line && last.depth > event.depth)
      events.pop();
    events.push(event);
  }
  return events;
}
