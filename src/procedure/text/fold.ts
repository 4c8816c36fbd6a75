/**
 * Divides lines of bash that are too wide for paper, where a name of the deployment is long: whoever types them from a
 * sheet line by line gives the same command (POSIX.1-2017 section 2.2.1: a backslash and the newline after it are removed).
 */
import { ShellText } from './shell-text';
import type { SourceLine } from './source';

/** Characters of a command that fit into one line of a printed step, on A4 and Letter. */
export const commandWidth = 93;

/** A place where a line may end: `blank` between two words, `word` or `quoted` within one. */
interface Break {
  readonly at: number;
  readonly kind: 'blank' | 'word' | 'quoted';
}

/** What a piece that ends there needs after it, and the next one before it. */
const joints = {
  blank: [' \\', ''],
  word: ['\\', ''],
  quoted: ["'\\", "'"],
} as const;

/** Both sides of a break within a word: no sign that bash reads together with its neighbor, and no half of a character. */
const inWord = /^[\p{L}\p{N}_.:/@%+=,-]{2}$/u;

/** Follows one fence from its first printed line to its last. */
export class Folding {
  private readonly shell = new ShellText();
  private continues = false;

  /** The line in pieces of at most `commandWidth` characters; a comment, a here-document or a sign that cannot be divided stays whole. */
  fold(line: string): string[] {
    const breaks = this.breaksOf(line);
    const indent = `${/^ */.exec(line)?.[0] ?? ''}${this.continues ? '' : '  '}`;
    this.continues = this.shell.continues;
    const pieces: string[] = [];
    let [start, before] = [0, ''];
    while (before.length + line.length - start > commandWidth) {
      const end = breaks.filter(
        ({ at, kind }) => at > start && before.length + at - start + joints[kind][0].length <= commandWidth,
      );
      const blanks = end.filter(({ at, kind }) => kind === 'blank' && line.slice(start, at).trim() !== '');
      // An option stays with its value where that is possible.
      const chosen = blanks.findLast(({ at }) => line[at + 1] === '-') ?? blanks.at(-1) ?? end.at(-1);
      if (chosen === undefined) break;
      pieces.push(before + line.slice(start, chosen.at) + joints[chosen.kind][0]);
      start = chosen.kind === 'blank' ? chosen.at + 1 : chosen.at;
      before = chosen.kind === 'blank' ? indent : joints[chosen.kind][1];
    }
    return [...pieces, before + line.slice(start)];
  }

  /** Where the line may end, from left to right. */
  private breaksOf(line: string): Break[] {
    const breaks: Break[] = [];
    this.shell.begin(line);
    for (let at = 0; at < line.length; ) {
      const kind = this.kindAt(line, at);
      if (kind !== undefined) breaks.push({ at, kind });
      at = this.shell.read(line, at);
    }
    return breaks;
  }

  private kindAt(line: string, at: number): Break['kind'] | undefined {
    const { place } = this.shell;
    if (place === 'verbatim') return undefined;
    if (place === 'top' && line[at] === ' ') return /[^ ]/.test(line[at - 1] ?? ' ') ? 'blank' : undefined;
    if (!inWord.test(line.slice(at - 1, at + 1))) return undefined;
    return place === 'single' ? 'quoted' : 'word';
  }
}

/**
 * Commands as bash reads them, without the text of here-documents: lines that end in a backslash are joined with the next,
 * and stand where the first of them does. Blanks between words are single.
 */
export function logicalLines(lines: readonly SourceLine[]): SourceLine[] {
  const found: SourceLine[] = [];
  let open: SourceLine | undefined;
  let end: string | undefined;
  for (const line of lines) {
    if (end !== undefined) {
      if (line.text === end) end = undefined;
      continue;
    }
    const text: string = open ? (open.text + line.text).replace(/(\S)\s+/g, '$1 ') : line.text;
    const whole: SourceLine = { ...(open ?? line), text: text.replace(/\\$/, '') };
    open = text.endsWith('\\') ? whole : undefined;
    if (open) continue;
    end = /<<'?([A-Z]+)'?/.exec(text)?.[1];
    found.push(whole);
  }
  return open ? [...found, open] : found;
}
