/** Typesets formulas once a build: from KaTeX's markup to plain JSON, so that KaTeX itself is not shipped. */
import katex from 'katex';
import type { FormulaNode } from '../components/QuorumCalculator/formula';

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#x27': "'", amp: '&' };
const plain = (text: string): string =>
  text.replace(/&(lt|gt|quot|#x27|amp);/g, (_, name: string) => entities[name] ?? '');

/** `height:1em;top:-2em` → the object that React wants. */
function styleOf(text: string): Record<string, string> {
  const pairs = text.split(';').flatMap((rule): [string, string][] => {
    const [name, value] = rule.split(':');
    if (name === undefined || value === undefined) return [];
    return [[name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()), value]];
  });
  return Object.fromEntries(pairs);
}

function propertiesOf(text: string): Record<string, unknown> {
  return Object.fromEntries(
    [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', raw = '']) => {
      const value = plain(raw);
      if (name === 'class') return ['className', value];
      return name === 'style' ? ['style', styleOf(value)] : [name, value];
    }),
  );
}

/**
 * A formula in TeX as a tree.
 * @throws RangeError when KaTeX's markup is not closed as expected; katex.ParseError for what is no TeX.
 */
export function typeset(tex: string): FormulaNode {
  type Open = [string, Record<string, unknown>, FormulaNode[]];
  const root: Open = ['span', {}, []];
  const open: Open[] = [root];
  for (const [, end, tag, attributes = '', alone, text] of katex
    .renderToString(tex, { throwOnError: true })
    .matchAll(/<(\/)?([\w-]+)((?:\s+[\w-]+="[^"]*")*)\s*(\/)?>|([^<]+)/g)) {
    const inner = open.at(-1);
    if (inner === undefined) throw new RangeError(`KaTeX closed more than it opened: ${tex}`);
    // The site makes addresses of an island's properties relative, and takes what begins with a slash for one.
    if (text?.startsWith('/')) throw new RangeError(`write the slash as \\frac: ${tex}`);
    if (text !== undefined) inner[2].push(plain(text));
    else if (end !== undefined) {
      const closed = open.pop();
      if (closed === undefined || closed[0] !== tag)
        throw new RangeError(`KaTeX left ${closed?.[0]} open: ${tex}`);
    } else if (tag !== undefined) {
      const element: Open = [tag, propertiesOf(attributes), []];
      inner[2].push(element);
      if (alone === undefined) open.push(element);
    }
  }
  if (open.length !== 1) throw new RangeError(`KaTeX left something open: ${tex}`);
  return root;
}
