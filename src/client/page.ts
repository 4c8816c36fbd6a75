/** What every page does with a script: color mode, copy, search, light paper. Procedures and forms bring their own. */
import { watchContents } from './contents';
import { watchFilter } from './filter';
import { watchIslands } from './islands';
import { watchPrint } from './print';
import { watchFormulas } from './scroll';
import { watchSearch } from './search/box';
import { recall, remember } from './storage';
import { trustOwnScripts } from './trusted';

function watchMode(): void {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const ofSystem = (): string => (system.matches ? 'dark' : 'light');
  const chosen = recall('theme');
  if (chosen === 'light' || chosen === 'dark') root.dataset.theme = chosen;
  // As the system does, until somebody chooses the other one.
  system.addEventListener('change', () => {
    if (recall('theme') === undefined) root.dataset.theme = ofSystem();
  });
  document.addEventListener('click', (event) => {
    if (!(event.target instanceof Element) || event.target.closest('[data-mode]') === null) return;
    root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
    remember('theme', root.dataset.theme === ofSystem() ? undefined : root.dataset.theme);
  });
}

/** The button only stays where the clipboard can be written; elsewhere people select. */
function watchCopy(): void {
  if (navigator.clipboard === undefined) {
    for (const button of document.querySelectorAll('[data-copy]')) button.remove();
    return;
  }
  document.addEventListener('click', async (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-copy]') : null;
    const text = button?.closest('figure')?.querySelector('pre')?.textContent;
    // What is read aloud after it, such as the id of the step, stays.
    const label = button?.firstChild;
    if (!label || text === undefined || text === null) return;
    try {
      await navigator.clipboard.writeText(text);
      label.textContent = 'Copied';
    } catch {
      label.textContent = 'Select and copy by hand';
    }
    setTimeout(() => {
      label.textContent = 'Copy';
    }, 2000);
  });
}

/** The menu opens where the reader is: on a long list, the page that is open would stand out of sight. */
function showHere(): void {
  const menu = document.querySelector<HTMLElement>('#menu');
  const here = menu?.querySelector<HTMLElement>('[aria-current="page"]');
  if (!menu || !here) return;
  const show = (): void => {
    menu.scrollTop = here.offsetTop - menu.clientHeight / 2;
  };
  show();
  // On a small screen the menu has no height before it opens.
  menu.addEventListener('toggle', show);
}

/** The list of sections lies over the text on a small screen, so it goes when a section was chosen. */
function closeContents(): void {
  const contents = document.querySelector<HTMLElement>('#contents');
  contents?.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('a') !== null) contents.hidePopover?.();
  });
}

/** A page whose last review is more than a year old says so. Only the reader's clock knows. */
function markStale(): void {
  const time = document.querySelector<HTMLTimeElement>('.contract time');
  if (time === null) return;
  const days = (Date.now() - Date.parse(time.dateTime)) / 86_400_000;
  if (days > 366) {
    time.closest('span')?.classList.add('stale');
    time.after(' (review overdue)');
  }
}

trustOwnScripts();
document.documentElement.dataset.js = '';
watchMode();
watchCopy();
watchPrint();
watchFormulas();
watchSearch();
watchIslands();
watchFilter();
showHere();
watchContents();
closeContents();
markStale();
