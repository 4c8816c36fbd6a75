/** Reads just enough of bash's grammar to find the commands of a block and their options; the blocks are those of the pages. */

/** Lines of one command: first and last 0-based index. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

const openers = /(?:^|[;&|(]\s*|\b(?:then|do|else)\s+)(?:if|for|while|until|case)\b|(?:^|[\s;])\{(?=\s|$)/g;
const closers = /(?:^|[;&|]\s*)(?:fi|done|esac)\b|(?:^|[\s;])\}(?=\s|$|;)/g;

/** What is still open after a line: a quote, substitutions, compound commands. */
interface Open {
  quote: '' | "'" | '"';
  parentheses: number;
  compounds: number;
}

/** Goes over one line; returns it with everything quoted blanked, so that words in quotes are not taken for grammar. */
function scan(line: string, open: Open): string {
  let plain = '';
  for (let index = 0; index < line.length; index++) {
    const character = line[index] as string;
    if (open.quote !== "'" && character === '\\') {
      plain += '__';
      index++;
    } else if (open.quote === '') {
      if (character === "'" || character === '"') open.quote = character;
      if (character === '(') open.parentheses++;
      if (character === ')') open.parentheses--;
      plain += character === "'" || character === '"' ? '_' : character;
      if (character === '#' && /^(?:|.*\s)$/.test(line.slice(0, index))) return plain.slice(0, -1);
    } else {
      if (character === open.quote) open.quote = '';
      plain += '_';
    }
  }
  return plain;
}

/** Divides a block into its commands. Every line belongs to exactly one; empty lines and comments go with the next. */
export function splitCommands(lines: readonly string[]): LineRange[] {
  const ranges: LineRange[] = [];
  const open: Open = { quote: '', parentheses: 0, compounds: 0 };
  let first = 0;
  let documents: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (documents.length > 0) {
      if (line === documents[0] || line.trimStart() === documents[0]) documents = documents.slice(1);
      if (documents.length > 0) continue;
    } else {
      const continued = open.quote !== "'" && /(?:^|[^\\])(?:\\\\)*\\$/.test(line);
      const plain = scan(line, open);
      if (open.quote === '') {
        open.compounds += (plain.match(openers) ?? []).length - (plain.match(closers) ?? []).length;
        documents = [...line.matchAll(/(?<!<)<<-?\s*(['"]?)([A-Za-z_]\w*)\1/g)].map(
          (match) => match[2] as string,
        );
      }
      const wants = plain.trim() === '' || /(?:\||&&)\s*$/.test(plain);
      const unfinished = open.quote !== '' || open.parentheses > 0 || open.compounds > 0;
      if (continued || wants || unfinished || documents.length > 0) continue;
    }
    ranges.push({ first, last: index });
    first = index + 1;
  }
  if (first < lines.length) ranges.push({ first, last: lines.length - 1 });
  return ranges;
}

/** An option in a line: where it stands, and its value when a word follows that could be one. */
export interface Option {
  readonly start: number;
  /** End of the option, `=value` included. */
  readonly end: number;
  /** End of the following word; equal to `end` when there is none. */
  readonly valueEnd: number;
}

const option =
  /(?<=^|[\s(])(?:--[a-z][a-z0-9-]*(?:=(?:"[^"]*"|'[^']*'|[^\s"')]+))?|-[A-Za-z][A-Za-z0-9]*(?:=[^\s"')]+)?)(?=$|[\s)"'])/g;
const value = /^\s+(?![-|&;<>)\\]|\d?>)(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"')|;&<>]+)/;

/** Options of a line of a command, also within double quotes and substitutions, but not within single quotes. */
export function optionsOf(line: string): Option[] {
  const blanked = line.replace(/'[^']*'/g, (text) => `'${'_'.repeat(text.length - 2)}'`);
  return [...blanked.matchAll(option)].map((match) => {
    const end = match.index + match[0].length;
    const following = match[0].includes('=') ? null : value.exec(blanked.slice(end));
    return { start: match.index, end, valueEnd: end + (following?.[0].length ?? 0) };
  });
}
