/**
 * What a tool can print other than what a page expects, and what a reader does then. Each tool has a list of the words
 * that it can print, taken from the vendor, and rows that say what to do; a page that calls the tool must lead to a row
 * for every word that its commands can print. The lists of providers stand in the front matter of their steps, those of
 * the other tools in `docs/_refusals/`.
 */
import { z } from 'zod';
import type { Problem } from '../../deployment/problem';
import { kindOf, providerIds, withFirstNames } from '../../deployment/providers/registry';
import { readBySchema } from '../../deployment/read-by-schema';
import { stopModes } from '../vocabulary/faults';
import { logicalLines } from './fold';
import { endOfFrontMatter, type ReadPartial, type SourceLine, sourceLines } from './source';

/** Where the lists stand, from the project's root, in the order of the page that prints them. */
export const refusalFiles: readonly string[] = [
  ...['shell', 'sss', 'psql', 'openssl', 'recover'].map((name) => `docs/_refusals/${name}.yaml`),
  ...providerIds.map((id) => `docs/_providers/${id}.mdx`),
];

const sentences = z.string().regex(/[.!]$/, 'wanted sentences');
const words = z.array(z.string().min(1)).min(1);

const rowSchema = z
  .strictObject({
    /** Words of which at least one is seen. */
    see: words,
    /** What stands between `see` and the end of the cell, where the words alone do not tell. */
    where: z.string().min(1).optional(),
    means: sentences,
    /** What the step that stopped has left, and how it is taken away. */
    undo: sentences,
    next: sentences,
    /** Where to begin again. */
    again: sentences,
    /** When to give up this shard, or this page. */
    stop: sentences,
    /** Faults of the drill that show the row, or why none does. */
    played: z.array(z.enum(stopModes)).min(1).optional(),
    unplayed: sentences.optional(),
  })
  .refine(({ played, unplayed }) => (played === undefined) !== (unplayed === undefined), {
    message: 'wanted either played or unplayed',
  });

const catalogSchema = z.strictObject({
  /** Commands that this list is about. */
  tools: words,
  prints: z
    .array(
      z.strictObject({
        /** Commands that can print the words: the tool alone means every command of it. */
        of: words,
        /** Where the words come from, with the release. */
        source: z.string().min(10),
        words,
      }),
    )
    .min(1),
  rows: z.array(rowSchema).min(1),
});

export type RefusalRow = z.infer<typeof rowSchema>;

export interface Refusals extends z.infer<typeof catalogSchema> {
  /** The file that it stands in, from the project's root. */
  readonly file: string;
}

/** Lists by file and text: a page is compiled thousands of times while it is mutated. */
const parsedBefore = new Map<string, { readonly text: string; readonly list: Refusals | undefined }>();

/** Parses the list of a file; undefined where a provider has none. Throws InvalidInput with the entry that is wrong. */
export function parseRefusals(file: string, text: string): Refusals | undefined {
  const before = parsedBefore.get(file);
  if (before?.text === text) return before.list;
  const list = parseList(file, text);
  parsedBefore.set(file, { text, list });
  return list;
}

/** What a file with a list has beside it is the front matter of the steps of a provider. */
const fileSchema = z.looseObject({ refusals: catalogSchema.optional() }).nullable();

function parseList(file: string, text: string): Refusals | undefined {
  const lines = sourceLines(file, text);
  const matter = file.endsWith('.mdx') ? lines.slice(1, endOfFrontMatter(lines)) : lines;
  const before = file.endsWith('.mdx') ? 1 : 0;
  const written = matter.map((line) => line.text).join('\n');
  const refusals = readBySchema(written, file, fileSchema, { rule: 'REFUSAL', before }).data?.refusals;
  return refusals && { ...refusals, file };
}

/** The lists of a project; a file that is not there has none. */
export function readRefusals(read: ReadPartial): Refusals[] {
  return refusalFiles.flatMap((file) => {
    const text = read(file);
    return (text === undefined ? undefined : parseRefusals(file, text)) ?? [];
  });
}

