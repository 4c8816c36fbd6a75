/** From the framework's build to the site that ships: light pages, drawn diagrams, search index, headers, digests. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, serialize } from 'parse5';
import { bundleAssets } from './assets';
import { filesOf, pagePolicy, writeHeaders, writeSums } from './csp';
import { diagramSources, drawDiagrams, placeDiagrams } from './diagrams';
import type { Document, Node } from './dom';
import { append, attribute, find, isElement, make } from './dom';
import type { PageSummary } from './llms';
import { llmsText, summaryOf } from './llms';
import { shipPage } from './page';
import { indexScript, sectionsOf } from './search-index';

/** CSS modules of the components, from their folders. */
function componentSheets(root: string): string[] {
  const folder = join(root, 'src/components');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.module.css'))
    .sort()
    .map((file) => join(folder, file));
}

/** Before everything that it governs, and after the encoding, which must come first. */
function placePolicy(document: Document): void {
  const head = find(document, 'a head', ({ tagName }) => tagName === 'head');
  const isEncoding = (node: Node): boolean => isElement(node) && attribute(node, 'charset') !== undefined;
  const meta = make('meta', { 'http-equiv': 'Content-Security-Policy', content: pagePolicy(document) });
  append(head, meta);
  head.childNodes.pop();
  head.childNodes.splice(head.childNodes.findIndex(isEncoding) + 1, 0, meta);
}

/**
 * Rewrites a built site in place.
 * @param root Project folder.
 * @param site Folder of the build.
 * @param base Path prefix of the site with both slashes.
 * @returns Number of pages.
 */
export async function ship(root: string, site: string, base: string): Promise<number> {
  rmSync(join(site, 'assets'), { recursive: true, force: true });
  const assets = await bundleAssets(root, site, componentSheets(root));
  const files = filesOf(site).filter((file) => file.endsWith('.html'));
  const pages = files.map((file) => {
    const html = shipPage(readFileSync(join(site, file), 'utf8'), file, base, assets);
    return { file, document: parse(html) };
  });
  const drawn = await drawDiagrams(pages.flatMap(({ document }) => diagramSources(document)));
  const sections = [];
  const summaries: PageSummary[] = [];
  for (const { file, document } of pages) {
    placeDiagrams(document, file, drawn);
    placePolicy(document);
    const html = serialize(document);
    writeFileSync(join(site, file), html);
    if (file === '404.html') continue;
    sections.push(...sectionsOf(html, file));
    const summary = summaryOf(html, file);
    if (summary !== undefined) summaries.push(summary);
  }
  writeFileSync(join(site, 'search-index.js'), indexScript(sections));
  writeFileSync(join(site, 'llms.txt'), llmsText(summaries));
  writeHeaders(site);
  writeSums(site);
  return pages.length;
}
