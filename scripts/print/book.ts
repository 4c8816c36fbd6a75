/** One document of all pages: cover, contents, bookmarks by chapter and page, links that stay inside, a footer a page. */
import { serialize } from 'parse5';
import type { Element } from '../ship/dom';
import { append, attribute, elements, find, hasClass, make, remove, setAttribute, textOf } from '../ship/dom';
import type { PrintedPage } from './pages';
import { targetOf } from './pages';

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[sign]};`);

/** Ids of several pages in one document: the page's name before each. */
function anchor(slug: string, id: string): string {
  return id === '' ? slug : `${slug}--${id}`;
}

const references = [
  'for',
  'aria-labelledby',
  'aria-describedby',
  'aria-controls',
  'headers',
  'popovertarget',
];

function isInSvg(element: Element): boolean {
  for (
    let node: unknown = element;
    node !== null && node !== undefined;
    node = (node as Element).parentNode
  ) {
    if ((node as Element).tagName === 'svg') return true;
  }
  return false;
}

/** The article of a page, with its ids, links and heading levels made fit for the book. */
function chapterOf(page: PrintedPage, bySlug: ReadonlyMap<string, string>, part: string): string {
  const { document, slug, file } = page;
  const article = find(document, 'an article', ({ tagName }) => tagName === 'article');
  for (const element of [...elements(article)]) {
    if (isInSvg(element)) continue;
    const { tagName } = element;
    if (tagName === 'nav' || tagName === 'script' || hasClass(element, 'run')) {
      remove(element);
      continue;
    }
    const id = attribute(element, 'id');
    if (id !== undefined) setAttribute(element, 'id', anchor(slug, id));
    for (const name of references) {
      const value = attribute(element, name);
      if (value !== undefined)
        setAttribute(
          element,
          name,
          value
            .split(/\s+/)
            .map((one) => anchor(slug, one))
            .join(' '),
        );
    }
    // Radio buttons of one name would clear one another across forms.
    const name = attribute(element, 'name');
    if (name !== undefined && tagName !== 'meta') setAttribute(element, 'name', `${slug}.${name}`);
    const href = attribute(element, 'href');
    if (tagName === 'a' && href !== undefined) {
      const target = targetOf(href, file);
      const other = target === undefined ? undefined : bySlug.get(target.file);
      if (target !== undefined && other !== undefined) {
        setAttribute(element, 'href', `#${anchor(other, target.hash)}`);
        // Beside the link stands the sheet on which the page begins.
        if (other !== slug) setAttribute(element, 'data-target', `sheet ${numberOf(other)}`);
      }
    }
    const level = /^h([1-5])$/.exec(tagName)?.[1];
    if (level !== undefined) {
      element.tagName = `h${Number(level) + 1}`;
      element.nodeName = element.tagName;
      setAttribute(element, 'class', `${attribute(element, 'class') ?? ''} was-h${level}`.trim());
    }
  }
  const section = make('section', { class: 'book-page', id: slug, style: `page:${slug}` });
  if (part !== '') append(section, make('h1', { class: 'book-part' }, part));
  append(section, article);
  const holder = make('div', {});
  append(holder, section);
  return serialize(holder);
}