/** True where a row is about what was printed. */
export const explains = (row: Pick<RefusalRow, 'see'>, printed: string): boolean =>
  row.see.some((seen) => printed.includes(seen));

/** One row as the page prints it, as a line of Markdown. */
export function rowOf({ see, where, means, undo, next, again, stop }: RefusalRow): string {
  const seen = see.map((each) => `\`${each.replaceAll('|', '\\|')}\``).join(', ');
  return `| ${[`${seen}${where === undefined ? '' : ` ${where}`}`, means, `${undo} ${next}`, again, stop].join(' | ')} |`;
}

/** True where a line calls a command: its words one after the other, where a command can begin. `*` is every command. */
export function calls(line: string, command: string): boolean {
  if (command === '*') return true;
  const escaped = command.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s+');
  // What stands in single quotes is data, as SQL or a pattern is.
  const text = withFirstNames(line.replace(/'[^']*'/g, "''"));
  return new RegExp(`(?:^|[;&|(]|\\bthen|\\bdo)\\s*(?:[A-Z_]+=\\S+\\s+)*${escaped}(?=\\s|$|[;)])`).test(text);
}

/** Where the rows are printed: those of providers, and those of the other tools. */
const pages = { providers: 'emergency/stopped-providers', others: 'emergency/stopped' } as const;

/** The page, from the site's root, on which the rows of a list stand. */
export const pageOf = ({ file }: Refusals): string =>
  file.startsWith('docs/_providers/') ? pages.providers : pages.others;

/** True where a line leads to a page of docs/, as a path of the site or of a file. */
function leadsTo(text: string, page: string): boolean {
  const name = page.split('/').at(-1) ?? '';
  return new RegExp(`\\]\\((?:[./a-z]*/)?${name}(?:\\.mdx)?(?:#[a-z0-9-]+)?\\)`).test(text);
}

/** The lists of which a command of a page can print something. */
function listsFor(commands: readonly SourceLine[], catalogs: readonly Refusals[]): Refusals[] {
  const whole = logicalLines(commands);
  return catalogs.filter(({ prints }) =>
    prints.some(({ of }) => of.some((command) => whole.some((line) => calls(line.text, command)))),
  );
}

/** The rows of the tools that the commands of a page call. */
export const rowsFor = (commands: readonly SourceLine[], catalogs: readonly Refusals[]): RefusalRow[] =>
  listsFor(commands, catalogs).flatMap(({ rows }) => rows);

/** Pages of rows that the commands of a page need and that no link of it leads to. */
export function unreachedRows(
  commands: readonly SourceLine[],
  lines: readonly SourceLine[],
  catalogs: readonly Refusals[],
): string[] {
  const used = listsFor(commands, catalogs);
  return [...new Set(used.map(pageOf))].filter((page) => !lines.some(({ text }) => leadsTo(text, page)));
}

/** Tools of vendors: what the programs of the system print is in the one list of all commands. */
const vendorTools = providerIds.flatMap((id) => kindOf(id).tool ?? []);

/** What the commands of a step can print and no row explains, and tools of vendors that have no list at all. */
export function unexplainedWords(
  id: string,
  lines: readonly SourceLine[],
  catalogs: readonly Refusals[],
): Problem[] {
  const problem = ({ file, line }: SourceLine, message: string): Problem => ({
    file,
    line,
    rule: 'REFUSAL',
    message: `step ${id}: ${message}`,
  });
  return logicalLines(lines).flatMap((line) => {
    const listless = vendorTools.filter(
      (tool) => calls(line.text, tool) && !catalogs.some((catalog) => catalog.tools.includes(tool)),
    );
    const silent = catalogs.flatMap(({ prints, rows }) =>
      prints
        .filter(({ of }) => of.some((command) => calls(line.text, command)))
        .flatMap(({ of, words: printed }) =>
          printed
            .filter((word) => !rows.some((row) => explains(row, word)))
            .map((word) => `${of[0]} can print "${word}", and no row says what to do`),
        ),
    );
    return [
      ...listless.map((tool) => problem(line, `nobody has listed what ${tool} can print`)),
      ...silent.map((message) => problem(line, message)),
    ];
  });
}
