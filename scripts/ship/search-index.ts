/** Builds the search index from the pages that ship: a section for each heading and each step. */
import { parse } from 'parse5';
import { isStep, type PageSections, type Section, sectionsFrom } from '../../src/client/search/sections';
import { stepTitle } from '../../src/procedure/steps/title';
import type { Element, Node } from './dom';
import { attribute, elements, hasClass, isElement } from './dom';

const silentTags = new Set(['nav', 'button', 'script', 'style', 'svg', 'annotation', 'input']);
const silentClasses = [
  'hash-link',
  'katex-html',
  'step-head',
  'step-paper',
  'step-paper-note',
  'sheet-head',
  'sheet-people',
  'step-done-line',
  'step-drilled',
  'contract',
  'plan',
  'next',
  'run-panel',
  'position',
  'code-copy',
];
const blocks = new Set([
  'p',
  'li',
  'td',
  'th',
  'dt',
  'dd',
  'div',
  'pre',
  'figcaption',
  'tr',
  'section',
  'header',
  'footer',
]);

/** What a page puts together from what stands elsewhere (`data-derived`) is found there. */
function isSilent(element: Element): boolean {
  return (
    silentTags.has(element.tagName) ||
    attribute(element, 'data-derived') !== undefined ||
    silentClasses.some((name) => hasClass(element, name))
  );
}

interface Draft {
  readonly anchor: string;
  readonly heading: string;
  text: string;
}

class Reader {
  readonly drafts: Draft[];
  private heading = { id: '', title: '' };

  /** @param description What the page says of itself: the beginning of its first section. */
  constructor(description: string) {
    this.drafts = [{ anchor: '', heading: '', text: `${description} ` }];
  }

  private get current(): Draft {
    return this.drafts.at(-1) as Draft;
  }

  private open(anchor: string, heading: string): void {
    this.drafts.push({ anchor, heading, text: '' });
  }

  read(node: Node): void {
    if (node.nodeName === '#text' && 'value' in node) {
      this.current.text += node.value;
      return;
    }
    if (!isElement(node)) {
      if ('childNodes' in node) for (const child of node.childNodes) this.read(child);
      return;
    }
    if (isSilent(node)) return;
    const id = attribute(node, 'id');
    if (/^h[1-6]$/.test(node.tagName)) {
      // The title stands in every section of the page.
      if (node.tagName === 'h1') return;
      const title = plain(node);
      if (id === undefined) {
        this.current.text += ` ${title} `;
      } else {
        this.heading = { id, title };
        this.open(id, title);
      }
      return;
    }
    const opens = hasClass(node, 'step') && id !== undefined && isStep(id);
    if (opens) this.open(id, '');
    for (const child of node.childNodes) this.read(child);
    if (blocks.has(node.tagName)) this.current.text += ' ';
    // What follows a step belongs to its heading again.
    if (opens) this.open(this.heading.id, this.heading.title);
  }
}

function plain(node: Node): string {
  if (node.nodeName === '#text' && 'value' in node) return node.value;
  if (isElement(node) && isSilent(node)) return '';
  return 'childNodes' in node ? node.childNodes.map(plain).join('') : '';
}

/** Sections of one page. `file` is its path from the root of the site. */
export function sectionsOf(html: string, file: string): Section[] {
  const document = parse(html);
  const all = [...elements(document)];
  const main = all.find((element) => element.tagName === 'main');
  const title = all.find((element) => element.tagName === 'h1');
  if (main === undefined || title === undefined) return [];
  const page = plain(title).trim();
  const about = all.find((element) => attribute(element, 'name') === 'description');
  const reader = new Reader((about === undefined ? undefined : attribute(about, 'content')) ?? '');
  reader.read(main);
  const sections = new Map<string, Section>();
  for (const { anchor, heading, text } of reader.drafts) {
    const body = text.replace(/\s+/g, ' ').trim();
    const named = isStep(anchor) ? `${anchor} ${stepTitle(body)}` : heading.trim();
    const url = anchor === '' ? file : `${file}#${anchor}`;
    const known = sections.get(url);
    if (known !== undefined) sections.set(url, { ...known, text: `${known.text} ${body}`.trim() });
    else if (body !== '' || named !== '') sections.set(url, { url, page, heading: named, text: body });
  }
  return [...sections.values()];
}

const [before, after] = ["globalThis.runbookPages=JSON.parse('", "');\n"] as const;

/** Sections by page, in their order. */
function byPage(sections: readonly Section[]): PageSections[] {
  const pages = new Map<string, [string, string, [string, string, string][]]>();
  for (const { url, page, heading, text } of sections) {
    const [file = '', anchor = ''] = url.split('#');
    const known = pages.get(file) ?? [file, page, []];
    known[2].push([anchor, isStep(anchor) ? '' : heading, text]);
    pages.set(file, known);
  }
  return [...pages.values()];
}

/**
 * The index as a script: a script also loads from a folder, where fetch may not. Browsers read the JSON of a string
 * faster than the same text as an expression.
 */
export function indexScript(sections: readonly Section[]): string {
  return before + JSON.stringify(byPage(sections)).replace(/[\\']/g, '\\$&') + after;
}

/** The sections that the script of an index brings. */
export function sectionsIn(script: string): Section[] {
  const text = script.slice(before.length, -after.length).replace(/\\([\\'])/g, '$1');
  return sectionsFrom(JSON.parse(text) as PageSections[]);
}
