/** Turns a page of the framework's build into the page that ships: same text, no framework, relative links. */
import { parse, serialize } from 'parse5';
import type { Assets } from './assets';
import { placeChoice } from './choice';
import type { Document, Element, Node } from './dom';
import {
  append,
  attribute,
  elements,
  find,
  hasClass,
  isElement,
  make,
  remove,
  setAttribute,
  textOf,
} from './dom';
import { relativeLink, rootOf } from './links';

/**
 * Runs before the first paint: color mode, the sign that scripts run, and the address. Links name index.html so that they
 * work from a folder; a web server's address reads better without. After the rules below a new address would have the
 * browser lay out the page to judge every link again. The only inline script that runs; its hash stands in the Content
 * Security Policy, beside that of the rules.
 */
export const inlineScript =
  "(function(r,l){var t;try{t=localStorage.getItem('runbook.theme')}catch(e){}" +
  "r.dataset.theme=t||(matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light');r.dataset.js='';" +
  'if(/^http/.test(l.protocol)&&/\\/index\\.html$/.test(l.pathname))' +
  "history.replaceState(history.state,'',l.pathname.slice(0,-10)+l.search+l.hash)" +
  '})(document.documentElement,location)';

/**
 * A page of this site is fetched when the reader points at its link, so that it is there with the click (Speculation
 * Rules, WICG). Browsers that do not know such rules, and pages in a folder, pass them over.
 */
export const speculationRules = JSON.stringify({
  prefetch: [{ where: { href_matches: '/*.html*' }, eagerness: 'moderate' }],
});

const unwantedMeta = /^(generator|docsearch:|docusaurus_)/;

function isUnwanted(element: Element): boolean {
  const { tagName } = element;
  if (tagName === 'script') return attribute(element, 'type') !== 'application/ld+json';
  if (tagName === 'link') {
    const relation = attribute(element, 'rel') ?? '';
    return ['stylesheet', 'preload', 'prefetch', 'modulepreload', 'alternate', 'search'].includes(relation);
  }
  return tagName === 'meta' && unwantedMeta.test(attribute(element, 'name') ?? '');
}

function usesSprite(document: Document): boolean {
  for (const element of elements(document)) {
    if (element.tagName === 'use' && (attribute(element, 'href') ?? '').startsWith('#theme-svg')) return true;
  }
  return false;
}

/** What a page has, and so must load. */
export interface Content {
  readonly math: boolean;
  readonly procedure: boolean;
  readonly forms: boolean;
  /** The place where open runs are named, and the question about a printed copy. */
  readonly resume: boolean;
  readonly editions: boolean;
  /** A component with styles of its own. */
  readonly components: boolean;
}

function contentOf(document: Document, { styled }: Assets): Content {
  const isStyled = (name: string): boolean => styled.includes(name.split('_')[0] ?? '');
  let math = false;
  let procedure = false;
  let forms = false;
  let resume = false;
  let editions = false;
  let components = false;
  for (const element of elements(document)) {
    if (hasClass(element, 'katex')) math = true;
    if (attribute(element, 'data-run') !== undefined) procedure = true;
    if (attribute(element, 'data-form') !== undefined) forms = true;
    if (attribute(element, 'data-resume') !== undefined) resume = true;
    if (attribute(element, 'data-editions') !== undefined) editions = true;
    if ((attribute(element, 'class') ?? '').split(' ').some(isStyled)) components = true;
  }
  return { math, procedure, forms, resume, editions, components };
}

/** Every element that no island holds: what an island holds must stay as React knows it. */
function* still(node: Node): Generator<Element> {
  if (!('childNodes' in node)) return;
  for (const child of [...node.childNodes]) {
    if (!isElement(child) || attribute(child, 'data-island') !== undefined) continue;
    yield child;
    yield* still(child);
  }
}

/** React marks where pieces of text meet; only islands, which React will know again, need the marks. */
function dropComments(document: Document): void {
  for (const element of still(document)) {
    element.childNodes = element.childNodes.filter(({ nodeName }) => nodeName !== '#comment');
  }
}

/** A step is a heading below the one that it stands under. */
function placeSteps(document: Document): void {
  let level = 1;
  for (const element of elements(document)) {
    if (hasClass(element, 'step-title')) element.tagName = element.nodeName = `h${level + 1}`;
    else if (/^h[1-6]$/.test(element.tagName)) level = Number(element.tagName.slice(1));
  }
}

/** Paths in tables may go on below after a slash: a column is as wide as its longest word. Copied text stays the same. */
function breakPaths(document: Document): void {
  for (const cell of still(document)) {
    if (cell.tagName !== 'td' && cell.tagName !== 'th') continue;
    for (const code of elements(cell)) {
      if (code.tagName !== 'code' || code.childNodes.some(({ nodeName }) => nodeName !== '#text')) continue;
      const parts = textOf(code).split(/(?<=\w\/)(?=\w)/);
      if (parts.length < 2) continue;
      code.childNodes = [];
      for (const [index, part] of parts.entries()) {
        if (index > 0) append(code, make('wbr', {}));
        append(code, { nodeName: '#text', value: part, parentNode: code } as Node);
      }
    }
  }
}

