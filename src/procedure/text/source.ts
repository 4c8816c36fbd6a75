/** Where the text of a page comes from, line by line, so that every failure points at the file that a person edits. */

import { InvalidInput } from '../../deployment/problem';

/** Text of a file, by its path from the project's root; undefined when there is none. */
export type ReadPartial = (file: string) => string | undefined;

export interface SourceLine {
  readonly text: string;
  /** Path from the project's root, with forward slashes: `docs/emergency/unseal.mdx`. */
  readonly file: string;
  /** 1-based line in that file. */
  readonly line: number;
}

export type Place = Pick<SourceLine, 'file' | 'line'>;

/** Splits a file into lines that remember their place. */
export function sourceLines(file: string, text: string): SourceLine[] {
  return text.split(/\r?\n/).map((line, index) => ({ text: line, file, line: index + 1 }));
}

/** Index of the line that closes the front matter; 0 where the text begins without one, -1 where it is not closed. */
export function endOfFrontMatter(lines: readonly SourceLine[]): number {
  if (lines[0]?.text !== '---') return 0;
  return lines.findIndex(({ text }, index) => index > 0 && text === '---');
}

/** Refuses a directive, a value or a partial at its place. Throws InvalidInput. */
export function failAt({ file, line }: Place, message: string): never {
  throw new InvalidInput([{ file, line, rule: 'EXPAND', message }]);
}
