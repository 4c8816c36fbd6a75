/** Reads a YAML text by a schema: what is wrong is told issue by issue, each with its line, what was found and what was wanted. */
import type { z } from 'zod';
import { InvalidInput } from './problem';
import { describeIssue } from './schema-problems';
import { readYaml, type YamlFile } from './yaml';

/** How what is wrong is told. */
export interface Telling {
  /** Rule of the problems; by default YAML for what is no YAML, and SCHEMA for what the schema refuses. */
  readonly rule?: string;
  /** Lines of the file before the text, as those above a front matter. */
  readonly before?: number;
  /** A message of the schema in the words of the file. */
  reworded?(message: string): string;
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null | undefined)?.[key], value);

/**
 * Returns the value as the schema returns it, and where each part of it stands. `file` only names the text in messages.
 * Throws InvalidInput with every problem and its line.
 */
export function readBySchema<T>(
  text: string,
  file: string,
  schema: z.ZodType<T>,
  { rule, before = 0, reworded = (message) => message }: Telling = {},
): YamlFile & { readonly data: T } {
  const read = readYaml(text, file, rule, before);
  const parsed = schema.safeParse(read.value);
  if (parsed.success) return { ...read, data: parsed.data };
  throw new InvalidInput(
    parsed.error.issues.map((issue) => {
      const found = valueAt(read.value, issue.path);
      const message = reworded(describeIssue(issue, read.nodeAt(issue.path), found, undefined, schema));
      const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
      return { file, line: read.lineOf(path), rule: rule ?? 'SCHEMA', message };
    }),
  );
}
