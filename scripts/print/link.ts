/** Links a built site to the print pack that stands in it, under `print/`: each procedure and form to its PDF, every page to the book. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, writeSums } from '../ship/csp';
import { unlinked } from './pages';
import { type Paper, papers } from './press';

/** Folder of the pack inside the site. */
export const PACK = 'print';

const sizes = Object.keys(papers) as Paper[];

/** Links to one PDF on each paper that the pack holds; empty when it holds none of that name. */
function linksTo(site: string, name: string, label: string, up: string, before = ''): string {
  const links = sizes
    .filter((paper) => existsSync(join(site, PACK, paper, `${name}.pdf`)))
    .map((paper) => `<a href="${up}${PACK}/${paper}/${name}.pdf">${label} (${papers[paper]})</a>`);
  return links.length === 0 ? '' : `<span class="pdf">${before}${links.join(' · ')}</span>`;
}

/** Puts a link behind a place that must be there. */
function insert(html: string, place: RegExp, link: string, file: string): string {
  if (link === '') return html;
  if (!place.test(html)) throw new RangeError(`${file}: no place for the link to its PDF`);
  return html.replace(place, (found) => `${found}${link}`);
}

/**
 * Writes the links into the pages of a site and its SHA256SUMS anew. Links of an older pack are replaced, so that none
 * is dead. @returns the number of pages with a PDF of their own. @throws RangeError when a page has no place for one.
 */
export function linkPack(site: string): number {
  let linked = 0;
  for (const file of filesOf(site).filter((name) => name.endsWith('.html'))) {
    const before = readFileSync(join(site, file), 'utf8');
    const up = '../'.repeat(file.split('/').length - 1);
    const slug = file.replace(/\/index\.html$/, '').replaceAll('/', '-');
    const own = linksTo(site, slug, 'PDF', up);
    if (own !== '') linked += 1;
    let html = unlinked(before);
    html = insert(html, /<code class="page-digest">[^<]*<\/code><\/span>/, own, file);
    const whole = linksTo(site, 'runbook', 'All pages as one PDF', up, ' · ');
    html = insert(html, /<p class="release"[^>]*>.*?(?=<\/p>)/, whole, file);
    if (html !== before) writeFileSync(join(site, file), html);
  }
  writeSums(site);
  return linked;
}
