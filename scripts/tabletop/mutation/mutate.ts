/**
 * Mutants of the pages: each is one mistake that a person could make while editing. A drill that does not notice one
 * proves less than it seems. Pure; running them is another matter.
 */
import { createHash } from 'node:crypto';
import type { Procedure } from '../../../src/procedure/compile';
import type { Step } from '../../../src/procedure/steps/step';
import { partialAround } from '../../../src/procedure/text/partial';
import type { SourceLine } from '../../../src/procedure/text/source';
import { placeKinds } from '../../../src/procedure/vocabulary/places';
import { splitCommands } from '../shell/shell-lines';
import { commandChanges, fileNames, type LineOperator, lineOperators, outputChanges } from './mutations';

/** Operators on whole steps, commands and outputs. */
const blockOperators = {
  'step-deleted': 'A whole step is gone.',
  'steps-swapped': 'A step stands before the one that it should follow.',
  'roles-swapped': 'Actor and witness of a step are exchanged.',
  'place-changed': 'A step is done at another place.',
  'crossing-changed': 'Another file is carried to another place.',
  'command-deleted': 'A command of a block is gone.',
  'commands-swapped': 'Two commands of a block are in the wrong order.',
  'output-deleted': 'The output that the reader should see is gone.',
  'output-line-deleted': 'A line of it is gone.',
} as const;

/** Every operator and the mistake that it stands for. */
export const mutationOperators: Readonly<Record<MutationOperator, string>> = {
  ...blockOperators,
  ...lineOperators,
};
export type MutationOperator = keyof typeof blockOperators | LineOperator;

export interface Mutant {
  /** Stable as long as the lines in question do not change, wherever in the file or its partial they stand. */
  readonly id: string;
  readonly operator: MutationOperator;
  /** What is wrong now: a command or its output, something that people do, or who does it. */
  readonly subject: 'command' | 'act' | 'contract';
  readonly file: string;
  /** 1-based first line that is replaced, and how many are. */
  readonly line: number;
  readonly count: number;
  /** The lines as they are, and what stands there instead; undefined: nothing, the lines are removed. */
  readonly before: string;
  readonly after: string | undefined;
}

/** The text of the file with the mutant in it. Throws RangeError when the file is not the one that the mutant was made from. */
export function applyMutant(text: string, mutant: Mutant): string {
  const lines = text.split('\n');
  const found = lines.slice(mutant.line - 1, mutant.line - 1 + mutant.count).join('\n');
  if (found !== mutant.before) {
    throw new RangeError(`${mutant.file}:${mutant.line}: not the lines that the mutant was made from`);
  }
  lines.splice(mutant.line - 1, mutant.count, ...(mutant.after === undefined ? [] : [mutant.after]));
  return lines.join('\n');
}

class Generator {
  private readonly found = new Map<string, Mutant>();
  private readonly places = new Set<string>();
  private readonly lines: ReadonlyMap<string, readonly string[]>;

  constructor(texts: ReadonlyMap<string, string>) {
    this.lines = new Map([...texts].map(([file, text]) => [file, text.split('\n')]));
  }

  private of(file: string): readonly string[] {
    const lines = this.lines.get(file);
    if (!lines) throw new RangeError(`the text of ${file} is missing`);
    return lines;
  }

  add(
    operator: MutationOperator,
    subject: Mutant['subject'],
    file: string,
    line: number,
    count: number,
    after: string | undefined,
  ): void {
    const before = this.of(file)
      .slice(line - 1, line - 1 + count)
      .join('\n');
    const place = JSON.stringify([file, line, count, after]);
    if (before === after || this.places.has(place)) return;
    this.places.add(place);
    const digest = createHash('sha256')
      .update(JSON.stringify([before, after]))
      .digest('hex')
      .slice(0, 10);
    const partial = partialAround(this.of(file), line);
    const base = `${file}${partial === undefined ? '' : `#${partial}`}:${operator}:${digest}`;
    let id = base;
    for (let twin = 2; this.found.has(id); twin++) id = `${base}:${twin}`;
    this.found.set(id, { id, operator, subject, file, line, count, before, after });
  }

  /** Lines of a block that stand together in one file; undefined when directives or partials come between. */
  private contiguous(lines: readonly SourceLine[]): boolean {
    const [first] = lines;
    return lines.every((line, index) => line.file === first?.file && line.line === first.line + index);
  }

  private text(line: SourceLine): string {
    return this.of(line.file)[line.line - 1] ?? '';
  }

  command(lines: readonly SourceLine[], files: readonly string[]): void {
    for (const line of lines) {
      for (const [operator, after] of commandChanges(this.text(line), line.text, files)) {
        this.add(operator, 'command', line.file, line.line, 1, after);
      }
    }
    const ranges = splitCommands(lines.map((line) => line.text)).map(({ first, last }) =>
      lines.slice(first, last + 1),
    );
    for (const [index, range] of ranges.entries()) {
      const [start] = range;
      if (!start || !this.contiguous(range)) continue;
      this.add('command-deleted', 'command', start.file, start.line, range.length, undefined);
      const next = ranges[index + 1];
      if (!next || !this.contiguous([...range, ...next])) continue;
      const swapped = [...next, ...range].map((line) => this.text(line)).join('\n');
      this.add('commands-swapped', 'command', start.file, start.line, range.length + next.length, swapped);
    }
  }

