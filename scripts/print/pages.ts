/** What the print pack is made of: the pages of a built site in the order of its menu. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'parse5';
import { filesOf } from '../ship/csp';
import type { Document } from '../ship/dom';
import { attribute, elements, find, hasClass, textOf } from '../ship/dom';

export interface PrintedPage {
  /** Path from the root of the site: `emergency/unseal/index.html`. */
  readonly file: string;
  /** Name without slashes: `emergency-unseal`. */
  readonly slug: string;
  readonly title: string;
  readonly kind: 'procedure' | 'form' | 'text';
  readonly document: Document;
}

function kindOf(document: Document): PrintedPage['kind'] {
  let kind: PrintedPage['kind'] = 'text';
  for (const element of elements(document)) {
    if (attribute(element, 'data-form') !== undefined) return 'form';
    if (element.tagName === 'section' && hasClass(element, 'step')) kind = 'procedure';
  }
  return kind;
}

/** Path of a relative link from a page; undefined for links out of the site and to files that are no pages. */
export function targetOf(
  href: string,
  file: string,
): { readonly file: string; readonly hash: string } | undefined {
  const base = 'https://site.invalid/';
  const url = new URL(href, base + file);
  if (!url.href.startsWith(base)) return undefined;
  const path = url.pathname.slice(1);
  const page = path === '' || path.endsWith('/') ? `${path}index.html` : path;
  return page.endsWith('.html') ? { file: page, hash: decodeURIComponent(url.hash.slice(1)) } : undefined;
}

/** Text of a page without the links to a print pack (`link.ts`): a linked site is printed as it was before. */
export function unlinked(html: string): string {
  return html.replace(/<span class="pdf">.*?<\/span>/g, '');
}

/** Reads the pages of a build. Throws RangeError when there are none. */
export function readPages(site: string): PrintedPage[] {
  const pages = filesOf(site)
    .filter((file) => file.endsWith('/index.html'))
    .map((file): PrintedPage => {
      const document = parse(unlinked(readFileSync(join(site, file), 'utf8')));
      const title = textOf(find(document, 'an h1', ({ tagName }) => tagName === 'h1')).trim();
      const slug = file.replace(/\/index\.html$/, '').replaceAll('/', '-');
      return { file, slug, title, kind: kindOf(document), document };
    });
  if (pages.length === 0) throw new RangeError('the build has no pages');
  const order: string[] = [];
  // A page's menu lists the pages of its own chapter in full.
  for (const { document, file } of pages) {
    const menu = [...elements(document)].find((element) => attribute(element, 'id') === 'menu');
    for (const element of menu === undefined ? [] : elements(menu)) {
      const href = element.tagName === 'a' ? attribute(element, 'href') : undefined;
      const target = href === undefined ? undefined : targetOf(href, file)?.file;
      const isNear = target?.split('/')[0] === file.split('/')[0];
      if (target !== undefined && isNear && !order.includes(target)) order.push(target);
    }
  }
  const place = (file: string): number => (order.includes(file) ? order.indexOf(file) : order.length);
  return pages.sort((a, b) => place(a.file) - place(b.file) || (a.file < b.file ? -1 : 1));
}
