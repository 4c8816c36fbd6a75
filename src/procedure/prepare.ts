/** From a file of docs/ to the page that this deployment has: what Docusaurus renders and what `compile` reads. */
import type { Deployment } from '../deployment/deployment';
import { readYaml } from '../deployment/yaml';
import { type Page, readPage } from './steps/page';
import { expandPage } from './text/expand';
import { type Refusals, readRefusals } from './text/refusals';
import { type ReadPartial, type SourceLine, sourceLines } from './text/source';
import { parseWhere } from './text/where';

/** Text that stands in for a page that this deployment has no use for; its links stay valid. */
const notApplicable = [
  '',
  ':::info[Not part of this deployment]',
  '',
  'No shard of this deployment is held in the way that this page is about. There is nothing to do here.',
  'See the [emergency start page](/emergency) for what applies.',
  '',
  ':::',
];

/** `90m` as `90 min`, `8h` as `8 h`, and three days and more as days. */
function spoken(target: string): string {
  const count = Number.parseInt(target, 10);
  if (target.endsWith('m')) return `${count} min`;
  return count >= 72 && count % 24 === 0 ? `${count / 24} days` : `${count} h`;
}

/** L, H and E and the target as the front matter declares them, for {{state.before.healthy}}, {{page.rto}} and the like; each stands on one line. */
function declaredState(frontMatter: readonly SourceLine[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { text, file, line } of frontMatter) {
    const [, target] = /^rto: (\S+)$/.exec(text) ?? [];
    if (target !== undefined) found.set('page.rto', spoken(target));
    const [, when = '', written] = /^ {2}(before|after): (\{.*\})$/.exec(text) ?? [];
    if (written === undefined) continue;
    for (const [name, value] of Object.entries(
      readYaml(written, file, 'PAGE', line - 1).value as Record<string, unknown>,
    ))
      found.set(`state.${when}.${name}`, String(value));
  }
  return found;
}

/** A page expanded for a deployment. */
export interface PreparedPage {
  readonly lines: readonly SourceLine[];
  readonly page: Page;
  /** False when the page is about a provider that the deployment does not have. */
  readonly applies: boolean;
  /** What the tools of the project can print, and the rows about it. */
  readonly lists: readonly Refusals[];
}

/** Expands a page for this deployment: what Docusaurus renders and what `compilePage` reads. Throws InvalidInput. */
export function preparePage(
  file: string,
  text: string,
  deployment: Deployment,
  read: ReadPartial,
): PreparedPage {
  const raw = sourceLines(file, text);
  const rawEnd = raw.findIndex((line, index) => index > 0 && line.text === '---');
  const frontMatter = raw.slice(0, Math.max(rawEnd, 0));
  const prefix = frontMatter.map((line) => /^prefix:\s*([A-Z]{3})\s*$/.exec(line.text)?.[1]).find(Boolean);
  const state = declaredState(frontMatter);
  const scope = prefix === undefined ? { deployment, state } : { deployment, state, prefix };
  const lines = expandPage(file, text, scope, read);
  const { page, body } = readPage(lines);
  if (page.applies !== undefined && !deployment.shards.some(parseWhere(page.applies))) {
    const place = lines[body - 1] ?? { file, line: 1 };
    const stub = notApplicable.map((line) => ({ text: line, file: place.file, line: place.line }));
    return { lines: [...lines.slice(0, body), ...stub], page, applies: false, lists: [] };
  }
  return { lines, page, applies: true, lists: readRefusals(read) };
}
