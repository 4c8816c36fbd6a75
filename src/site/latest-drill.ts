/** Reads the results of the latest drill for a build: through their published schema, and judged against the pages as compiled now. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Edition } from '../deployment/approvals';
import type { Procedure } from '../procedure/compile';
import { type Results, resultsSchema } from '../procedure/results/drill-results';
import { isDrilled, type LatestDrill, latestDrill } from '../procedure/results/drilled';

/** Where `npm run tabletop` leaves its results, from the root of the project. */
export const resultsFile = 'reports/tabletop/results.json';

/** SHA-256 of a page as compiled, in hexadecimal: the text that Docusaurus renders and the drill runs. */
export function textSha256({ lines }: { readonly lines: readonly { readonly text: string }[] }): string {
  const text = lines.map((line) => line.text).join('\n');
  return createHash('sha256').update(text).digest('hex');
}

/** The edition of a page: its digest as the page shows it, the first 16 hex digits. */
export function editionOf({ file, lines }: Pick<Procedure, 'file' | 'lines'>): Edition {
  return { file, digest: textSha256({ lines }).slice(0, 16) };
}

/** The results as they lie there, or the first reason why they are none. Undefined without a file. */
function readResults(root: string): { readonly results: Results } | { readonly reason: string } | undefined {
  const file = join(root, resultsFile);
  if (!existsSync(file)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return { reason: error instanceof SyntaxError ? 'expected JSON' : 'expected a file that can be read' };
  }
  const { success, data, error } = resultsSchema.safeParse(value);
  if (success) return { results: data };
  const [issue] = error.issues;
  return { reason: [issue?.path.join('.'), issue?.message].filter(Boolean).join(': ') };
}

/** Why the file of results is not read, with its name; for the build, which then claims no drill. */
export function resultsProblem(root: string): string | undefined {
  const read = readResults(root);
  return read && 'reason' in read ? `${resultsFile}: ${read.reason}` : undefined;
}

/** What the latest drill of a project shows about its pages. A file that is no result of a drill shows nothing. */
export function readLatestDrill(root: string, procedures: readonly Procedure[]): LatestDrill {
  const read = readResults(root);
  if (read === undefined) return { state: 'none', why: 'missing' };
  if ('reason' in read) return { state: 'none', why: 'unreadable' };
  const pages = procedures
    .filter(isDrilled)
    .map((procedure) => ({ file: procedure.file, sha256: textSha256(procedure) }));
  return latestDrill(read.results, pages);
}
