/**
 * Compiles a page to a Procedure. This is the one function behind the page, the sheet, the drill, the log and the
 * evidence: whatever they show or run comes out of it.
 */
import type { Root } from 'mdast';
import { toString as plainText } from 'mdast-util-to-string';
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import type { Deployment } from '../deployment/deployment';
import { InvalidInput } from '../deployment/problem';
import { type PreparedPage, preparePage } from './prepare';
import { checkIds, checkOrder } from './rules/check-steps';
import { checkPlaces } from './rules/places';
import type { Page } from './steps/page';
import { readLooseFence } from './steps/read-command';
import { readStep, readWithin, type Within } from './steps/read-step';
import { Reading } from './steps/reading';
import type { Step } from './steps/step';
import { type RefusalRow, type Refusals, rowsFor, unexplainedWords, unreachedRows } from './text/refusals';
import type { Place, ReadPartial, SourceLine } from './text/source';

export interface Procedure {
  /** Path of the page from the project's root. */
  readonly file: string;
  readonly page: Page;
  readonly steps: readonly Step[];
  /** What a command of the page can print other than what it shows, and the row that says what to do. */
  readonly refusals: readonly RefusalRow[];
  /** False when the page is about a provider that this deployment does not have. */
  readonly applies: boolean;
  /** The expanded page, as Docusaurus gets it. */
  readonly lines: readonly SourceLine[];
  /** Text of every code block of the page in reading order, for the parity gate. */
  readonly blocks: readonly { readonly text: string; readonly place: Place }[];
}

function parse(lines: readonly SourceLine[]): Root {
  // Docusaurus accepts {#id} after a heading; a plain MDX parser takes it for an expression.
  const text = lines.map((line) => line.text.replace(/^(#{1,6} .*?)\{#/, '$1\\{#')).join('\n');
  return unified()
    .use(remarkParse)
    .use(remarkFrontmatter)
    .use(remarkGfm)
    .use(remarkMath)
    .use(remarkMdx)
    .parse(text) as Root;
}

/** Reads the steps below `children` in page order. `home` is the place of those that name none. */
function readSteps(reading: Reading, children: Root['children'], home: Page['place']): Step[] {
  const steps: Step[] = [];
  let section = '';
  const visit = (nodes: Root['children'], within: Within): void => {
    for (const node of nodes) {
      if (node.type === 'heading') section = plainText(node).replace(/\s*\{#[^}]*\}\s*$/, '');
      else if (node.type === 'code') readLooseFence(reading, node);
      else if (node.type === 'mdxJsxFlowElement' && node.name === 'Step') {
        const step = readStep(reading, node, section, within, home);
        if (step) steps.push(step);
      } else if ('children' in node) {
        const more = node.type === 'mdxJsxFlowElement' ? readWithin(reading, node) : undefined;
        visit(node.children as Root['children'], more ? { ...within, ...more } : within);
      }
    }
  };
  visit(children, {});
  return steps;
}

/** What only a page that this deployment uses must keep to. */
function checkPage(reading: Reading, page: Page, steps: readonly Step[]): void {
  const { file, line } = steps.at(-1) ?? { file: reading.file, line: 1 };
  reading.problems.push(
    ...checkIds(page, steps),
    ...checkOrder(page, steps, { file, line }),
    ...checkPlaces(page, steps),
  );
  const whole = { file: reading.file, line: 1 };
  if (page.drill && steps.length === 0) reading.report(whole, 'DRILL', 'a drill without steps');
  if (!page.drill && steps.some((step) => step.command)) {
    reading.report(whole, 'DRILL', 'the page has commands, but no drill executes them');
  }
}

/** Notes what a command of the page can print and no row explains, or only a page that this one does not lead to; returns the rows. */
function checkRefusals(
  reading: Reading,
  steps: readonly Step[],
  catalogs: readonly Refusals[],
): readonly RefusalRow[] {
  // A page that is compiled by itself brings no lists.
  if (catalogs.length === 0) return [];
  const commands = steps.flatMap(({ command }) => command?.lines ?? []);
  for (const { id, command } of steps)
    if (command) reading.problems.push(...unexplainedWords(id, command.lines, catalogs));
  for (const missing of unreachedRows(commands, reading.lines, catalogs))
    reading.report(
      { file: reading.file, line: 1 },
      'REFUSAL',
      `the page has commands that can stop its reader, and no link to /${missing}`,
    );
  return rowsFor(commands, catalogs);
}

/**
 * Compiles a page that was expanded for its deployment. What comes out depends on the expanded lines
 * and on the lists of refusals alone.
 * Throws InvalidInput with every problem: front matter, step contract, unsafe order.
 */
export function compilePrepared(file: string, { lines, page, applies, lists }: PreparedPage): Procedure {
  let tree: Root;
  try {
    tree = parse(lines);
  } catch (error) {
    const { line, reason } = error as { line?: number; reason?: string };
    const place = lines[(line ?? 1) - 1] ?? { file, line: 1 };
    throw new InvalidInput([
      { file: place.file, line: place.line, rule: 'MDX', message: reason ?? String(error) },
    ]);
  }
  const reading = new Reading(file, lines);
  const steps = readSteps(reading, tree.children, page.place);
  if (applies) checkPage(reading, page, steps);
  const refusals = applies ? checkRefusals(reading, steps, lists) : [];
  if (reading.problems.length > 0) throw new InvalidInput(reading.problems);
  return { file, page, steps, refusals, applies, lines, blocks: reading.blocks };
}

/**
 * Compiles one page. `read` gives the text of a partial by its path.
 * Throws InvalidInput with every problem: broken directives, and what `compilePrepared` refuses.
 */
export function compilePage(
  file: string,
  text: string,
  deployment: Deployment,
  read: ReadPartial,
): Procedure {
  return compilePrepared(file, preparePage(file, text, deployment, read));
}
