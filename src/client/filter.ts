/** Narrows a table by its rows' group (`data-framework`) and by a word, and says how many rows are left. A fold that holds the word opens. */

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
  const holds = (element: Element, wanted: string) =>
    (element.textContent ?? '').toLowerCase().includes(wanted);
  const narrow = (): void => {
    const wanted = word.value.trim().toLowerCase();
    for (const row of rows) {
      const fits = group.value === '' || row.dataset.framework === group.value;
      row.hidden = !(fits && holds(row, wanted));
      for (const fold of row.querySelectorAll('details')) fold.open = wanted !== '' && holds(fold, wanted);
    }
    const shown = rows.filter((row) => !row.hidden);
    const groups = new Set(shown.map(({ dataset }) => dataset.framework));
    for (const head of heads) head.hidden = !groups.has(head.dataset.group);
    count.textContent = `${shown.length} ${shown.length === 1 ? 'control' : 'controls'}`;
  };
  group.addEventListener('change', narrow);
  word.addEventListener('input', narrow);
  // A browser that comes back to the page fills the fields in again.
  if (group.value !== '' || word.value !== '') narrow();
}
