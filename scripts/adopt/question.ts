/** A question to an adopter: what is asked, what an empty line means, and how what was typed is read by the schema. */
import { deploymentSchema } from '../../src/deployment/schema';
import { describeIssue } from '../../src/deployment/schema-problems';
import { type Answers, at, type Path } from './answers';

/** One question. */
export interface Question {
  readonly path: Path;
  readonly ask: string;
  /** Said above the question; not again when it is asked again. */
  readonly help?: string;
  /** What an empty line means; undefined where something must be typed. */
  readonly otherwise?: { readonly shown: string; readonly value: unknown };
  /** The answer is people: an answer that leaves nobody for the rest is told at once. */
  readonly people?: boolean;
  /** The value of what was typed, or what is wrong with it. */
  read(text: string): { readonly value: unknown } | { readonly fault: string };
}

export interface Checked {
  safeParse(value: unknown): {
    success: boolean;
    data?: unknown;
    error?: { issues: { code: string; message: string }[] };
  };
  readonly description?: string | undefined;
}

export const shapes = deploymentSchema.shape;

/** Reads a value by its part of the schema; what looks like a number is one where a number is wanted. */
export function by(schema: Checked, text: string): { value: unknown } | { fault: string } {
  const typed = schema.safeParse(text);
  if (typed.success) return { value: text };
  const wanted = typed.error?.issues[0];
  const isNumber = /^\d+$/.test(text) && wanted?.code === 'invalid_type';
  const number = isNumber ? schema.safeParse(Number(text)) : undefined;
  if (number?.success) return { value: Number(text) };
  const issue = number?.error?.issues[0] ?? wanted;
  const value = isNumber ? Number(text) : text;
  return { fault: describeIssue({ ...issue, path: [] } as never, undefined, value, undefined) };
}

export function field(
  path: Path,
  ask: string,
  schema: Checked,
  suggested?: string | number,
  help?: string,
): Question {
  return {
    path,
    ask,
    help: help ?? schema.description ?? '',
    ...(suggested === undefined ? {} : { otherwise: { shown: String(suggested), value: suggested } }),
    read: (text) => by(schema, text),
  };
}

/** `Ana Õun (night)` → `ana-oun-night`, and a number where that is taken. */
export function idFor(name: string, taken: readonly string[], kind: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40);
  const base = plain === '' ? kind : plain;
  const free = (id: string) => !taken.includes(id);
  if (free(base)) return base;
  for (let n = 2; ; n++) if (free(`${base}-${n}`)) return `${base}-${n}`;
}

export const one = (list: readonly string[], text: string) => {
  const byNumber = /^\d+$/.test(text) ? list[Number(text) - 1] : undefined;
  return byNumber ?? list.find((item) => item === text);
};

export function choice(
  path: Path,
  ask: string,
  list: readonly string[],
  help: string,
  suggested?: string,
): Question {
  return {
    path,
    ask,
    help,
    ...(suggested === undefined ? {} : { otherwise: { shown: suggested, value: suggested } }),
    read: (text) => {
      const value = one(list, text);
      return value === undefined
        ? { fault: `wanted one of ${list.join(', ')}, or its number; found "${text}"` }
        : { value };
    },
  };
}

export const done = (answers: Answers, what: string) => at(answers, ['done', what]) === true;
