/** Reads a file that is one list of entries, such as the attestations: what is wrong is told entry by entry, with its line. */
import type { z } from 'zod';
import { InvalidInput, type Problem } from './problem';
import { describeIssue } from './schema-problems';
import { readYaml } from './yaml';

/** The entries of a file, and how a problem with one of them is told. */
export interface Entries<File> {
  readonly file: File;
  /** Line of the innermost part on a path that is there. */
  lineOf(path: readonly PropertyKey[]): number;
  /** A problem with the entry of an index, counted from 0: its field, or the whole of it. */
  problem(index: number, field: string, rule: string, message: string): Problem;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
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
  const { value, lineOf, nodeAt } = readYaml(text, file);
  const problem = (path: readonly PropertyKey[], rule: string, message: string): Problem => ({
    file,
    line: lineOf(path),
    rule,
    message,
  });
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !(list in value))
    throw new InvalidInput([problem([], 'SCHEMA', `wanted a list under "${list}"`)]);
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new InvalidInput(
      parsed.error.issues.map((issue) => {
        const found = valueAt(value, issue.path);
        const message = describeIssue(issue, nodeAt(issue.path), found, undefined, schema);
        const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
        const entry = new RegExp(`^${list} (\\d+)\\.:? ?`);
        return problem(path, 'SCHEMA', message.replace(entry, 'entry $1: '));
      }),
    );
  }
  return {
    file: parsed.data,
    lineOf,
    problem: (index, field, rule, message) =>
      problem([list, index, field], rule, `entry ${index + 1}: ${message}`),
  };
}
