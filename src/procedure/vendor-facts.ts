/** Facts about vendors that age: one dated file, read as {{fact.ID}}, with a day on which each is to be read again. */
import { parse } from 'yaml';
import { z } from 'zod';
import { InvalidInput } from '../deployment/problem';

/** Where the facts stand, from the project's root. */
export const factsFile = 'docs/_facts/vendor-facts.yaml';

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

export type VendorFact = z.infer<typeof factSchema>;

/** Parses the file of facts. Throws InvalidInput: broken entries and ids that stand twice. */
export function parseFacts(text: string): VendorFact[] {
  const fail = (message: string) => new InvalidInput([{ file: factsFile, line: 1, rule: 'FACT', message }]);
  const parsed = z.array(factSchema).safeParse(parse(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw fail(
      `entry ${Number(issue?.path[0] ?? 0) + 1}: ${issue?.path.slice(1).join(' ')}: ${issue?.message}`,
    );
  }
  const ids = parsed.data.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw fail(`"${twice}" stands twice`);
  return parsed.data;
}

/** Facts whose day of rechecking has come. `today` is a date such as 2026-11-23. */
export function staleFacts(facts: readonly VendorFact[], today: string): VendorFact[] {
  return facts.filter(({ recheck }) => recheck <= today);
}

/** One line for each fact that is due: what to read again, and since when. They never stop a build. */
export function staleWarnings(facts: readonly VendorFact[], today: string): string[] {
  return staleFacts(facts, today).map(
    ({ id, source, recheck }) => `${factsFile}: ${id} was to be read again on ${recheck}: ${source}`,
  );
}

/** Commands of vendors that the lists name. A page prints no other. */
export function listedCommands(facts: readonly VendorFact[]): ReadonlySet<string> {
  return new Set(facts.flatMap(({ value }) => (Array.isArray(value) ? value : [])));
}
