/** What `npm run check` says of pages: their problems, and what the drill would run with them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Procedure } from '../../src/procedure/compile';
import { partialReader } from '../../src/procedure/text/load-partial';
import { listedCommands, readFacts } from '../../src/procedure/text/vendor-facts';
import { endOf } from '../tabletop/plan/plan';
import type { Setting } from '../tabletop/plan/setting';
import { lints, typedVendorFacts, unexplainedTerms, unexplainedWords, unlistedCommands } from './lint';

/**
 * The pages that a reader means by a name: a file of `docs/`, a page that is made with it (a partial, a provider's
 * steps), or the end of a page's path without `.mdx`. Throws RangeError where there is none.
 */
export function pagesNamed(procedures: readonly Procedure[], name: string): Procedure[] {
  const path = name.replace(/^\.\//, '').replace(/\.mdx$/, '');
  const found = procedures.filter(
    ({ file, lines }) =>
      `/${file}`.endsWith(`/${path}.mdx`) || lines.some((line) => `${path}.mdx` === line.file),
  );
  if (found.length === 0)
    throw new RangeError(`no page "${name}"; wanted a file of docs/, such as docs/emergency/unseal.mdx`);
  return found;
}

/** What is wrong with the text of compiled pages, one line each: `file:line: what was found and wanted`, in order, each once. */
export function problemsOf(root: string, all: readonly Procedure[], pages: readonly Procedure[]): string[] {
  const glossary = all
    .filter(({ file }) => file === 'docs/introduction/glossary.mdx')
    .flatMap(({ lines }) => lines.map(({ text }) => text))
    .join('\n');
  const prefixes = new Set(all.flatMap(({ page }) => page.prefix ?? []));
  const commands = listedCommands(readFacts(partialReader(root)));
  const sources = [...new Set(pages.flatMap(({ lines }) => lines.map(({ file }) => file)))].filter((file) =>
    file.endsWith('.mdx'),
  );
  const problems = [
    ...pages.flatMap((page) => [
      ...Object.values(lints).flatMap((lint) => lint(page)),
      ...unexplainedTerms(page, glossary, prefixes),
      ...unexplainedWords(page, glossary),
    ]),
    ...sources.flatMap((file) => {
      const source = readFileSync(join(root, file), 'utf8');
      return [...typedVendorFacts(file, source), ...unlistedCommands(file, source, commands)];
    }),
  ];
  return [...new Set(problems)];
}

/** What the drill would run with pages: each scenario with its end, and how to run them. */
export function plannedWith({ scenarios, deployment }: Setting, pages: readonly Procedure[]): string {
  const files = new Set(pages.map(({ file }) => file));
  const own = scenarios.filter(({ procedures }) => procedures.some(({ file }) => files.has(file)));
  return own.map((each) => `${each.id}: ${each.title} → ${endOf(each, deployment)}\n`).join('');
}
