/** Changes of single lines of a page: the mistakes that a hand makes in a command or in its output. Pure. */
import { providerTools } from '../../providers/stand-ins';
import { optionsOf } from '../shell/shell-lines';

export const lineOperators = {
  'option-deleted': 'An option is gone, with its value.',
  'switch-deleted': 'An option is gone; the word after it stays.',
  'number-changed': 'A number is one too high.',
  'value-changed': 'A value of the deployment is replaced by a wrong one.',
  'region-changed': 'Another region.',
  'provider-changed': 'The command of another provider.',
  'file-changed': 'Another file of the same page.',
  'redirection-changed': 'A file is appended to instead of replaced, or the other way round.',
  'output-line-changed': 'A line of it is wrong.',
} as const;
export type LineOperator = keyof typeof lineOperators;

const region =
  /\b(?:us|eu|ap|sa|ca|af|me|il)-(?:(?:north|south|east|west|central)+)-?\d\b|\{\{shard\.(?:region|replicaRegion|location)\}\}/g;
const template = /\{\{[^{}]+\}\}/g;
const fileName =
  /(?<![\w/=$.-])(?:[\w-]|\{\{[^{}]+\}\})+\.(?:txt|bin|json|key|b64|plain|vault|pem|log|html|png|export|sig)\b/g;

/** A change at one place of a line: the operator, and the whole line with it. */
export type LineChange = readonly [LineOperator, string];

function replaced(text: string, start: number, end: number, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

function numberChanges(text: string, except?: RegExp): string[] {
  const mask = (match: string) => '_'.repeat(match.length);
  const hidden = (except ? text.replace(except, mask) : text).replace(template, mask);
  return [...hidden.matchAll(/(?<![A-Za-z\d])\d+(?![A-Za-z\d])/g)].map((match) => {
    const next = (BigInt(match[0]) + 1n).toString().padStart(match[0].length, '0');
    return replaced(text, match.index, match.index + match[0].length, next);
  });
}

/** Changes of a line of a command. `expanded` is what the reader sees of it; `files` are the file names of the page. */
export function commandChanges(text: string, expanded: string, files: readonly string[]): LineChange[] {
  const changes: LineChange[] = [];
  for (const { start, end, valueEnd } of optionsOf(text)) {
    const rest = (at: number) =>
      text.slice(0, start).trimEnd() === ''
        ? text.slice(0, start) + text.slice(at).trimStart()
        : text.slice(0, start).trimEnd() + text.slice(at);
    changes.push(['option-deleted', rest(valueEnd)]);
    // A file after an option may be an argument of its own.
    const word = text.slice(end, valueEnd);
    if (/[*]/.test(word) || new RegExp(fileName.source).test(word))
      changes.push(['switch-deleted', rest(end)]);
  }
  for (const after of numberChanges(text)) changes.push(['number-changed', after]);
  const values = new RegExp(
    `^${text
      .split(template)
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('(.*?)')}$`,
  ).exec(expanded);
  [...text.matchAll(template)].forEach((match, index) => {
    if (new RegExp(`^${region.source}$`).test(match[0])) return;
    const shown = values?.[index + 1] ?? '';
    const wrong = /^\d+$/.test(shown) ? `${match[0]}0` : `${match[0]}x`;
    changes.push(['value-changed', replaced(text, match.index, match.index + match[0].length, wrong)]);
  });
  for (const match of text.matchAll(region)) {
    const other = expanded.includes('eu-north-1') ? 'sa-east-1' : 'eu-north-1';
    changes.push(['region-changed', replaced(text, match.index, match.index + match[0].length, other)]);
  }
  const tool = new RegExp(`(?<=^|[|(;&]\\s*|=\\S* )(?:${providerTools.join('|')})(?= )`).exec(text);
  if (tool) {
    const other = providerTools[(providerTools.indexOf(tool[0]) + 1) % providerTools.length] as string;
    changes.push(['provider-changed', replaced(text, tool.index, tool.index + tool[0].length, other)]);
  }
  for (const match of text.matchAll(fileName)) {
    const ending = (name: string) => name.slice(name.lastIndexOf('.'));
    const others = files.filter((name) => name !== match[0]);
    const other = others.find((name) => ending(name) === ending(match[0])) ?? others[0];
    if (other === undefined) continue;
    changes.push(['file-changed', replaced(text, match.index, match.index + match[0].length, other)]);
  }
  for (const match of text.matchAll(/(?<![<>&\d=-])>{1,2}(?![>&(=])/g)) {
    const other = match[0] === '>' ? '>>' : '>';
    changes.push(['redirection-changed', replaced(text, match.index, match.index + match[0].length, other)]);
  }
  return changes;
}

/** Changes of a line that the reader should see. A placeholder by another name is still a placeholder: it stays. */
export function outputChanges(text: string): LineChange[] {
  if (text === '...') return [];
  const numbers = numberChanges(text, /<[A-Z][^<>]*>/g).slice(0, 1);
  return [['output-line-changed', numbers[0] ?? `${text}x`]];
}

/** Names of files in lines of commands, each once, in order. */
export function fileNames(lines: readonly string[]): string[] {
  return [...new Set(lines.flatMap((text) => text.match(fileName) ?? []))].sort();
}
