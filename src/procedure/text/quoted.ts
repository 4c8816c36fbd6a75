/** Quotes a value for prose of MDX, YAML, JSON and Mermaid. What needs no quotes is printed as it is. */

export type Value = string | number;

/** A value that no quotes can carry to the place where it stands. The caller adds file, line and name. */
export class Unquotable extends RangeError {}

/** A literal in a basic regular expression (POSIX.1-2017 section 9.3), also between the slashes of `sed`. */
export const basicPattern = (text: string): string => text.replace(/[\\.*[\]^$/]/g, '\\$&');

/** Text that begins a block of MDX: what would be a heading, a list, an import is escaped. */
const blockStart = (text: string): string =>
  text
    .replace(/^[#+\-=:>~]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/^[ie](?=mport\b|xport\b)/, (letter) => `&#${letter.charCodeAt(0)};`);

/** Text in the prose of MDX: what would be emphasis, code, a link, a cell, a tag or an expression is escaped. */
const prose = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]<>|~$]/g, '\\$&')
    .replace(/&(?=#?[A-Za-z0-9]+;)/g, '\\&')
    .replace(/:(?=[A-Za-z])/g, '\\:');

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** For the prose of a page; `before` is the line up to the value. Throws Unquotable. */
export function inProse(value: Value, before: string): string {
  const text = String(value);
  if (typeof value === 'number') return text;
  if ((before.match(/(?<!\\)`/g) ?? []).length % 2 === 1) {
    if (text.includes('`')) throw new Unquotable('it holds a backtick and stands in inline code');
    return /^\s*\|/.test(before) ? text.replaceAll('|', '\\|') : text;
  }
  if (/=\s*"[^"]*$/.test(before)) return attribute(text);
  if (/\]\([^)\s]*$/.test(before)) return encodeURI(text).replace(/[()]/g, '\\$&');
  return /^\s*(?:>\s*|[-*+]\s+|\d+\.\s+)*$/.test(before) ? blockStart(prose(text)) : prose(text);
}

/** Words that YAML takes for text: no sign of a structure, and nothing that is a number, a date or has a meaning. */
const plainScalar =
  /^(?!(?:true|false|null|yes|no|on|off|[yn])$)\p{L}(?:[\p{L}\p{N}.,;()'/+&@_-]|\s(?!$))*$/iu;

/** The quotes that are still open after a text of YAML or JSON. */
function openQuotes(before: string): string {
  let open = '';
  for (let index = 0; index < before.length; index++) {
    const character = before[index] as string;
    if (open === '"' && character === '\\') index++;
    else if (open === '' && /['"]/.test(character)) open = character;
    else if (character === open) open = '';
  }
  return open;
}

/** For YAML and JSON; `before` and `after` are what the line holds beside the value. Throws Unquotable. */
export function inYaml(value: Value, before: string, after: string): string {
  const text = String(value);
  const open = openQuotes(before);
  if (open === '"') return JSON.stringify(text).slice(1, -1);
  if (open === "'") return text.replaceAll("'", "''");
  if (typeof value === 'number') return text;
  if (/(?:^|[:\-,[{])\s*$/.test(before) && /^\s*(?:$|[,\]}]|\s#)/.test(after))
    return plainScalar.test(text) ? text : JSON.stringify(text);
  if (plainScalar.test(text)) return text;
  throw new Unquotable('it is a part of a text without quotes in YAML');
}

/** For a label of Mermaid in double quotes, which knows `#quot;` and the like. */
export const inMermaid = (value: Value): string =>
  String(value)
    .replace(/#(?=\w+;)/g, '#35;')
    .replaceAll('"', '#quot;');
