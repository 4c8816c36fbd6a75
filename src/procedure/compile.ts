/**
 * Compiles a page to a Procedure. This is the one function behind the page, the sheet, the drill, the log and the
 * evidence: whatever they show or run comes out of it.
 */
import type { Code, Heading, Root } from 'mdast';
import type { MdxJsxFlowElement } from 'mdast-util-mdx-jsx';
import { toString as plainText } from 'mdast-util-to-string';
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import type { Deployment } from '../deployment/deployment';
import { formatProblem, InvalidInput, type Problem } from '../deployment/problem';
import type { ReadPartial } from './expand';
import { checkExpected } from './expected';
import { executableLanguages, type FenceKey, parseFenceMeta } from './fence';
import { checkHouseRules } from './house';
import type { Page } from './page';
import { preparePage } from './prepare';
import type { Place, SourceLine } from './source';
import { type Command, readStepAttributes, type Step, stepAttributes, stepId } from './step';
import { walkWorld } from './world';

export interface Procedure {
  /** Path of the page from the project's root. */
  readonly file: string;
  readonly page: Page;
  readonly steps: readonly Step[];
  /** False when the page is about a provider that this deployment does not have. */
  readonly applies: boolean;
  /** The expanded page, as Docusaurus gets it. */
  readonly lines: readonly SourceLine[];
  /** Text of every code block of the page in reading order, for the parity gate. */
  readonly blocks: readonly { readonly text: string; readonly place: Place }[];
}

const defaultTimeoutSeconds = 60;

interface Fence {
  readonly node: Code;
  readonly meta: Partial<Record<FenceKey, string>>;
  readonly place: Place;
  readonly lines: SourceLine[];
}

class Compiler {
  readonly problems: Problem[] = [];
  readonly steps: Step[] = [];
  readonly blocks: { text: string; place: Place }[] = [];
  private section = '';

  constructor(
    private readonly lines: readonly SourceLine[],
    private readonly file: string,
  ) {}

  report(place: Place, rule: string, message: string): void {
    this.problems.push({ file: place.file, line: place.line, rule, message });
  }

  placeOf(node: { position?: { start: { line: number } } | undefined }): Place {
    const line = this.lines[(node.position?.start.line ?? 1) - 1];
    return { file: line?.file ?? this.file, line: line?.line ?? 1 };
  }

  private fence(node: Code): Fence | undefined {
    const place = this.placeOf(node);
    this.blocks.push({ text: node.value, place });
    const start = node.position?.start.line ?? 1;
    const texts = node.value === '' ? [] : node.value.split('\n');
    const lines = texts.map((text, index): SourceLine => {
      const source = this.lines[start + index];
      return { text, file: source?.file ?? place.file, line: source?.line ?? place.line };
    });
    try {
      return { node, place, lines, meta: parseFenceMeta(node.meta ?? '') };
    } catch (error) {
      this.report(place, 'FENCE', (error as Error).message);
      return undefined;
    }
  }

  /** Every fence that a reader would run belongs to a step, or says why it is not executed. */
  looseFence(node: Code): void {
    const fence = this.fence(node);
    if (!fence) return;
    const { meta, place } = fence;
    if (meta.step !== undefined || meta.output !== undefined) {
      this.report(place, 'FENCE', `step=${meta.step ?? meta.output} stands outside its <Step>`);
    } else if (executableLanguages.includes(node.lang ?? '') && !meta.noexec) {
      this.report(
        place,
        'FENCE',
        `a ${node.lang} fence that is not executed; wanted step=… in a <Step>, or noexec="reason"`,
      );
    }
  }

