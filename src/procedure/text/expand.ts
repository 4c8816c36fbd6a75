/**
 * Expands a page: `<Include>`, `<EachShard>`, `<EachProvider>` and `<When>` directives and `{{values}}`, at the level of text and before
 * MDX is parsed, so that the site and the drill see the very same page. Every line remembers the file it comes from.
 *
 * A directive stands alone on its line:
 *   <Include file="_partials/recovery-shell.mdx" />      path from docs/, and #NAME where the file has named partials;
 *                                                        letter="P", step="…" and folder="…" set {{letter}}, {{step}}
 *                                                        and {{folder}} in it: the id of the step around it, and the
 *                                                        name of its folder in memory; look="02" numbers the step
 *                                                        that looks at a key; sink="prove" says what becomes
 *                                                        of a shard that its provider decrypts (sinks.ts)
 *   <EachShard where="medium=wrapped"> … </EachShard>    once a shard, in order, with {{shard.…}} bound
 *   <EachShard where="medium=wrapped" key="next"> … </EachShard>
 *                                                        the same, under the names of the keys that replace the present ones
 *   <EachShard where="medium=wrapped" key="next-set"> … </EachShard>
 *                                                        and {{key.generation}} is the next one: a page makes a new set
 *   <EachProvider where="medium=wrapped"> … </EachProvider>
 *                                                        once a provider and tool, in the order and with the values of its first shard
 *   <Refusals file="_providers/aws-kms.mdx" />           a row for each refusal that the file lists (refusals.ts)
 *   <When where="provider=aws-kms"> … <Otherwise /> … </When>
 *                                                        inside <EachShard>: that shard; outside: any shard
 *   <When given="service"> … </When>                      where the deployment has this part, which it may leave out
 */
import { type Shard, withNextKey } from '../../deployment/deployment';
import { partialLines } from './partial';
import { decidedOtherwise, readProposals } from './proposals';
import { PageQuoting } from './quoting';
import { parseRefusals, rowOf } from './refusals';
import { isSink, sinks } from './sinks';
import {
  endOfFrontMatter,
  failAt,
  type Place,
  type ReadPartial,
  type SourceLine,
  sourceLines,
} from './source';
import { type Scope, substitute, valueNamed, valuesOf } from './values';
import { readFacts } from './vendor-facts';
import { parseWhere } from './where';

/** Partials in partials in partials …: a page that is nested deeper is a mistake, most likely a circle. */
const maximumDepth = 8;

const opening = /^\s*<(Include|Refusals|EachShard|EachProvider|When)(\s[^>]*?)?(\/?)>\s*$/;
type BlockName = 'EachShard' | 'EachProvider' | 'When';
const attributesOf: Readonly<Record<BlockName, readonly string[]>> = {
  EachShard: ['where', 'key'],
  EachProvider: ['where'],
  When: ['where', 'given'],
};

/** Parts of a deployment that it may leave out, and on which a page can ask. */
const optionalParts = ['service'] as const;
const isOptionalPart = (name: string): name is (typeof optionalParts)[number] =>
  optionalParts.some((part) => part === name);

const closing = /^\s*<\/(EachShard|EachProvider|When)>\s*$/;
const otherwise = /^\s*<Otherwise\s*\/>\s*$/;

function attributes(text: string, allowed: readonly string[], place: Place): Record<string, string> {
  const found: Record<string, string> = {};
  const rest = text.replace(/([A-Za-z]+)="([^"]*)"/g, (_, name: string, value: string) => {
    if (!allowed.includes(name)) failAt(place, `unknown attribute "${name}"; known: ${allowed.join(', ')}`);
    found[name] = value;
    return '';
  });
  if (rest.trim() !== '') failAt(place, `cannot read "${rest.trim()}"; wanted name="value"`);
  return found;
}

interface Block {
  readonly body: SourceLine[];
  readonly alternative: SourceLine[];
  /** Index of the line after the closing tag. */
  readonly end: number;
}

function readBlock(lines: readonly SourceLine[], start: number, name: string): Block {
  const opened = lines[start] as SourceLine;
  const parts: [SourceLine[], SourceLine[]] = [[], []];
  let part: 0 | 1 = 0;
  const open = [name];
  for (let index = start + 1; index < lines.length; index++) {
    const line = lines[index] as SourceLine;
    const openedTag = opening.exec(line.text);
    const closedTag = closing.exec(line.text);
    if (openedTag && openedTag[1] !== 'Include' && openedTag[1] !== 'Refusals')
      open.push(openedTag[1] as string);
    if (closedTag) {
      if (closedTag[1] !== open.at(-1)) failAt(line, `</${closedTag[1]}> closes <${open.at(-1)}>`);
      open.pop();
      if (open.length === 0) return { body: parts[0], alternative: parts[1], end: index + 1 };
    }
    if (otherwise.test(line.text) && open.length === 1 && name === 'When') {
      if (part === 1) failAt(line, 'a second <Otherwise />');
      part = 1;
    } else {
      parts[part].push(line);
    }
  }
  return failAt(opened, `<${name}> is not closed`);
}

function condition(text: string, place: Place): (shard: Shard) => boolean {
  try {
    return parseWhere(text);
  } catch (error) {
    return failAt(place, (error as Error).message);
  }
}

