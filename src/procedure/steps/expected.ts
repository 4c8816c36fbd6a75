/**
 * The language of "You should see" fences: literal lines, `...` alone for any number of lines, `<NAME>` for a typed
 * value. No similarity and no regular expression, so that a reader and the drill compare in the same way.
 */

/** SHA-256 of nothing: what a digest command prints when the step before it has left an empty file. */
export const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const date = '[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])';
const time = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]+)?';
const digest = `(?!${emptySha256})[0-9a-f]{64}`;

/** Every placeholder that a page may use. `pattern` is the source of a regular expression without capturing groups. */
export const placeholders: Readonly<Record<string, { readonly pattern: string; readonly meaning: string }>> =
  {
    LABEL: {
      pattern: '[0-9A-F]{4}-(?:00[1-9]|0[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])',
      meaning: 'the label of a shard, such as 9F3A-083',
    },
    SET_ID: { pattern: '[0-9a-f]{16}', meaning: 'the id of a set: 16 hexadecimal digits' },
    KCV: { pattern: '[0-9a-f]{8}', meaning: 'a key check value: 8 hexadecimal digits' },
    COMMITMENT: { pattern: digest, meaning: 'the commitment to a key: 64 hexadecimal digits' },
    SHA256: {
      pattern: digest,
      meaning: 'a SHA-256 digest: 64 hexadecimal digits, never the digest of nothing',
    },
    DIGEST_WORDS: {
      pattern: '[A-Za-z]+(?:[ -][A-Za-z]+){3,}',
      meaning: 'a digest in words, to be read aloud: four or more words',
    },
    FINGERPRINT: { pattern: 'SHA256:[A-Za-z0-9+/]{43}', meaning: 'the fingerprint of an SSH key' },
    TIMESTAMP: {
      pattern: `${date}T${time}(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])`,
      meaning: 'a time as in RFC 3339, such as 2026-01-05T09:30:00Z',
    },
    SQL_TIMESTAMP: {
      pattern: `${date} ${time}[+-](?:[01][0-9]|2[0-3])(?::[0-5][0-9])?`,
      meaning: 'a time as PostgreSQL prints it, such as 2026-01-05 09:30:00+00',
    },
    DATE: { pattern: date, meaning: 'a date, such as 2026-01-05' },
    KEY_ARN: {
      pattern: `arn:aws(?:-[a-z]+)*:kms:[a-z]{2,4}(?:-[a-z]+)+-[0-9]:[0-9]{12}:key/(?:${uuid}|mrk-[0-9a-f]{32})`,
      meaning: 'the ARN of an AWS KMS key',
    },
    UUID: { pattern: uuid, meaning: 'a UUID in lower case' },
    FOLDER: { pattern: '/[^ ,<>]+', meaning: 'the full name of a folder, such as /dev/shm/recovery' },
    AWS_PREFIX: {
      pattern: '(?:aws: \\[ERROR\\]: (?:An error occurred \\([A-Za-z]+\\): )?)?',
      meaning: 'nothing, or from releases of the AWS CLI since December 2025 "aws: [ERROR]: "',
    },
    URL: { pattern: 'https://[A-Za-z0-9.:/-]+', meaning: 'an address, such as https://kms.example/' },
    REASON: { pattern: '\\S[^\\n]*', meaning: 'what a tool says of a failure, on one line' },
    INTEGER: { pattern: '(?:0|[1-9][0-9]*)', meaning: 'a whole number without sign or leading zeros' },
    VERSION: { pattern: '[0-9]+(?:\\.[0-9]+)+', meaning: 'the version of a tool, such as 3.0.17' },
  };

