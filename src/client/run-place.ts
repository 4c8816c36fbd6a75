/** The line that says where the reader stands in a procedure, what is done, and which point of no return is ahead. */
import type { ProcedureRun } from '../procedure/run';

function elapsed(since: string): string {
  const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(since)) / 60_000));
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Text for the bar. `steps` are the visible ones in page order. */
function placeText(steps: readonly HTMLElement[], run: ProcedureRun | undefined): string {
  const current = steps.findLast((step) => step.getBoundingClientRect().top < innerHeight * 0.4);
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

/** Keeps the bar up to date while the page scrolls; the function that is returned updates it at once. */
export function watchPlace(
  bar: HTMLElement,
  steps: () => readonly HTMLElement[],
  run: () => ProcedureRun | undefined,
): () => void {
  const show = (): void => {
    const [all, open] = [steps(), run()];
    const text = placeText(all, open);
    if (bar.textContent !== text) bar.textContent = text;
    const done = all.filter(({ id }) => open?.steps[id]?.time !== undefined).length;
    bar.parentElement?.style.setProperty('--done', `${all.length === 0 ? 0 : (100 * done) / all.length}%`);
  };
  let waiting = false;
  const soon = (): void => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      show();
    });
  };
  addEventListener('scroll', soon, { passive: true });
  setInterval(show, 30_000);
  return show;
}
