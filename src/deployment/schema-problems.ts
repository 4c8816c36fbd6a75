/** Says in our own words what a file does not have that the schema asks for: one line an issue, with what was found and what was wanted. */
import { isScalar, type Node } from 'yaml';
import type { z } from 'zod';
import { distance } from './edit-distance';
import { shown } from './names';
import { providerIds, providers } from './providers/registry';
import { deploymentSchema } from './schema';

interface Shape {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly element?: unknown;
  unwrap?(): unknown;
}

/** `shards 3. address` */
function placeName(path: readonly PropertyKey[]): string {
  return path.map((key) => (typeof key === 'number' ? `${key + 1}.` : String(key))).join(' ');
}

/** Names of the fields that may stand at a path; empty where there are none to be named. */
function fieldsAt(path: readonly PropertyKey[], provider: unknown, schema: z.ZodType): string[] {
  let at: Shape | undefined = schema as unknown as Shape;
  for (const [depth, key] of path.entries()) {
    while (at?.shape === undefined && at?.element === undefined && at?.unwrap) at = at.unwrap() as Shape;
    if (path[0] === 'shards' && depth === 1) {
      const known = providerIds.find((id) => id === provider);
      at = known && (providers[known].schema as unknown as Shape);
    } else at = (typeof key === 'number' ? at?.element : at?.shape?.[String(key)]) as Shape | undefined;
  }
  return Object.keys(at?.shape ?? {});
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'fields with a name and a value',
};

/** What stands in the file, when it is short enough to be shown; a list or a map is only named. */
export function foundAt(node: Node | undefined, value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'fields';
  const written = isScalar(node) && typeof value !== 'string' ? node.source : undefined;
  const text = String(written ?? value);
  if (text.length > 60) return 'a longer text';
  return typeof value === 'string' ? shown(text) : shown(text).slice(1, -1);
}

function wantedType(issue: z.core.$ZodIssueInvalidType, node: Node | undefined, value: unknown): string {
  const wanted = kinds[issue.expected] ?? issue.expected;
  if (issue.expected !== 'string' || (typeof value !== 'number' && typeof value !== 'boolean'))
    return `wanted ${wanted}`;
  return `wanted text: put it in quotes, as "${foundAt(node, value)}"`;
}

function wantedSize(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const small = issue.code === 'too_small';
  const bound = Number(small ? issue.minimum : issue.maximum);
  const units: Readonly<Record<string, string>> = {
    array: bound === 1 ? ' entry' : ' entries',
    string: bound === 1 ? ' character' : ' characters',
  };
  const unit = units[issue.origin] ?? '';
  return `wanted ${small ? 'at least' : 'at most'} ${bound}${unit}`;
}

/** The name that was most likely meant: it differs in two letters at most. */
export function meant(key: string, known: readonly string[]): string | undefined {
  return known.find((name) => distance(key.toLowerCase(), name.toLowerCase()) <= 2);
}

/** The issues without those that follow from another: a field is missing where its name is misspelled, and a text is no list of a length. */
export function withoutEchoes(
  issues: readonly z.core.$ZodIssue[],
  providerAt: (path: readonly PropertyKey[]) => unknown,
): z.core.$ZodIssue[] {
  const misspelled = new Set(
    issues.flatMap((issue) => {
      if (issue.code !== 'unrecognized_keys') return [];
      const known = fieldsAt(issue.path, providerAt(issue.path), deploymentSchema);
      return issue.keys.map((key) => placeName([...issue.path, meant(key, known) ?? '']));
    }),
  );
  const told = issues.filter(({ code, path }) => code !== 'invalid_type' || !misspelled.has(placeName(path)));
  // One value is one mistake: what is no list is not also too short, and what no computer counts is above every bound.
  const chosen = new Map<string, z.core.$ZodIssue>();
  for (const issue of told) {
    const place = placeName(issue.path);
    if (issue.code !== 'unrecognized_keys' && chosen.get(place)?.code !== 'invalid_type')
      chosen.set(place, issue);
  }
  return told.filter(
    (issue) => issue.code === 'unrecognized_keys' || chosen.get(placeName(issue.path)) === issue,
  );
}

/** The issue in one line. `node` and `value` are what stands at its path; `provider` is that of the shard it is in; `schema` is that of the file. */
export function describeIssue(
  issue: z.core.$ZodIssue,
  node: Node | undefined,
  value: unknown,
  provider: unknown,
  schema: z.ZodType = deploymentSchema,
): string {
  const place = issue.path.length > 0 ? `${placeName(issue.path)}: ` : '';
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const known = fieldsAt(issue.path, provider, schema);
    const near = meant(key, known);
    const question = near === undefined ? '' : `; did you mean "${near}"?`;
    return `${place}there is no field ${shown(key.slice(0, 60))}${question}; known: ${known.join(', ')}`;
  }
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) {
    const known = `known: ${providerIds.join(', ')}`;
    return `${place}unknown ${issue.discriminator}; ${known}; found ${foundAt(node, value)}`;
  }
  const found = `; found ${foundAt(node, value)}`;
  if (issue.code === 'invalid_type') {
    if (value === undefined || value === null) {
      const wanted = kinds[issue.expected] ?? issue.expected;
      return `${place}is missing; wanted ${wanted}`;
    }
    return `${place}${wantedType(issue, node, value)}${found}`;
  }
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    const own = issue.message.startsWith('wanted ') ? issue.message : wantedSize(issue);
    return `${place}${own}${found}`;
  }
  if (issue.code === 'invalid_value') {
    return `${place}wanted ${issue.values.map(String).join(' or ')}${found}`;
  }
  return `${place}${issue.message}${found}`;
}
