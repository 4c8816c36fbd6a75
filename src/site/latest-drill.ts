/** Reads the results of the latest drill for a build: through their published schema, and judged against the pages as compiled now. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Procedure } from '../procedure/compile';
import { resultsSchema } from '../procedure/drill-results';
import { isDrilled, type LatestDrill, latestDrill } from '../procedure/drilled';

/** Where `npm run tabletop` leaves its results, from the root of the project. */
export const resultsFile = 'reports/tabletop/results.json';

/** SHA-256 of a page as compiled, in hexadecimal: the text that Docusaurus renders and the drill runs. */
export function textSha256({ lines }: { readonly lines: readonly { readonly text: string }[] }): string {
  const text = lines.map((line) => line.text).join('\n');
  return createHash('sha256').update(text).digest('hex');
}

/** What the latest drill of a project shows about its pages. A file that is no result of a drill shows nothing. */
export function readLatestDrill(root: string, procedures: readonly Procedure[]): LatestDrill {
  const file = join(root, resultsFile);
  if (!existsSync(file)) return { state: 'none', why: 'missing' };
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { state: 'none', why: 'unreadable' };
  }
  const parsed = resultsSchema.safeParse(value);
  if (!parsed.success) return { state: 'none', why: 'unreadable' };
  const pages = procedures
    .filter(isDrilled)
    .map((procedure) => ({ file: procedure.file, sha256: textSha256(procedure) }));
  return latestDrill(parsed.data, pages);
}
