/** Narrows a table by its rows' group (`data-framework`) and by a word, and says how many rows are left. */

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
  const rows = [...document.querySelectorAll<HTMLTableRowElement>(`#${filter.dataset.filter} tbody tr`)];
  const narrow = (): void => {
    const wanted = word.value.trim().toLowerCase();
    for (const row of rows) {
      const fits = group.value === '' || row.dataset.framework === group.value;
      row.hidden = !(fits && (row.textContent ?? '').toLowerCase().includes(wanted));
    }
    const shown = rows.filter((row) => !row.hidden).length;
    count.textContent = `${shown} ${shown === 1 ? 'control' : 'controls'}`;
  };
  group.addEventListener('change', narrow);
  word.addEventListener('input', narrow);
  // A browser that comes back to the page fills the fields in again.
  if (group.value !== '' || word.value !== '') narrow();
}