/** The scope in which a page speaks of the set that it makes: the next generation, with labels of its own. */
function nextSet(scope: Scope): Scope {
  const { deployment } = scope;
  const key = { ...deployment.key, generation: deployment.key.generation + 1 };
  return { ...scope, deployment: { ...deployment, key }, setMark: 'NEW_' };
}

/** The rows of a file, each at the line on which it begins there. */
function refusalRows(path: string, read: ReadPartial, from: Place): SourceLine[] {
  const text = read(path) ?? failAt(from, `there is no file ${path}`);
  const starts = sourceLines(path, text).filter((line) => /^\s*- see: /.test(line.text));
  const rows = parseRefusals(path, text)?.rows ?? failAt(from, `${path} lists no refusals`);
  return rows.map((row, index) => ({ text: rowOf(row), file: path, line: starts[index]?.line ?? 1 }));
}

function expandLines(
  lines: readonly SourceLine[],
  scope: Scope,
  read: ReadPartial,
  quoting: PageQuoting,
  depth: number,
): SourceLine[] {
  const values = valuesOf(scope);
  const result: SourceLine[] = [];
  for (let index = 0; index < lines.length; ) {
    const line = lines[index] as SourceLine;
    // The page says what is a directive, and no value does.
    const isDirective = opening.test(line.text);
    let printed: string[];
    try {
      printed = isDirective
        ? [substitute(line.text, values)]
        : quoting.lines(line.text, (name) => valueNamed(name, values));
    } catch (error) {
      // A <EachShard> inside binds more values; only a line that is about to be printed must resolve.
      return failAt(line, (error as Error).message);
    }
    const [text = ''] = printed;
    const directive = isDirective ? opening.exec(text) : null;
    if (!directive) {
      if (closing.test(text) || otherwise.test(text)) failAt(line, `${text.trim()} without its opening tag`);
      result.push(...printed.map((each) => ({ ...line, text: each })));
      index++;
      continue;
    }
    const [, name, written = '', selfClosing] = directive;
    if (name === 'Include') {
      if (!selfClosing) failAt(line, '<Include> must close itself: <Include file="…" />');
      const { file, sink, ...given } = attributes(
        written,
        ['file', 'letter', 'step', 'folder', 'look', 'sink'],
        line,
      );
      if (!file) failAt(line, '<Include> lacks file="…"');
      const [path = '', partial] = `docs/${file}`.split('#');
      const content = read(path);
      if (content === undefined) failAt(line, `there is no partial ${path}`);
      if (depth >= maximumDepth)
        failAt(line, `partials are nested more than ${maximumDepth} deep: a circle?`);
      const body = partialLines(path, content, partial, line);
      if (sink !== undefined && !isSink(sink))
        return failAt(line, `sink="${sink}": wanted ${Object.keys(sinks).join(', ')}`);
      result.push(
        ...expandLines(body, { ...scope, ...given, ...(sink && { sink }) }, read, quoting, depth + 1),
      );
      index++;
      continue;
    }
    if (name === 'Refusals') {
      const { file = '' } = attributes(written, ['file'], line);
      const rows = refusalRows(`docs/${file}`, read, line);
      result.push(...expandLines(rows, scope, read, quoting, depth + 1));
      index++;
      continue;
    }
    if (selfClosing) failAt(line, `<${name}> needs a body and </${name}>`);
    const { where = '', key, given } = attributes(written, attributesOf[name as BlockName], line);
    if (key !== undefined && key !== 'next' && key !== 'next-set')
      failAt(line, `key="${key}": wanted key="next" or key="next-set"`);
    const holds = condition(where, line);
    const block = readBlock(lines, index, name as string);
    if (name !== 'When') {
      const shards = scope.deployment.shards.filter(holds);
      const firsts = shards.filter(
        ({ provider, tool }, n) =>
          shards.findIndex((one) => one.provider === provider && one.tool === tool) === n,
      );
      for (const shard of name === 'EachProvider' ? firsts : shards) {
        const bound = key === undefined || shard.medium === 'paper' ? shard : withNextKey(shard);
        const inner = key === 'next-set' ? nextSet(scope) : scope;
        result.push(...expandLines(block.body, { ...inner, shard: bound }, read, quoting, depth));
      }
    } else {
      if (given !== undefined && !isOptionalPart(given))
        return failAt(line, `given="${given}": wanted ${optionalParts.join(', ')}`);
      const { shard, deployment } = scope;
      const chosen =
        (given === undefined || deployment[given] !== undefined) &&
        (shard ? holds(shard) : deployment.shards.some(holds));
      result.push(...expandLines(chosen ? block.body : block.alternative, scope, read, quoting, depth));
    }
    index = block.end;
  }
  return result;
}

/**
 * Expands the text of a page; under its front matter stands what was decided otherwise than it says.
 * Throws InvalidInput with `file:line` for a broken directive or an unknown value.
 */
export function expandPage(file: string, text: string, scope: Scope, read: ReadPartial): SourceLine[] {
  const proposals = readProposals(read);
  const whole = { ...scope, facts: readFacts(read), proposals };
  const expand = (lines: readonly SourceLine[]) => expandLines(lines, whole, read, new PageQuoting(), 0);
  const lines = expand(sourceLines(file, text));
  const notice = expand(decidedOtherwise(lines, proposals));
  const end = endOfFrontMatter(lines) + 1;
  return notice.length === 0 ? lines : [...lines.slice(0, end), ...notice, ...lines.slice(end)];
}
