/**
 * Facts that age, read as {{fact.ID}}, each with its source and a day on which it is to be read again: those of a vendor in
 * the front matter of its provider's steps, those of standards in a file of their own.
 */
import { z } from 'zod';
import { InvalidInput } from '../../deployment/problem';
import { providerIds } from '../../deployment/providers/registry';
import { readBySchema } from '../../deployment/read-by-schema';
import { endOfFrontMatter, type ReadPartial, sourceLines } from './source';

/** Where the facts stand, from the project's root. */
export const factFiles: readonly string[] = [
  'docs/_facts/standards.yaml',
  ...providerIds.map((id) => `docs/_providers/${id}.mdx`),
];

const dayOf = (value: Date) => value.toISOString().slice(0, 10);

const day = z.union([z.string(), z.date().transform(dayOf)]).pipe(z.iso.date());

const factSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'wanted small letters, digits and dashes'),
    value: z.union([
      z.string().min(1),
      z.number(),
      z.date().transform(dayOf),
      z.array(z.string().min(1)).min(1),
    ]),
    unit: z.string().min(1),
    statement: z.string().regex(/\.$/, 'wanted a sentence'),
    source: z.string().min(1),
    checked: day,
    recheck: day,
  })
  .refine(({ checked, recheck }) => checked < recheck, 'recheck must come after checked')
  .refine(
    ({ value, unit }) => Array.isArray(value) === (unit === 'commands'),
    'a list is a list of commands, and nothing else is',
  );

export interface VendorFact extends z.infer<typeof factSchema> {
  /** The file that it stands in, from the project's root. */
  readonly file: string;
}

const factsSchema = z.array(factSchema);
/** What the front matter of a page's partials has beside its facts is that of its steps. */
const frontMatterSchema = z.looseObject({ facts: factsSchema });

/** Reads the facts of a file: all of a YAML file, `facts` in a front matter. Throws InvalidInput with the line of each mistake. */
function listOf(file: string, text: string): z.infer<typeof factsSchema> {
  const reworded = (message: string) => message.replace(/^(?:facts )?(\d+)\.:? ?/, 'entry $1: ');
  const telling = { rule: 'FACT', reworded };
  if (!file.endsWith('.mdx')) return readBySchema(text, file, factsSchema, telling).data;
  const lines = sourceLines(file, text);
  const end = endOfFrontMatter(lines);
  if (end <= 0) return [];
  const written = lines.slice(1, end).map((line) => line.text);
  const { data } = readBySchema(written.join('\n'), file, frontMatterSchema, { ...telling, before: 1 });
  return data.facts;
}

/** Parses the facts of a file. Throws InvalidInput: broken entries and ids that stand twice. */
export const parseFacts = (file: string, text: string): VendorFact[] =>
  withoutTwins(listOf(file, text).map((fact) => ({ ...fact, file })));

function withoutTwins(facts: VendorFact[]): VendorFact[] {
  const ids = facts.map(({ id }) => id);
  const twin = facts.find(({ id }, index) => ids.indexOf(id) !== index);
  if (twin === undefined) return facts;
  throw new InvalidInput([{ file: twin.file, line: 1, rule: 'FACT', message: `"${twin.id}" stands twice` }]);
}

/** The last text of each file and its facts: every page of a build asks for the same ones. */
const latest = new Map<string, { readonly text: string; readonly facts: readonly VendorFact[] }>();

function factsOf(file: string, text: string): readonly VendorFact[] {
  const last = latest.get(file);
  if (last?.text === text) return last.facts;
  const facts = parseFacts(file, text);
  latest.set(file, { text, facts });
  return facts;
}

/** All facts of a project. A file that is not there has none. Throws InvalidInput as `parseFacts` does. */
export function readFacts(read: ReadPartial): VendorFact[] {
  return withoutTwins(
    factFiles.flatMap((file) => {
      const text = read(file);
      return text === undefined ? [] : factsOf(file, text);
    }),
  );
}

/** Facts whose day of rechecking has come. `today` is a date such as 2026-11-23. */
export function staleFacts(facts: readonly VendorFact[], today: string): VendorFact[] {
  return facts.filter(({ recheck }) => recheck <= today);
}

/** One line for each fact that is due: what to read again, and since when. They never stop a build. */
export function staleWarnings(facts: readonly VendorFact[], today: string): string[] {
  return staleFacts(facts, today).map(
    ({ file, id, source, recheck }) => `${file}: ${id} was to be read again on ${recheck}: ${source}`,
  );
}

/** Commands of vendors that the lists name. A page prints no other. */
export function listedCommands(facts: readonly VendorFact[]): ReadonlySet<string> {
  return new Set(facts.flatMap(({ value }) => (Array.isArray(value) ? value : [])));
}
