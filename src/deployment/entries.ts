/** Reads a file that is one list of entries, such as the attestations: what is wrong is told entry by entry, with its line. */
import type { z } from 'zod';
import type { Problem } from './problem';
import { readBySchema } from './read-by-schema';

/** The entries of a file, and how a problem with one of them is told. */
export interface Entries<File> {
  readonly file: File;
  /** Line of the innermost part on a path that is there. */
  lineOf(path: readonly PropertyKey[]): number;
  /** A problem with the entry of an index, counted from 0: its field, or the whole of it. */
  problem(index: number, field: string, rule: string, message: string): Problem;
}

/**
 * Parses a text whose list stands under a name. `file` only names it in messages.
 * Throws InvalidInput with every problem and its line.
 */
export function parseEntries<File>(
  text: string,
  file: string,
  list: string,
  schema: z.ZodType<File>,
): Entries<File> {
  const entry = new RegExp(`^${list} (\\d+)\\.:? ?`);
  const { data, lineOf } = readBySchema(text, file, schema, {
    reworded: (message) => message.replace(entry, 'entry $1: '),
  });
  return {
    file: data,
    lineOf,
    problem: (index, field, rule, message) => ({
      file,
      line: lineOf([list, index, field]),
      rule,
      message: `entry ${index + 1}: ${message}`,
    }),
  };
}