const quote = (text: string): string => text.replace(/["\\<\n]/g, ' ').trim();

/** Stands in the HTML for the number of the sheet on which a page begins. */
const numberOf = (slug: string): string => `\uE000${slug}\uE001`;
const marks = /\uE000([^\uE001]*)\uE001/g;

/** The style sheets of a page in their order, named from the root of the site. */
const stylesheetsOf = (document: PrintedPage['document']): string[] =>
  [...elements(document)]
    .filter(({ tagName }) => tagName === 'link')
    .filter((link) => attribute(link, 'rel') === 'stylesheet')
    .map((link) => (attribute(link, 'href') ?? '').replace(/^(\.\.\/)+/, ''));

/** Names of the styles that the pages use, and the rules for the margins of their sheets. */
function styleOf(pages: readonly PrintedPage[], release: string): string {
  const files: string[] = [];
  const sheets = [`@page{@bottom-left{content:"${release}"}}`];
  for (const { document, slug, title } of pages) {
    // Each behind the one that it follows on its page: the rules for paper must stay behind those for the screen.
    let before = -1;
    for (const file of stylesheetsOf(document)) {
      if (!files.includes(file)) files.splice(before + 1, 0, file);
      before = files.indexOf(file);
    }
    const digest = [...elements(document)].find((element) => hasClass(element, 'page-digest'));
    const page = digest === undefined ? '' : ` · page ${textOf(digest)}`;
    sheets.push(
      `@page ${slug}{@top-left{content:"${quote(title)}"}@bottom-left{content:"${release}${page}"}}`,
    );
  }
  const links = files.map((href) => `<link rel="stylesheet" href="${href}">`).join('');
  return `${links}<style>${sheets.join('')}
.book-cover{break-after:page}.book-cover .book-title{font-size:26pt;font-weight:700}
.book-contents ol{margin:0 0 6pt;padding:0;list-style:none}.book-contents li{display:flex;gap:8pt;font-size:9.5pt}
.book-contents li a{flex:1;text-decoration:none}.book-contents li span{font-variant-numeric:tabular-nums}
.book-chapter{margin:8pt 0 2pt;font-weight:700}.book-page{break-before:page}
.book-part{break-after:avoid;margin:0 0 8pt;font-size:24pt}
.prose .was-h1{font-size:19pt;margin:0 0 .5rem;padding:0}.prose .was-h2{font-size:14pt;margin:16pt 0 6pt}.prose .was-h3{font-size:12pt}
</style>`;
}

/**
 * Makes the HTML of the book, to be opened at the root of the site.
 * @param numbers Sheet of each page by slug; empty when they are still to be counted.
 * @param counted Folder of the one chapter that is wanted behind cover and contents, to count its sheets: nothing of it
 * is painted, which takes half the time. All chapters, visible, when absent.
 */
export type Book = (numbers: ReadonlyMap<string, number>, counted?: string) => string;

/** Binds the pages; they are changed by it. */
export function bindBook(
  pages: readonly PrintedPage[],
  chapters: readonly { readonly folder: string; readonly label: string }[],
): Book {
  const first = pages[0];
  if (first === undefined) throw new RangeError('a book without pages');
  const bySlug = new Map(pages.map(({ file, slug }) => [file, slug]));
  const release = quote(
    textOf(find(first.document, 'the release', (element) => hasClass(element, 'release'))),
  );
  const style = styleOf(pages, release);
  const contents: string[] = [];
  const bodies = new Map<string, string>();
  for (const { folder, label } of chapters) {
    const own = pages.filter(({ file }) => file.startsWith(`${folder}/`));
    if (own.length === 0) continue;
    const lines = own.map(
      ({ slug, title }) => `<li><a href="#${slug}">${escaped(title)}</a><span>${numberOf(slug)}</span></li>`,
    );
    contents.push(`<p class="book-chapter">${escaped(label)}</p><ol>${lines.join('')}</ol>`);
    // The name of the chapter is a bookmark over those of its pages.
    const made = own.map((page, place) => chapterOf(page, bySlug, place === 0 ? label : ''));
    bodies.set(folder, made.join(''));
  }
  return (numbers, counted) => {
    const body = counted === undefined ? [...bodies.values()].join('') : (bodies.get(counted) ?? '');
    const hidden = counted === undefined ? '' : '<style>body{visibility:hidden}</style>';
    const html = `<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8"><title>MasterKey Runbook</title>${style}${hidden}</head><body><section class="book-cover"><p class="book-title">MasterKey Runbook</p><p>${escaped(release)}</p>
<p>All pages in the order of the menu. A sheet names its page, the release, the commit and the digest of its page at its foot.</p></section>
<nav class="book-contents" aria-label="Contents">${contents.join('')}</nav>${body}</body></html>`;
    // As wide on the first pass as on the last (U+2007 is a space as wide as a digit), so that no line breaks elsewhere.
    return html.replace(marks, (_, slug: string) => String(numbers.get(slug) ?? '000').padStart(3, '\u2007'));
  };
}
