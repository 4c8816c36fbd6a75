/**
 * Narrows a table by its rows' group (`data-framework`) and by words, and says how many rows are left. A fold that holds
 * the words opens. A link to a row that is left out shows all rows again.
 */

function required<T extends Element>(root: ParentNode, selector: string): T {
  const element = root.querySelector<T>(selector);
  if (element === null) throw new RangeError(`the page lacks ${selector}`);
  return element;
}

/** Wakes the filter of a page that has one. */
export function watchFilter(): void {
  const filter = document.querySelector<HTMLElement>('[data-filter]');
  if (filter === null) return;
  const group = required<HTMLSelectElement>(filter, '[data-filter-group]');
  const word = required<HTMLInputElement>(filter, '[data-filter-word]');
  const count = required<HTMLElement>(filter, '[data-filter-count]');
  const table = required<HTMLTableElement>(document, `#${filter.dataset.filter}`);
  const rows = [...table.querySelectorAll<HTMLTableRowElement>('tr[data-framework]')];
  const heads = [...table.querySelectorAll<HTMLTableRowElement>('tr[data-group]')];
  const holds = (element: Element, wanted: readonly string[]) => {
    const text = (element.textContent ?? '').toLowerCase();
    return wanted.every((one) => text.includes(one));
  };
  const narrow = (): void => {
    const wanted = word.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const fits = group.value === '' || row.dataset.framework === group.value;
      row.hidden = !(fits && holds(row, wanted));
      for (const fold of row.querySelectorAll('details'))
        fold.open = wanted.length > 0 && holds(fold, wanted);
    }
    const shown = rows.filter((row) => !row.hidden);
    const groups = new Set(shown.map(({ dataset }) => dataset.framework));
    for (const head of heads) head.hidden = !groups.has(head.dataset.group);
    count.textContent = `${shown.length} ${shown.length === 1 ? 'control' : 'controls'}`;
  };
  group.addEventListener('change', narrow);
  word.addEventListener('input', narrow);
  const reveal = (hash: string): void => {
    const row = document.getElementById(decodeURIComponent(hash.slice(1)))?.closest('tr');
    if (!row?.hidden) return;
    group.value = '';
    word.value = '';
    narrow();
    row.scrollIntoView();
  };
  // Before the browser goes there; and when it comes back to it.
  document.addEventListener('click', ({ target }) => {
    const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href^="#"]') : null;
    if (link !== null) reveal(link.hash);
  });
  addEventListener('hashchange', () => reveal(location.hash));
  // A browser that comes back to the page fills the fields in again, some after the scripts have run.
  const narrowAgain = (): void => {
    if (group.value !== '' || word.value !== '') narrow();
  };
  narrowAgain();
  addEventListener('pageshow', narrowAgain);
}