  output(lines: readonly SourceLine[]): void {
    const [first] = lines;
    if (!first || !this.contiguous(lines)) return;
    for (const line of lines) {
      this.add('output-line-deleted', 'command', line.file, line.line, 1, undefined);
      for (const [operator, after] of outputChanges(this.text(line)))
        this.add(operator, 'command', line.file, line.line, 1, after);
    }
    // The fence is the line before and the line after.
    this.add('output-deleted', 'command', first.file, first.line - 1, lines.length + 2, undefined);
  }

  /** First and last line of the `<Step>` in its own file. */
  private extent(step: Step): { line: number; count: number } | undefined {
    const lines = this.of(step.file);
    const end = lines.findIndex((text, index) => index >= step.line - 1 && /^\s*<\/Step>\s*$/.test(text));
    return end < 0 ? undefined : { line: step.line, count: end - step.line + 2 };
  }

  step(step: Step, next: Step | undefined): void {
    const extent = this.extent(step);
    if (!extent) return;
    const lines = this.of(step.file);
    const text = lines.slice(extent.line - 1, extent.line - 1 + extent.count).join('\n');
    const subject = step.command ? 'command' : 'act';
    this.add('step-deleted', subject, step.file, extent.line, extent.count, undefined);
    const tag = text.slice(0, text.search(/>\s*$/m));
    const roles = /by="([^"]*)"([^>]*?)witness="([^"]*)"/.exec(tag);
    if (roles) {
      const swapped = text.replace(roles[0], () => `by="${roles[3]}"${roles[2]}witness="${roles[1]}"`);
      this.add('roles-swapped', 'contract', step.file, extent.line, extent.count, swapped);
    }
    if (step.place && (step.command || step.crossing)) this.place(step, extent, text, tag);
    const following =
      next && next.file === step.file && next.line > step.line ? this.extent(next) : undefined;
    if (!following) return;
    const between = lines.slice(extent.line - 1 + extent.count, following.line - 1);
    // Steps with headings or directives between them do not change places by mistake.
    if (between.some((line) => line.trim() !== '')) return;
    const second = lines.slice(following.line - 1, following.line - 1 + following.count).join('\n');
    const count = following.line + following.count - extent.line;
    this.add(
      'steps-swapped',
      step.command || next?.command ? 'command' : 'act',
      step.file,
      extent.line,
      count,
      [second, ...between, text].join('\n'),
    );
  }

  /** The step at two other kinds of place, and its medium exchanged for another. */
  private place(
    { command, place, crossing, file }: Step,
    { line, count }: { line: number; count: number },
    text: string,
    tag: string,
  ): void {
    const subject = command ? 'command' : 'act';
    const given = / place="[^"]*"/.exec(tag)?.[0];
    for (const other of placeKinds.filter((kind) => kind !== place).slice(0, 2)) {
      const moved = ` place="${other}"`;
      const after = given ? text.replace(given, moved) : text.replace(/^(\s*<Step) /, `$1${moved} `);
      this.add('place-changed', subject, file, line, count, after);
    }
    const [carried, names = ''] = / crosses="([^"]*)"/.exec(tag) ?? [];
    if (!crossing || carried === undefined) return;
    // What a hand takes instead: the private half of a pair, the plain text of what is wrapped.
    const wrong = names.includes('.pub.pem')
      ? names.replace('.pub.pem', '.key')
      : names.replace(/\.[a-z]+(?=\s|$)/, '.txt');
    this.add('crossing-changed', subject, file, line, count, text.replace(carried, ` crosses="${wrong}"`));
    const [way, direction] = / (from|to)="[^"]*"/.exec(tag) ?? [];
    const other = placeKinds.find((kind) => kind !== crossing.from && kind !== crossing.to);
    if (way)
      this.add('crossing-changed', subject, file, line, count, text.replace(way, ` ${direction}="${other}"`));
  }

  mutants(): Mutant[] {
    return [...this.found.values()].sort((a, b) =>
      a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1,
    );
  }
}

/**
 * Every mutant of the executed steps of the procedures. `texts` has the text of each page and partial, as it is in
 * the repository: what is used for several shards is mutated once. Throws RangeError when a text is missing.
 */
export function mutantsOf(texts: ReadonlyMap<string, string>, procedures: readonly Procedure[]): Mutant[] {
  const generator = new Generator(texts);
  for (const procedure of procedures) {
    const commands = procedure.steps.flatMap((step) => step.command ?? []);
    const sources = commands.flatMap(({ lines }) =>
      lines.map(({ file, line }) => texts.get(file)?.split('\n')[line - 1] ?? ''),
    );
    const files = fileNames(sources);
    procedure.steps.forEach((step, index) => {
      generator.step(step, procedure.steps[index + 1]);
      if (!step.command) return;
      generator.command(step.command.lines, files);
      generator.output(step.command.expected);
    });
  }
  return generator.mutants();
}
