/** The search box: `/` or Ctrl-K opens it, arrows choose, Enter goes. Index and ranking load with the first use. */
import { element } from '../element';
import { load } from '../load';
import type { Results } from './results';

/** Where this page's own script tag says that the root of the site and the script of the results are. */
function place(): { readonly root: string; readonly results: string } {
  const { root = '/', results = '' } =
    document.querySelector<HTMLScriptElement>('script[data-root]')?.dataset ?? {};
  return { root, results };
}

async function find(query: string): Promise<Results> {
  const { root, results } = place();
  await Promise.all([load(`${root}search-index.js`), globalThis.runbookSearch ?? load(results)]);
  if (globalThis.runbookSearch === undefined) throw new RangeError('the search did not load');
  return globalThis.runbookSearch(query, root);
}

/** Whoever points at the button is about to search. */
function loadEarly(): void {
  find('').catch(() => undefined);
}

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
      const found = await find(query);
      if (query !== input.value) return;
      list.replaceChildren(...found.options);
      status.textContent = found.status;
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