const anyLines = '...';
const placeholder = /<([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)>/g;

/** Values captured in one run: `LABEL_2` or `LABEL_NEW_2` → `9F3A-083`. The drill passes one along and may bind known values first. */
export type Bindings = Map<string, string>;

/** The pattern of a name: the type that it begins with. What follows tells values of one type apart. */
function patternOf(name: string): string | undefined {
  if (/_0/.test(name)) return undefined;
  const words = name.split('_');
  for (let count = words.length; count > 0; count--) {
    const type = placeholders[words.slice(0, count).join('_')];
    if (type) return type.pattern;
  }
  return undefined;
}

/** Binds a value known beforehand. Throws RangeError on an unknown name, or a value that is not of its type. */
export function bind(bindings: Bindings, name: string, value: string): void {
  const pattern = patternOf(name);
  if (pattern === undefined) throw new RangeError(unknownPlaceholder(name));
  if (!new RegExp(`^(?:${pattern})$`).test(value)) {
    throw new RangeError(
      `placeholder <${name}>: the value is not of its type: ${JSON.stringify(value.slice(0, 80))}`,
    );
  }
  bindings.set(name, value);
}

function unknownPlaceholder(name: string): string {
  const known = Object.keys(placeholders).map((each) => `<${each}>`);
  return `unknown placeholder <${name}>; known: ${known.join(', ')}, each also with words or a number, as <LABEL_2> or <LABEL_NEW_2>`;
}

/** The lines of a text. One newline at the end belongs to the last line; further ones are empty lines. */
export function outputLines(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** What is wrong with the lines of an output fence; `line` is the 0-based index. An empty array is good. */
export function checkExpected(lines: readonly string[]): { line: number; message: string }[] {
  const wrong: { line: number; message: string }[] = [];
  lines.forEach((text, line) => {
    const report = (message: string) => wrong.push({ line, message });
    for (const [, name = ''] of text.matchAll(placeholder)) {
      if (patternOf(name) === undefined) report(unknownPlaceholder(name));
    }
    const touching = /(<[A-Z][A-Z0-9_]*>)(<[A-Z][A-Z0-9_]*>)/.exec(text);
    if (touching) report(`${touching[1]} and ${touching[2]} touch; wanted text between them`);
    if (text !== anyLines && /^\s*(?:\.{3}|…)\s*$/.test(text))
      report(`"${text}" is not "...", exactly three periods`);
    if (text === anyLines && lines[line - 1] === anyLines) report('"..." twice in a row; wanted one');
  });
  if (lines.length > 0 && lines.every((text) => text === anyLines)) {
    wrong.push({ line: 0, message: '"..." alone accepts everything; wanted at least one line' });
  }
  return wrong;
}

const quote = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Matches one line whole. Returns the values that it captured, or undefined. Throws RangeError on an unknown name. */
function matchLine(wanted: string, found: string, bindings: Bindings): Bindings | undefined {
  const names: string[] = [];
  let source = '';
  let end = 0;
  for (const match of wanted.matchAll(placeholder)) {
    const name = match[1] ?? '';
    const pattern = patternOf(name);
    if (pattern === undefined) throw new RangeError(unknownPlaceholder(name));
    const bound = bindings.get(name);
    source += quote(wanted.slice(end, match.index));
    if (bound !== undefined) source += quote(bound);
    else if (names.includes(name)) source += `(?:\\${names.indexOf(name) + 1})`;
    else source += `(${pattern})`;
    if (bound === undefined && !names.includes(name)) names.push(name);
    end = match.index + match[0].length;
  }
  if (end === 0) return wanted === found ? new Map() : undefined;
  const values = new RegExp(`^${source}${quote(wanted.slice(end))}$`).exec(found);
  return values ? new Map(names.map((name, index) => [name, values[index + 1] ?? ''])) : undefined;
}

export type ExpectedMatch =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** 0-based index of the expected line that has no match; the number of expected lines when output is left over. */
      readonly expectedLine: number;
      /** The expected line, with the values that are known by now; null when nothing more was expected. */
      readonly wanted: string | null;
      /** The line that stands there; null when the output ended, or when no line after a `...` fits. */
      readonly found: string | null;
    };

/** How many lines of a block (lines between two `...`) match from `start` on, and what they captured. */
function matchBlock(block: readonly string[], actual: readonly string[], start: number, bindings: Bindings) {
  const captured: Bindings = new Map(bindings);
  let count = 0;
  for (const wanted of block) {
    const found = actual[start + count];
    const values = found === undefined ? undefined : matchLine(wanted, found, captured);
    if (!values) break;
    for (const [name, value] of values) captured.set(name, value);
    count++;
  }
  return { count, captured };
}

/**
 * Compares what a command printed with the lines of its output fence.
 *
 * Lines are compared whole, blanks included. One newline at the end of the output is neither wanted nor minded; each
 * further one is an empty line that the fence must show. `...` takes as few lines as it can, also none, and is not
 * reconsidered: the lines after it are the first that fit. A placeholder takes the value already bound to its name;
 * otherwise its first match is bound. `bindings` grows only when everything matched.
 * Throws RangeError on an unknown placeholder (`checkExpected` finds those earlier).
 */
export function matchExpected(expected: readonly string[], text: string, bindings: Bindings): ExpectedMatch {
  const actual = outputLines(text);
  let captured: Bindings = new Map(bindings);
  let position = 0;
  let floating = false;
  const known = (line: string) =>
    line.replace(placeholder, (whole, name: string) => captured.get(name) ?? whole);
  const fail = (expectedLine: number, found: string | undefined): ExpectedMatch => {
    const wanted = expected[expectedLine];
    return {
      ok: false,
      expectedLine,
      wanted: wanted === undefined ? null : known(wanted),
      found: found ?? null,
    };
  };
  for (let first = 0; first <= expected.length; ) {
    const end = expected.indexOf(anyLines, first);
    const block = expected.slice(first, end < 0 ? expected.length : end);
    const anchored = end < 0;
    // The last block ends with the output, so a floating one has a single place to stand.
    const last = floating ? actual.length - block.length : position;
    let start = floating && anchored ? Math.max(last, position) : position;
    let best = { start, ...matchBlock(block, actual, start, captured) };
    while (best.count < block.length && ++start <= last) {
      const next = matchBlock(block, actual, start, captured);
      if (next.count > best.count || next.count === block.length) best = { start, ...next };
    }
    if (best.count < block.length) {
      const nothingFits = floating && !anchored && best.count === 0;
      captured = best.captured;
      return fail(first + best.count, nothingFits ? undefined : actual[best.start + best.count]);
    }
    position = best.start + block.length;
    captured = best.captured;
    if (anchored) break;
    floating = true;
    first = end + 1;
  }
  if (position < actual.length) return fail(expected.length, actual[position]);
  for (const [name, value] of captured) bindings.set(name, value);
  return { ok: true };
}
