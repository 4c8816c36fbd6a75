/** Where a line of an expanded page comes from, so that every failure points at the file that a person edits. */

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
