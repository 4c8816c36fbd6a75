/** How the AWS CLI prints a response: `--query` with dotted names, `--output` json, text or table. */
import { Exit } from '../exit';

/** Dotted names only: what the runbook prints. The real tool takes all of JMESPath. */
export function queryPath(query: string | undefined): readonly string[] {
  if (query === undefined) return [];
  if (!/^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/.test(query)) {
    throw new Exit(252, `\nBad value for --query ${query}: wanted names joined by dots\n`);
  }
  return query.split('.');
}

/** The member of a response that a query path names; null where there is none. */
export function select(response: Record<string, unknown>, path: readonly string[]): unknown {
  let value: unknown = response;
  for (const name of path) {
    const record = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
    value = Object.hasOwn(record, name) ? (record as Record<string, unknown>)[name] : null;
  }
  return value;
}

/** A value as JSON can hold it: blobs in base64. */
export function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
  }
  return value;
}

/** Prints a value in the format that flag, environment or configuration ask for; `title` is the operation's name. */
export function render(selected: unknown, output: string, title: string): string {
  const value = plain(selected);
  switch (output) {
    case 'json':
      return `${JSON.stringify(value, null, 4)}\n`;
    case 'text':
      return `${textRows(value).join('\n')}\n`;
    case 'table':
      return table(value, title);
    default:
      throw new Exit(255, `\nUnknown output type: ${output}\n`);
  }
}

/** The table of a scalar is its title alone; the stand-in draws no others. */
function table(value: unknown, title: string): string {
  if (typeof value === 'object' && value !== null) {
    throw new Exit(255, '\nThe stand-in does not know --output table of more than one value\n');
  }
  return `${'-'.repeat(title.length + 2)}\n|${title}|\n+${'-'.repeat(title.length)}+\n`;
}

/** The text output of scalars, lists of scalars and flat structures; members in alphabetic order, tabs between. */
function textRows(value: unknown): string[] {
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object')) return [value.map(scalar).join('\t')];
    return value.flatMap(textRows);
  }
  if (typeof value !== 'object' || value === null) return [scalar(value)];
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const flat = members.filter(([, member]) => typeof member !== 'object' || member === null);
  const nested = members.filter(([, member]) => typeof member === 'object' && member !== null);
  return [
    ...(flat.length > 0 ? [flat.map(([, member]) => scalar(member)).join('\t')] : []),
    ...nested.flatMap(([name, member]) =>
      (Array.isArray(member) ? member : [member]).flatMap((item) =>
        textRows(item).map((row) => `${name.toUpperCase()}\t${row}`),
      ),
    ),
  ];
}

function scalar(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  return String(value);
}
