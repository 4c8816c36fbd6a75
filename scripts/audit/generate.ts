/** What follows from the schemas of the audit: static/schemas and the tables of the reference pages. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ACTION_GROUPS, type AuditAction, needsWitness } from '../../src/audit/actions';
import { RULES } from '../../src/audit/event';
import { exampleTrail } from '../../src/audit/example';
import { formatHead, headWords } from '../../src/audit/head';
import { attestationsJsonSchema, ceremonyLogJsonSchema, eventJsonSchema } from '../../src/audit/schema';
import { STANDINGS } from '../../src/audit/standing';
import { PROBLEM_KINDS } from '../../src/audit/verdict';
import { AUDIT_COMMANDS } from '../sss/audit/cli';

const SCHEMAS = {
  'static/schemas/audit-event.schema.json': eventJsonSchema,
  'static/schemas/ceremony-log.schema.json': ceremonyLogJsonSchema,
  'static/schemas/attestations.schema.json': attestationsJsonSchema,
};
const EXAMPLE = 'static/schemas/audit-trail.example.jsonl';
const FORMAT_PAGE = 'docs/audit/audit-trail.mdx';
const ACTIONS_PAGE = 'docs/audit/actions.mdx';

interface Property {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
}

const cell = (text: string) => text.replaceAll('|', '\\|');
const row = (...cells: string[]) => `| ${cells.map(cell).join(' | ')} |`;
const table = (heads: string[], rows: string[][]) =>
  [row(...heads), row(...heads.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

function kindOf(name: string, { type, enum: values, minimum, maximum, const: fixed }: Property): string {
  if (fixed !== undefined) return `\`${fixed}\``;
  if (name === 'action') return 'an [action](actions.mdx)';
  if (values) return values.map((value) => `\`${value}\``).join(', ');
  if (type === 'object') return name === 'digests' ? 'names and digests' : 'names and values';
  if (type !== 'integer') return 'text';
  return maximum === Number.MAX_SAFE_INTEGER
    ? `whole number from ${minimum}`
    : `whole number, ${minimum} to ${maximum}`;
}

function fields(): string {
  const { properties, required } = eventJsonSchema() as {
    properties: Record<string, Property>;
    required: string[];
  };
  const rows = Object.entries(properties).map(([name, property]) => [
    `\`${name}\``,
    required.includes(name) ? 'always' : 'where it applies',
    kindOf(name, property),
    property.description ?? '',
  ]);
  return table(['Member', 'Present', 'Value', 'Meaning'], rows);
}

function actions(): string {
  return ACTION_GROUPS.map(({ title, actions: group }) => {
    const rows = Object.entries(group).map(([name, meaning]) => [
      `\`${name}\``,
      meaning,
      needsWitness(name as AuditAction) ? 'two' : 'alone',
    ]);
    return `## ${title}\n\n${table(['Action', 'Meaning', 'People'], rows)}`;
  }).join('\n\n');
}

function exampleHead(): string {
  const { event } = exampleTrail().at(-1) ?? { event: undefined };
  if (!event) throw new RangeError('the example has no record');
  return ['```text', formatHead(event), ...headWords(event.digest), '```'].join('\n');
}

/** Generated parts of each page, by the name in their marker comments. */
const BLOCKS: Record<string, Record<string, () => string>> = {
  [ACTIONS_PAGE]: { actions },
  [FORMAT_PAGE]: {
    example: () => ['```json', exampleTrail()[1]?.line, '```'].join('\n'),
    fields,
    commands: () =>
      table(
        ['Command', 'What it is for'],
        AUDIT_COMMANDS.map(({ name, summary }) => [`\`sss ${name}\``, summary]),
      ),
    head: exampleHead,
    rules: () => RULES.map((rule) => `- ${rule.text}.`).join('\n'),
    standings: () =>
      table(
        ['Verdict', 'Means'],
        Object.entries(STANDINGS).map(([name, text]) => [`**${name}**`, text]),
      ),
    problems: () =>
      table(
        ['Verdict', 'Meaning'],
        Object.entries(PROBLEM_KINDS).map(([kind, text]) => [`\`${kind}\``, text]),
      ),
  },
};

/** A page with each generated part made anew. Throws RangeError when a marker is missing. */
export function withBlocks(file: string, page: string): string {
  return Object.entries(BLOCKS[file] ?? {}).reduce((text, [name, make]) => {
    const [from, to] = [`{/*generated:${name}*/}`, `{/*end:${name}*/}`];
    const [start, end] = [text.indexOf(from), text.indexOf(to)];
    if (start < 0 || end < start) throw new RangeError(`${file}: the markers of "${name}" are missing`);
    return `${text.slice(0, start + from.length)}\n\n${make()}\n\n${text.slice(end)}`;
  }, page);
}

/** Every generated file as it must be, by its path from the root. */
export function generated(root: string): Map<string, string> {
  const pages = Object.keys(BLOCKS).map((file): [string, string] => [
    file,
    withBlocks(file, readFileSync(path.join(root, file), 'utf8')),
  ]);
  const schemas = Object.entries(SCHEMAS).map(([file, schema]): [string, string] => [
    file,
    `${JSON.stringify(schema(), null, 2)}\n`,
  ]);
  const example = exampleTrail().map(({ line }) => `${line}\n`);
  return new Map([...schemas, [EXAMPLE, example.join('')], ...pages]);
}
