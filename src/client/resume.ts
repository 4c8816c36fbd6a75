/** Names the runs that are open in this browser on the start page and the emergency page, each with its next step. */
import { isSettled, lastTouched, type ProcedureRun, readRun, runPatterns } from '../procedure/run/run';
import { element } from './element';
import { type Card, cardPrefix, lifetime, runPrefix } from './run-card';

function storedRuns(): ProcedureRun[] {
  const runs: ProcedureRun[] = [];
  try {
    for (const [key, text] of Object.entries(localStorage)) {
      if (!key.startsWith(runPrefix)) continue;
      try {
        runs.push(readRun(String(text)));
      } catch {
        // Not a run of this release: its page says so.
      }
    }
  } catch {
    // Blocked storage holds none.
  }
  return runs;
}

function cardOf({ page, name }: ProcedureRun): Card | undefined {
  try {
    const card = JSON.parse(localStorage.getItem(cardPrefix + page) ?? 'null') as Card | null;
    return card?.name === name && typeof card.title === 'string' ? card : undefined;
  } catch {
    return undefined;
  }
}

/** `docs/emergency/unseal.mdx` → `emergency/unseal/index.html`, which also works from a folder. */
function addressOf(page: string, root: string): string {
  return `${root}${page.replace(/^docs\//, '').replace(/(?:\/index)?\.mdx?$/, '')}/index.html`;
}

function lineOf(run: ProcedureRun, card: Card, root: string): HTMLElement {
  const settled = Object.keys(run.steps).filter((id) => isSettled(run, id)).length;
  const when = lastTouched(run).slice(0, 16).replace('T', ' ');
  const next = runPatterns.step.test(card.next) ? card.next : '';
  const href = addressOf(run.page, root) + (next === '' ? '' : `#${next}`);
  const step = next === '' ? 'Every step is done or skipped.' : `Next: ${next}, ${card.words}`;
  return element(
    'li',
    {},
    element('a', { href }, card.title),
    element('span', {}, `Run “${run.name}”: ${settled} of ${card.total} steps, last ${when} UTC. ${step}`),
  );
}

/** Runs that were touched within a day, the latest first. */
function show(): void {
  const place = document.querySelector<HTMLElement>('[data-resume]');
  const root = document.querySelector<HTMLElement>('script[data-root]')?.dataset.root ?? '';
  if (place === null) return;
  const items = storedRuns()
    .filter((run) => Date.now() - Date.parse(lastTouched(run)) < lifetime)
    .sort((a, b) => lastTouched(b).localeCompare(lastTouched(a)))
    .flatMap((run) => {
      const card = cardOf(run);
      return card === undefined ? [] : [lineOf(run, card, root)];
    });
  place.querySelector('ul')?.replaceChildren(...items);
  place.hidden = items.length === 0;
}

show();
addEventListener('pageshow', show);
addEventListener('storage', show);
