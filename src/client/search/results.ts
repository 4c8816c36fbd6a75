/** What the search box shows. Loads with the first search, beside the index: most pages are read without one. */
import { element } from '../element';
import { nextTask } from '../tasks';
import { prepare } from './prepare';
import { type Hit, rank } from './rank';
import { type PageSections, sectionsFrom } from './sections';
import { understood } from './understood';
import { fold } from './words';

type Prepared = ReturnType<typeof prepare>;

/** Options for the list, and what the box says above them. */
export interface Results {
  readonly options: readonly HTMLElement[];
  readonly status: string;
}

declare global {
  /** Set by search-index.js. */
  var runbookPages: readonly PageSections[] | undefined;
  var runbookSearch: ((query: string, root: string) => Promise<Results>) | undefined;
}

/** How long the browser may be kept from showing what is typed, in ms. */
const patience = 8;

/** Prepares the index in short tasks. */
async function prepareAll(pages: readonly PageSections[]): Promise<Prepared> {
  const all: Prepared = [];
  let until = 0;
  for (const section of sectionsFrom(pages)) {
    if (performance.now() > until) {
      await nextTask();
      until = performance.now() + patience;
    }
    all.push(...prepare([section]));
  }
  return all;
}

/** The text with the asked words marked. */
function marked(text: string, asked: readonly string[]): (Node | string)[] {
  const folded = fold(text);
  if (folded.length !== text.length) return [text];
  const parts: (Node | string)[] = [];
  let at = 0;
  while (at < text.length) {
    const next = asked
      .map((word) => ({ word, place: folded.indexOf(word, at) }))
      .filter(({ place }) => place >= 0)
      .sort((a, b) => a.place - b.place || b.word.length - a.word.length)[0];
    if (next === undefined) break;
    parts.push(text.slice(at, next.place));
    at = next.place + next.word.length;
    parts.push(element('mark', {}, text.slice(next.place, at)));
  }
  parts.push(text.slice(at));
  return parts;
}

/** What an option needs of a hit. */
type Shown = Pick<Hit, 'section' | 'snippet'>;

function option(hit: Shown, place: number, asked: readonly string[], root: string): HTMLElement {
  const { url, page, heading } = hit.section;
  const title = heading === '' ? page : heading;
  const chapter = heading === '' ? '' : page;
  return element(
    'a',
    { role: 'option', id: `hit-${place}`, href: root + url, tabindex: '-1', 'aria-selected': 'false' },
    element('strong', {}, ...marked(title, asked)),
    element('small', {}, chapter),
    element('span', {}, ...marked(hit.snippet, asked)),
  );
}

/** Where to go when nothing matches. */
const doors: readonly Shown[] = [
  ['emergency/index.html', 'Something is down', 'Three questions lead to the right procedure.'],
  ['introduction/glossary/index.html', 'Glossary', 'The words that this runbook uses, and only those.'],
].map(([url = '', page = '', snippet = '']) => ({ section: { url, page, heading: '', text: '' }, snippet }));

let index: Promise<Prepared> | undefined;

globalThis.runbookSearch = async (query, root) => {
  index ??= prepareAll(globalThis.runbookPages ?? []);
  const prepared = await index;
  const asked = understood(prepared, query);
  const hits = rank(prepared, query, asked);
  const shown: readonly Shown[] = hits.length === 0 ? doors : hits;
  return {
    options: shown.map((hit, place) => option(hit, place, asked, root)),
    status:
      hits.length === 0
        ? 'Nothing matches. Try a step id (UNS-04), a provider, or the words of the error message. Or go to:'
        : '',
  };
};
