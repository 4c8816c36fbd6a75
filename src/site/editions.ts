/** The editions of the pages: those that `npm run editions` has recorded, and the one of this build, for the page that judges a printed copy. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EditionPage, type Editions, editionsFile, editionsSchema } from '../audit/editions';
import { InvalidInput } from '../deployment/problem';
import type { Procedure } from '../procedure/compile';
import { editionOf, textSha256 } from './latest-drill';

/** Reads the record of a project; none without the file. @throws InvalidInput when it is no such record. */
export function loadEditions(root: string): Editions {
  const file = join(root, editionsFile);
  if (!existsSync(file)) return [];
  try {
    return editionsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).editions;
  } catch {
    throw new InvalidInput([
      {
        file: editionsFile,
        line: 1,
        rule: 'EDITIONS',
        message: 'is no record of editions; wanted the file that npm run editions writes',
      },
    ]);
  }
}

/** The steps of a page with the digest of their text, as compiled. */
function stepDigests(lines: Procedure['lines']): Record<string, string> {
  const found: Record<string, string> = {};
  let open: { readonly id: string; readonly lines: { readonly text: string }[] } | undefined;
  for (const line of lines) {
    const id = /^\s*<Step id="([^"]+)"/.exec(line.text)?.[1];
    if (id !== undefined) open = { id, lines: [] };
    open?.lines.push(line);
    if (open === undefined || !/^\s*<\/Step>/.test(line.text)) continue;
    found[open.id] = textSha256({ lines: open.lines }).slice(0, 8);
    open = undefined;
  }
  return found;
}

/** Every page as it is now, by its file. */
export function presentEdition(compiled: readonly Procedure[]): ReadonlyMap<string, EditionPage> {
  return new Map(
    compiled.map((page) => [
      page.file,
      { digest: editionOf(page).digest, steps: page.applies ? stepDigests(page.lines) : {} },
    ]),
  );
}
