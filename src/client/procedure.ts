/**
 * The script of pages with steps: where the reader stands, and the way to the run. The run itself (run.ts) comes when it is
 * needed: at once with an address that chooses shards or a run in this browser, else with the first touch or when the
 * browser is idle. What is done in between is held, and done again.
 */
import { holdEvents } from './held-events';
import { load } from './load';
import { hasRuns } from './run-card';
import { type Place, watchPlace } from './run-place';

declare global {
  /** Set by the script of the run: opens it on the page. */
  var runbookRun: ((place: Place) => void) | undefined;
}

function watch(): void {
  const bar = document.querySelector<HTMLElement>('[data-position]');
  const panel = document.querySelector<HTMLElement>('[data-run]');
  const src = document.querySelector<HTMLElement>('script[data-run-script]')?.dataset.runScript;
  if (bar === null || panel === null || src === undefined) return;
  const place = watchPlace(bar, Number(panel.dataset.target ?? 0));
  let isAsked = false;
  const repeat = holdEvents('[data-run], section.step, table[data-choice]', () => wake());
  const wake = (): void => {
    if (isAsked) return;
    isAsked = true;
    load(src).then(
      () => {
        runbookRun?.(place);
        repeat();
        panel.dataset.awake = '';
      },
      () => {
        isAsked = false;
      },
    );
  };
  const { page = '' } = panel.dataset;
  if (hasRuns(page) || new URLSearchParams(location.search).has('shards')) wake();
  else if ('requestIdleCallback' in globalThis) addEventListener('load', () => requestIdleCallback(wake));
  else addEventListener('load', () => setTimeout(wake, 200));
}

watch();
