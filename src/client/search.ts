/** The search box: `/` or Ctrl-K opens it, arrows choose, Enter goes. The index loads with the first use. */
import type { Hit, Section } from './rank';
import { fold, prepare, rank, words } from './rank';
import { nextTask } from './tasks';

type Prepared = ReturnType<typeof prepare>;

declare global {
  /** Set by search-index.js; a script also loads from a folder, where fetch may not. */
  var runbookSections: readonly Section[] | undefined;
}

/** Path from this page to the root of the site, set on the script's own tag. */
function siteRoot(): string {
  return document.querySelector<HTMLScriptElement>('script[data-root]')?.dataset.root ?? '/';
}

let loading: Promise<Prepared> | undefined;

/** How long the browser may be kept from showing what is typed, in ms. */
const patience = 8;

/** Prepares the index in short tasks. */
async function prepareAll(sections: readonly Section[]): Promise<Prepared> {
  const all: Prepared = [];
  let until = 0;
  for (const section of sections) {
    if (performance.now() > until) {
      await nextTask();
      until = performance.now() + patience;
    }
    all.push(...prepare([section]));
  }
  return all;
}

function loadIndex(): Promise<Prepared> {
  loading ??= new Promise((resolve, reject) => {
    const tag = document.createElement('script');
    tag.src = `${siteRoot()}search-index.js`;
    tag.addEventListener('load', () => resolve(prepareAll(globalThis.runbookSections ?? [])));
    tag.addEventListener('error', () => {
      loading = undefined;
      reject(new Error('search index did not load'));
    });
    document.head.append(tag);
  });
  return loading;
}

/** Whoever points at the button is about to search. */
function loadEarly(): void {
  loadIndex().catch(() => undefined);
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
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

function option(hit: Shown, place: number, asked: readonly string[]): HTMLElement {
  const { url, page, heading } = hit.section;
  const title = heading === '' ? page : heading;
  const chapter = heading === '' ? '' : page;
  return element(
    'a',
    { role: 'option', id: `hit-${place}`, href: siteRoot() + url, tabindex: '-1', 'aria-selected': 'false' },
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

/** Puts the box into the page. The function that is returned opens it. */
function makeBox(): () => void {
  const input = element('input', {
    type: 'text',
    enterkeyhint: 'go',
    role: 'combobox',
    placeholder: 'Step id, error message, provider …',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-label': 'Search the runbook',
    'aria-expanded': 'true',
    'aria-controls': 'hits',
    'aria-autocomplete': 'list',
  });
  const list = element('div', { id: 'hits', role: 'listbox', 'aria-label': 'Results' });
  const status = element('p', { role: 'status' });
  const dialog = element('dialog', { class: 'search', 'aria-label': 'Search' }, input, status, list);
  document.body.append(dialog);
  let chosen = 0;

  const choose = (place: number): void => {
    const options = [...list.children];
    chosen = options.length === 0 ? 0 : (place + options.length) % options.length;
    for (const [index, each] of options.entries())
      each.setAttribute('aria-selected', String(index === chosen));
    options[chosen]?.scrollIntoView({ block: 'nearest' });
    if (options.length === 0) input.removeAttribute('aria-activedescendant');
    else input.setAttribute('aria-activedescendant', `hit-${chosen}`);
  };
  const update = async (): Promise<void> => {
    const query = input.value;
    if (query.trim() === '') {
      list.replaceChildren();
      status.textContent = 'Type a step id, a provider, an error message, or what has happened.';
      return;
    }
    try {
      const index = await loadIndex();
      if (query !== input.value) return;
      const asked = words(query);
      const hits = rank(index, query);
      const shown: readonly Shown[] = hits.length === 0 ? doors : hits;
      list.replaceChildren(...shown.map((hit, place) => option(hit, place, asked)));
      status.textContent =
        hits.length === 0
          ? 'Nothing matches. Try a step id (UNS-04), a provider, or the words of the error message. Or go to:'
          : '';
      choose(0);
    } catch {
      status.textContent = 'The search index did not load. The menu lists every page.';
    }
  };
  input.addEventListener('input', () => void update());
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') choose(chosen + 1);
    else if (event.key === 'ArrowUp') choose(chosen - 1);
    else if (event.key === 'Enter') list.querySelector<HTMLAnchorElement>('[aria-selected="true"]')?.click();
    else return;
    event.preventDefault();
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog || (event.target instanceof Element && event.target.closest('a') !== null))
      dialog.close();
  });
  return () => {
    if (dialog.open) return;
    dialog.showModal();
    input.select();
    void update();
    loadEarly();
  };
}

/** Listens for what opens the box, which is made at the first use. */
export function watchSearch(): void {
  const buttons = document.querySelectorAll<HTMLButtonElement>('[data-search]');
  if (buttons.length === 0) return;
  let openBox: (() => void) | undefined;
  const open = (): void => {
    openBox ??= makeBox();
    openBox();
  };
  for (const button of buttons) {
    button.addEventListener('click', open);
    button.addEventListener('pointerenter', loadEarly, { once: true });
  }
  document.addEventListener('keydown', (event) => {
    const isTyping =
      event.target instanceof Element && event.target.closest('input, textarea, select') !== null;
    const isSlash = event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey;
    const isChord = event.key === 'k' && (event.ctrlKey || event.metaKey);
    if (!isSlash && !isChord) return;
    event.preventDefault();
    open();
  });
}
