/**
 * What pages include: a whole file of `docs/`, or one of the named partials of a file, as in
 * `<Include file="_providers/aws-kms.mdx#decrypt" />`. Such a file holds its front matter, then nothing but
 *
 *   <Partial name="decrypt"> … </Partial>
 */
import { endOfFrontMatter, failAt, type Place, type SourceLine, sourceLines } from './source';

const opening = /^\s*<Partial\s+name="([a-z]+(?:-[a-z]+)*)">\s*$/;
const closing = /^\s*<\/Partial>\s*$/;
const anyTag = /^\s*<\/?Partial\b/;

const isBlank = ({ text }: SourceLine) => text.trim() === '';

/** The text of a file without the front matter, which must be closed where there is one. */
function withoutFrontMatter(lines: readonly SourceLine[]): readonly SourceLine[] {
  const end = endOfFrontMatter(lines);
  if (end < 0) failAt(lines[0] as SourceLine, 'the front matter is not closed');
  return end === 0 ? lines : lines.slice(end + 1);
}

/** Lines without the blank ones at both ends, so that rows of a table may follow one another. */
function trimmed(lines: readonly SourceLine[]): readonly SourceLine[] {
  const first = lines.findIndex((line) => !isBlank(line));
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex((line) => !isBlank(line)) + 1);
}

/** The named partials of a file, in its order; none where the file is one partial as a whole. */
function namedPartials(lines: readonly SourceLine[]): Map<string, readonly SourceLine[]> {
  const found = new Map<string, SourceLine[]>();
  let open: { readonly at: SourceLine; readonly name: string; readonly body: SourceLine[] } | undefined;
  const outside: SourceLine[] = [];
  for (const line of lines) {
    const name = opening.exec(line.text)?.[1];
    if (name !== undefined) {
      if (open !== undefined) failAt(line, `<Partial> inside <Partial name="${open.name}">`);
      if (found.has(name)) failAt(line, `a second <Partial name="${name}">`);
      open = { at: line, name, body: [] };
    } else if (closing.test(line.text)) {
      if (open === undefined) failAt(line, '</Partial> without its opening tag');
      found.set(open.name, open.body);
      open = undefined;
    } else if (anyTag.test(line.text)) {
      failAt(
        line,
        `cannot read "${line.text.trim()}"; wanted <Partial name="…"> with small letters and dashes`,
      );
    } else {
      (open?.body ?? outside).push(line);
    }
  }
  if (open !== undefined) failAt(open.at, `<Partial name="${open.name}"> is not closed`);
  const stray = outside.find((line) => !isBlank(line));
  if (found.size > 0 && stray !== undefined) failAt(stray, 'text outside of every <Partial>');
  return new Map([...found].map(([name, body]) => [name, trimmed(body)]));
}

/**
 * Lines of a partial: of the file as a whole, or of the one that is named. Throws InvalidInput at `from`, the place that
 * includes it, where there is none of that name, and in the file itself where it is broken.
 */
export function partialLines(
  file: string,
  text: string,
  name: string | undefined,
  from: Place,
): readonly SourceLine[] {
  const lines = withoutFrontMatter(sourceLines(file, text.replace(/\n$/, '')));
  const named = namedPartials(lines);
  if (name === undefined) {
    const [one] = named.keys();
    return one === undefined
      ? lines
      : failAt(from, `${file} holds several partials; wanted one, as ${file}#${one}`);
  }
  if (named.size === 0) failAt(from, `${file} is one partial and has none of its own, such as #${name}`);
  return (
    named.get(name) ??
    failAt(from, `there is no partial ${file}#${name}; known: ${[...named.keys()].join(', ')}`)
  );
}

/** Name of the partial that a line of a file stands in; undefined where the file is one partial, or a page. `line` is 1-based. */
export function partialAround(lines: readonly string[], line: number): string | undefined {
  const start = lines.slice(0, line).findLast((text) => opening.test(text) || closing.test(text));
  return start === undefined ? undefined : opening.exec(start)?.[1];
}
