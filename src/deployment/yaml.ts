/** Every YAML file is read here: bounded in size, depth, entries and aliases, so that a hostile file costs one clear error (YAML 1.2.2). */
import { type Document, isNode, isScalar, Lexer, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { InvalidInput } from './problem';

/** The largest deployment (255 shards) and ten years of attestations stay well below. */
export const YAML_LIMITS = {
  characters: 1 << 20,
  entries: 50_000,
  depth: 32,
  indentation: 128,
  /** Weighted by what the aliases inside an anchor stand for. */
  aliases: 100,
} as const;

/** A file as read: its value, and the line of each part of it. */
export interface YamlFile {
  readonly value: unknown;
  /** Line of the innermost node on a path that is there. */
  lineOf(path: readonly PropertyKey[]): number;
  /** The node at a path, as it is written; undefined where nothing is. */
  nodeAt(path: readonly PropertyKey[]): Node | undefined;
}

/** What is wrong, by its place in the text. */
class Fault extends Error {
  constructor(
    readonly position: number,
    message: string,
  ) {
    super(message);
  }
}

/** YAML 1.2.2 §5.1 allows no other control character; C1 ones are of no use here either. */
function checkCharacters(text: string): void {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code >= 0x20 && code < 0x7f) || code >= 0xa0 || code === 0x0a || code === 0x09 || code === 0x0d)
      continue;
    throw new Fault(at, `holds the control character U+${code.toString(16).toUpperCase().padStart(4, '0')}`);
  }
}

/** Marks of the lexer that are not in the text. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);

/** Measures on tokens, because the parser calls itself: a deep file would end the whole process. */
function checkShape(text: string): void {
  let [position, entries, flow, compact] = [0, 0, 0, 0];
  let atStart = true;
  for (const token of new Lexer().lex(text)) {
    const blank = /^ +$/.test(token);
    if (token === '[' || token === '{') flow++;
    if (token === ']' || token === '}') flow--;
    if (token === '-' || token === '?') compact++;
    if (['-', '?', ':', ',', '[', '{'].includes(token)) entries++;
    if (entries > YAML_LIMITS.entries)
      throw new Fault(position, `has more than ${YAML_LIMITS.entries} entries`);
    const deep = flow > YAML_LIMITS.depth || compact > YAML_LIMITS.depth;
    if (deep || (atStart && blank && token.length > YAML_LIMITS.indentation))
      throw new Fault(position, 'is nested deeper than any file of the runbook');
    if (token.endsWith('\n')) compact = 0;
    atStart = token.endsWith('\n');
    if (!MARKS.has(token)) position += token.length;
  }
}

/** Names and aliases. The library compares each name with each other, which takes minutes on a large file. */
function checkNames(document: Document): void {
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        const position = isNode(key) ? (key.range?.[0] ?? 0) : 0;
        if (key === null || !isScalar(key)) throw new Fault(position, 'has a name that is not a plain text');
        if (key.value === '__proto__') throw new Fault(position, 'has a name that no file may have');
        if (seen.has(key.value)) throw new Fault(position, 'has the same name twice');
        seen.add(key.value);
      }
    },
    Alias(_, alias) {
      if (alias.resolve(document) === undefined)
        throw new Fault(alias.range?.[0] ?? 0, 'has an alias of an anchor that is not above it');
    },
  });
}

/** An alias may stand inside its own anchor, and such a value has no end. */
function checkCycles(value: unknown, above: readonly unknown[] = []): void {
  if (typeof value !== 'object' || value === null) return;
  if (above.includes(value) || above.length > YAML_LIMITS.indentation)
    throw new Fault(0, 'has an alias that contains itself');
  for (const part of Object.values(value)) checkCycles(part, [...above, value]);
}

function expanded(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: YAML_LIMITS.aliases });
  } catch {
    throw new Fault(0, `has aliases that stand for more than ${YAML_LIMITS.aliases} copies`);
  }
}

function parsed(text: string, counter: LineCounter): { document: Document; value: unknown } {
  if (text.length > YAML_LIMITS.characters)
    throw new Fault(0, `is longer than ${YAML_LIMITS.characters} characters`);
  checkCharacters(text);
  checkShape(text);
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: false });
  const [error] = [...document.errors, ...document.warnings];
  if (error)
    throw new Fault(
      error.pos[0],
      `is not YAML: ${error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')}`,
    );
  checkNames(document);
  const value = expanded(document);
  checkCycles(value);
  return { document, value };
}

/**
 * Reads a YAML text. `file` and `rule` only name it in the message.
 * @param before Lines of the file before the text, as those above a front matter.
 * @throws InvalidInput with one problem: the first thing that is wrong, and its line.
 */
export function readYaml(text: string, file: string, rule = 'YAML', before = 0): YamlFile {
  const counter = new LineCounter();
  try {
    const { document, value } = parsed(text, counter);
    const nodeAt = (path: readonly PropertyKey[]) => {
      const node = document.getIn(path, true);
      return isNode(node) ? node : undefined;
    };
    return {
      value,
      nodeAt,
      lineOf(path) {
        for (let depth = path.length; depth > 0; depth--) {
          const range = nodeAt(path.slice(0, depth))?.range;
          if (range) return counter.linePos(range[0]).line + before;
        }
        return 1 + before;
      },
    };
  } catch (error) {
    // Whatever else a parser may throw on a hostile text is the fault of the text.
    const { position, message } = error instanceof Fault ? error : new Fault(0, 'cannot be read');
    const line = text.slice(0, position).split('\n').length + before;
    throw new InvalidInput([{ file, line, rule, message }]);
  }
}