  heading(node: Heading): void {
    this.section = plainText(node).replace(/\s*\{#[^}]*\}\s*$/, '');
  }

  private command(id: string, place: Place, run: Fence, output: Fence | undefined): Command {
    const { meta } = run;
    const number = (value: string | undefined, fallback: number, name: string, maximum: number): number => {
      if (value === undefined) return fallback;
      if (!/^\d+$/.test(value) || Number(value) > maximum) {
        this.report(run.place, 'FENCE', `step ${id}: ${name}=${value}: wanted a number up to ${maximum}`);
        return fallback;
      }
      return Number(value);
    };
    const stream = output?.meta.stream ?? 'out';
    if (stream !== 'out' && stream !== 'err' && stream !== 'both') {
      this.report(output?.place ?? place, 'FENCE', `step ${id}: stream=${stream}: wanted out, err or both`);
    }
    if (meta.prints !== undefined && meta.prints !== 'nothing') {
      this.report(run.place, 'FENCE', `step ${id}: prints=${meta.prints}: wanted prints=nothing`);
    }
    if (!output && meta.prints !== 'nothing') {
      this.report(
        run.place,
        'FENCE',
        `step ${id}: says nothing of what must be seen; wanted an output=${id} fence or prints=nothing`,
      );
    }
    if (output && meta.prints !== undefined) {
      this.report(run.place, 'FENCE', `step ${id}: prints=nothing, yet there is an output=${id} fence`);
    }
    if (output && output.lines.length === 0) {
      this.report(
        output.place,
        'FENCE',
        `step ${id}: the output fence is empty; wanted lines, or prints=nothing instead`,
      );
    }
    if (run.lines.length === 0) this.report(run.place, 'FENCE', `step ${id}: the command is empty`);
    for (const line of run.lines) {
      if (/^\s*\$ /.test(line.text)) this.report(line, 'FENCE', `step ${id}: a prompt "$ " cannot be pasted`);
      if (/^\s*set\s+-[a-z]*e/.test(line.text) || /^\s*exit\b/.test(line.text)) {
        this.report(line, 'FENCE', `step ${id}: "${line.text.trim()}" would close the operator’s terminal`);
      }
    }
    this.problems.push(...checkHouseRules(id, run.lines));
    for (const wrong of checkExpected(output?.lines.map((line) => line.text) ?? [])) {
      this.report(output?.lines[wrong.line] ?? place, 'FENCE', `step ${id}: ${wrong.message}`);
    }
    return {
      language: run.node.lang ?? '',
      title: meta.title,
      lines: run.lines,
      exit: number(meta.exit, 0, 'exit', 255),
      timeoutSeconds: number(meta.timeout, defaultTimeoutSeconds, 'timeout', 3600),
      input: meta.input,
      stream: stream as Command['stream'],
      expected: output?.lines ?? [],
    };
  }

  step(node: MdxJsxFlowElement, lost: number | undefined): void {
    const place = this.placeOf(node);
    const given: Record<string, string> = {};
    for (const attribute of node.attributes) {
      if (attribute.type !== 'mdxJsxAttribute' || typeof attribute.value !== 'string') {
        this.report(place, 'STEP', 'attributes of a step are plain text: name="value"');
      } else if (!(stepAttributes as readonly string[]).includes(attribute.name)) {
        this.report(
          place,
          'STEP',
          `unknown attribute "${attribute.name}"; known: ${stepAttributes.join(', ')}`,
        );
      } else {
        given[attribute.name] = attribute.value;
      }
    }
    const id = given.id ?? '(without id)';
    const attributes = readStepAttributes(given);
    if (Array.isArray(attributes)) {
      for (const message of attributes) this.report(place, 'STEP', `step ${id}: ${message}`);
    }

    const runs: Fence[] = [];
    const outputs: Fence[] = [];
    const text: string[] = [];
    for (const child of node.children) {
      if (child.type !== 'code') {
        if (child.type === 'heading')
          this.report(this.placeOf(child), 'STEP', `step ${id}: a heading inside a step`);
        if (child.type === 'mdxJsxFlowElement' && ['Step', 'details', 'Tabs'].includes(child.name ?? '')) {
          this.report(
            this.placeOf(child),
            'STEP',
            `step ${id}: <${child.name}> inside a step; a step is one action, all of it visible`,
          );
        }
        text.push(plainText(child));
        continue;
      }
      const fence = this.fence(child);
      if (!fence) continue;
      const { meta } = fence;
      if (meta.step !== undefined) {
        if (meta.step !== id) this.report(fence.place, 'FENCE', `step=${meta.step} stands in step ${id}`);
        if (!['bash', 'sql'].includes(child.lang ?? '')) {
          this.report(fence.place, 'FENCE', `step ${id}: language "${child.lang ?? ''}"; wanted bash`);
        }
        runs.push(fence);
      } else if (meta.output !== undefined) {
        if (meta.output !== id)
          this.report(fence.place, 'FENCE', `output=${meta.output} stands in step ${id}`);
        if (runs.length === 0)
          this.report(fence.place, 'FENCE', `step ${id}: the output stands before any command`);
        outputs.push(fence);
      } else if (executableLanguages.includes(child.lang ?? '') && !meta.noexec) {
        this.report(
          fence.place,
          'FENCE',
          `step ${id}: a ${child.lang} fence without step=${id} or noexec="reason"`,
        );
      }
    }
    if (runs.length > 1)
      this.report(runs[1]?.place ?? place, 'STEP', `step ${id}: two commands; a step is one action`);
    if (outputs.length > 1) this.report(outputs[1]?.place ?? place, 'STEP', `step ${id}: two output fences`);
    if (text.join('').trim() === '')
      this.report(place, 'STEP', `step ${id}: lacks the sentence that says what to do`);
    const run = runs[0];
    const command = run && this.command(id, place, run, outputs[0]);
    if (!Array.isArray(attributes)) {
      if (command && attributes.act)
        this.report(place, 'STEP', `step ${id}: has a command and act="${attributes.act}"; wanted one`);
      if (!command && !attributes.act) {
        this.report(
          place,
          'STEP',
          `step ${id}: has neither a command (a fence with step=${id}) nor an act="…" of people`,
        );
      }
      this.steps.push({
        ...attributes,
        // Inside <IfLost> a partial's own shard is the lost one: it belongs to no quorum.
        ...(lost === undefined ? {} : { shard: undefined, lost }),
        ...place,
        command,
        text: text.join('\n\n').trim(),
        section: this.section,
      });
    }
  }

  /** `<IfLost shard="2">`: the steps in it are done when shard 2 is the lost one. */
  lostShard(node: MdxJsxFlowElement): number {
    const [attribute, ...more] = node.attributes;
    const value =
      attribute?.type === 'mdxJsxAttribute' && attribute.name === 'shard' ? String(attribute.value) : '';
    if (more.length > 0 || !/^[1-9]\d{0,2}$/.test(value)) {
      this.report(
        this.placeOf(node),
        'STEP',
        '<IfLost>: wanted shard="…" with the number of a shard, and nothing else',
      );
    }
    return Number(value);
  }

  /** Walks the room once, or once for each shard that can be the lost one. */
  walk(page: Page): void {
    const { file, line } = this.steps.at(-1) ?? { file: this.file, line: 1 };
    const losses = [...new Set(this.steps.map((step) => step.lost))].filter((lost) => lost !== undefined);
    const found = new Map<string, Problem>();
    for (const lost of losses.length > 0 ? losses : [undefined]) {
      const steps = this.steps.filter((step) => step.lost === undefined || step.lost === lost);
      for (const problem of walkWorld(steps, page.starts, page.ends, { file, line })) {
        found.set(formatProblem(problem), problem);
      }
    }
    this.problems.push(...found.values());
  }

  /** Ids have the page's prefix, are unique, and leave no gap that is not listed as retired. */
  checkIds(page: Page): void {
    if (this.steps.length === 0) return;
    const groups = new Map<string, Map<number, Place>>();
    for (const step of this.steps) {
      const [, group = '', number = ''] = stepId.exec(step.id) ?? [];
      if (group.slice(0, 3) !== page.prefix) {
        this.report(
          step,
          'ID',
          `step ${step.id}: wanted the page’s prefix ${page.prefix ?? '(the front matter has none)'}`,
        );
      }
      const seen = groups.get(group) ?? new Map<number, Place>();
      const first = seen.get(Number(number));
      if (first) this.report(step, 'ID', `step ${step.id} is already at ${first.file}:${first.line}`);
      if (page.retired.includes(step.id))
        this.report(step, 'ID', `step ${step.id} is retired; ids are never used again`);
      seen.set(Number(number), step);
      groups.set(group, seen);
    }
    for (const [group, seen] of groups) {
      const last = Math.max(...seen.keys());
      for (let number = 1; number < last; number++) {
        const id = `${group}-${String(number).padStart(2, '0')}`;
        if (!seen.has(number) && !page.retired.includes(id)) {
          const after = [...seen].filter(([seenNumber]) => seenNumber > number).sort(([a], [b]) => a - b)[0];
          this.report(
            after?.[1] ?? { file: this.file, line: 1 },
            'ID',
            `step ${id} is missing; a removed step is listed under "retired"`,
          );
        }
      }
    }
  }
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

function visit(compiler: Compiler, children: Root['children'], lost?: number): void {
  for (const node of children) {
    if (node.type === 'heading') compiler.heading(node);
    else if (node.type === 'code') compiler.looseFence(node);
    else if (node.type === 'mdxJsxFlowElement' && node.name === 'Step') compiler.step(node, lost);
    else if (node.type === 'mdxJsxFlowElement' && node.name === 'IfLost')
      visit(compiler, node.children as Root['children'], compiler.lostShard(node));
    else if ('children' in node) visit(compiler, node.children as Root['children'], lost);
  }
}

/**
 * Compiles one page. `read` gives the text of a partial by its path.
 * Throws InvalidInput with every problem: broken directives, front matter, step contract, unsafe order.
 */
export function compilePage(
  file: string,
  text: string,
  deployment: Deployment,
  read: ReadPartial,
): Procedure {
  const { lines, page, applies } = preparePage(file, text, deployment, read);
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
  const compiler = new Compiler(lines, file);
  visit(compiler, tree.children);
  if (applies) {
    compiler.checkIds(page);
    compiler.walk(page);
    if (page.drill && compiler.steps.length === 0)
      compiler.report({ file, line: 1 }, 'DRILL', 'a drill without steps');
    if (compiler.steps.some((step) => step.command) && !page.drill) {
      compiler.report({ file, line: 1 }, 'DRILL', 'the page has commands, but no drill executes them');
    }
  }
  if (compiler.problems.length > 0) throw new InvalidInput(compiler.problems);
  return { file, page, steps: compiler.steps, applies, lines, blocks: compiler.blocks };
}
