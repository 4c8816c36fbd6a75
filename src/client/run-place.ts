/** The line that says where the reader stands in a procedure, what is done, and which point of no return is ahead. */
import type { ProcedureRun } from '../procedure/run/run';
import { watchReached } from './reading';

function elapsed(since: string): string {
  const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(since)) / 60_000));
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Part of the window in which a step that is read begins. */
const SHARE = 0.4;

/** Text for the bar. `steps` are the visible ones in page order, `reached` those that begin where one reads, or before. */
function placeText(
  steps: readonly HTMLElement[],
  reached: ReadonlySet<Element>,
  run: ProcedureRun | undefined,
): string {
  const current = steps.findLast((step) => reached.has(step));
  const place = current === undefined ? -1 : steps.indexOf(current);
  const final = steps.slice(Math.max(place, 0)).find((step) => step.classList.contains('step-irreversible'));
  const done = steps.filter(({ id }) => run?.steps[id]?.time !== undefined);
  const planned = done.reduce((sum, { dataset }) => sum + Number(dataset.minutes ?? 0), 0);
  return [
    current === undefined
      ? `Before the first of ${steps.length} steps`
      : `${current.id}: step ${place + 1} of ${steps.length}`,
    ...(run === undefined ? [] : [`${done.length} done, ${elapsed(run.started)}, planned ${planned} min`]),
    ...(final === undefined
      ? []
      : [final === current ? 'point of no return' : `point of no return ahead: ${final.id}`]),
  ].join(' · ');
}

/** Names and links the first step that is not done. What it says before anything is ticked is in the page. */
function showNext(visible: readonly HTMLElement[], run: ProcedureRun | undefined): void {
  const line = document.querySelector<HTMLElement>('[data-next]');
  const [label, link, words] = [
    line?.querySelector('strong'),
    line?.querySelector('a'),
    line?.querySelector('span'),
  ];
  if (!label || !link || !words) return;
  const isDone = ({ id }: HTMLElement): boolean => run?.steps[id]?.time !== undefined;
  const next = visible.find((step) => !isDone(step));
  const text = (selector: string): string => next?.querySelector(selector)?.textContent?.trim() ?? '';
  const wanted = visible.some(isDone) ? 'Next:' : 'First step:';
  label.textContent = next === undefined ? 'Every step is ticked.' : wanted;
  link.textContent = next?.id ?? '';
  link.hash = next?.id ?? '';
  words.textContent = next === undefined ? '' : `${text('.step-who strong')}: ${text('.step-title .spoken')}`;
}

/**
 * Keeps the bar up to date while the page scrolls; the function that is returned updates it at once.
 * @param all Every step of the page. @param steps The visible ones.
 */
export function watchPlace(
  bar: HTMLElement,
  all: readonly HTMLElement[],
  steps: () => readonly HTMLElement[],
  run: () => ProcedureRun | undefined,
): () => void {
  let reached: ReadonlySet<Element> = new Set();
  const show = (): void => {
    const [visible, open] = [steps(), run()];
    const text = placeText(visible, reached, open);
    if (bar.textContent !== text) bar.textContent = text;
    showNext(visible, open);
    const done = visible.filter(({ id }) => open?.steps[id]?.time !== undefined).length;
    const share = visible.length === 0 ? 0 : (100 * done) / visible.length;
    bar.parentElement?.style.setProperty('--done', `${share}%`);
  };
  watchReached(all, SHARE, (now) => {
    reached = now;
    show();
  });
  setInterval(show, 30_000);
  return show;
}
