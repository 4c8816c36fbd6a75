/** Where the text of a page comes from, line by line, so that every failure points at the file that a person edits. */

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