/** The addresses in an island's props must equal those in its markup, or React would not know it again. */
function relativeProps(props: string, base: string, link: (href: string) => string): string {
  const isAddress = (value: unknown): value is string =>
    typeof value === 'string' && /^\/[\w./-]*$/.test(value);
  return JSON.stringify(JSON.parse(props), (_key, value: unknown) =>
    isAddress(value) && value.startsWith(base) ? link(value) : value,
  );
}

/** Names every printed sheet: the page's title above, the release below. Nothing else can put text into a margin box. */
function sheetStyle(document: Document): string {
  const text = (what: string, test: (element: Element) => boolean): string =>
    textOf(find(document, what, test))
      .replace(/["\\<\n]/g, ' ')
      .trim();
  const title = text('an h1', (element) => element.tagName === 'h1');
  const release = text('the release in the footer', (element) => hasClass(element, 'release'));
  const digest = [...elements(document)].find((element) => hasClass(element, 'page-digest'));
  const page = digest === undefined ? '' : ` · page ${textOf(digest)}`;
  return `@page{@top-left{content:"${title}"}@bottom-left{content:"${release}${page}"}}`;
}

/** More than the first screen of a page holds, with the text of its formulas for screen readers. */
const FIRST_SCREEN = 4000;

/**
 * The id of what must be there before the first paint: else a slow device shows half a formula or half a row, and moves
 * it when the rest comes (HTML, `rel=expect`). It is the first id below the first screen, or the end of the page.
 */
function firstScreen(document: Document): string {
  let length = 0;
  const main = find(document, 'main', (element) => element.tagName === 'main');
  for (const element of elements(main)) {
    const id = attribute(element, 'id');
    if (id !== undefined && /^[\w.-]+$/.test(id) && length > FIRST_SCREEN) return id;
    for (const child of element.childNodes) if ('value' in child) length += child.value.length;
  }
  const foot = find(document, 'the release in the footer', (element) => hasClass(element, 'release'));
  setAttribute(foot, 'id', 'foot');
  return 'foot';
}

/**
 * Makes the page that ships.
 * @param file Path from the root of the site. `404.html` is served at any depth, so its links stay absolute.
 * @param base Path prefix of the site with both slashes.
 */
export function shipPage(html: string, file: string, base: string, assets: Assets): string {
  const document = parse(html);
  const isAnywhere = file === '404.html';
  const link = (href: string): string => (isAnywhere ? href : relativeLink(href, file, base));
  const root = isAnywhere ? base : rootOf(file);
  for (const element of elements(document)) {
    if (isUnwanted(element)) remove(element);
    for (const name of ['data-rh', 'data-has-hydrated']) setAttribute(element, name, undefined);
    for (const name of ['href', 'src']) {
      const value = attribute(element, name);
      if (value !== undefined) setAttribute(element, name, link(value));
    }
  }
  for (const element of elements(document)) {
    const props = attribute(element, 'data-props');
    if (props !== undefined) setAttribute(element, 'data-props', relativeProps(props, base, link));
  }
  const sprite = [...elements(document)].find(
    (element) => element.tagName === 'svg' && attribute(element, 'style') === 'display: none;',
  );
  if (sprite !== undefined && !usesSprite(document)) remove(sprite);

  const { math, procedure, forms, resume, editions, components } = contentOf(document, assets);
  const scriptOf = (name: string): string => {
    const script = assets.islands.scripts[name];
    if (script === undefined)
      throw new RangeError(`${file}: island ${name} is not listed in scripts/ship/islands.ts`);
    return script;
  };
  for (const element of elements(document)) {
    const island = attribute(element, 'data-island');
    if (island === undefined) continue;
    // src/client/islands.ts loads both when the reader comes near.
    setAttribute(element, 'data-react', root + assets.islands.react);
    setAttribute(element, 'data-script', root + scriptOf(island));
  }
  dropComments(document);
  breakPaths(document);
  placeSteps(document);
  placeChoice(document);
  const head = find(document, 'a head', (element) => element.tagName === 'head');
  append(head, make('link', { rel: 'expect', href: `#${firstScreen(document)}`, blocking: 'render' }));
  append(head, make('script', {}, inlineScript));
  append(head, make('script', { type: 'speculationrules' }, speculationRules));
  const sheets = [
    assets.style,
    ...(procedure || forms ? [assets.work] : []),
    assets.print,
    ...(components ? [assets.components] : []),
  ];
  for (const sheet of sheets) append(head, make('link', { rel: 'stylesheet', href: root + sheet }));
  append(head, make('style', {}, sheetStyle(document)));
  if (math) {
    append(head, make('link', { rel: 'stylesheet', href: root + assets.math }));
    append(head, make('script', { src: root + assets.formulas }));
  }
  append(
    head,
    make('script', {
      src: root + assets.script,
      defer: '',
      'data-root': root,
      'data-results': root + assets.search,
    }),
  );
  const later = (src: string, more: Readonly<Record<string, string>> = {}): void =>
    append(head, make('script', { src: root + src, defer: '', ...more }));
  if (procedure) later(assets.procedure, { 'data-run-script': root + assets.run });
  if (forms) later(assets.forms, { 'data-form-run': root + assets.formRun });
  if (resume) later(assets.resume);
  if (editions) later(assets.editions);
  setAttribute(
    find(document, 'an html element', (element) => element.tagName === 'html'),
    'class',
    undefined,
  );
  return serialize(document);
}
