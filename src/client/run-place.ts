/** The line that says where the reader stands in a procedure, what is done, and which point of no return is ahead. */
import { duration, isSettled, type ProcedureRun } from '../procedure/run/run';
import { watchReached } from './reading';

/** Part of the window in which a step that is read begins. */
const SHARE = 0.4;

/** Where one reads, and which point of no return is ahead. `steps` are the visible ones in page order, `reached` those that begin where one reads, or before. */
function placeText(steps: readonly HTMLElement[], reached: ReadonlySet<Element>): string {
  const current = steps.findLast((step) => reached.has(step));
  const place = current === undefined ? -1 : steps.indexOf(current);
  const final = steps.slice(Math.max(place, 0)).find((step) => step.classList.contains('step-irreversible'));
  return [
    current === undefined
      ? `Before the first of ${steps.length} steps`
      : `${current.id}: step ${place + 1} of ${steps.length}`,
    ...(final === undefined
      ? []
      : [final === current ? 'point of no return' : `point of no return ahead: ${final.id}`]),
  ].join(' · ');
}

/** What is done, how long it took beside its plan, and what is left of the page's target. */
function clockText(steps: readonly HTMLElement[], run: ProcedureRun, target: number): string {
  const settled = steps.filter(({ id }) => isSettled(run, id));
  const done = settled.filter(({ id }) => run.steps[id]?.time !== undefined);
  const planned = done.reduce((sum, { dataset }) => sum + Number(dataset.minutes ?? 0), 0);
  const elapsed = Math.max(0, Math.floor((Date.now() - Date.parse(run.started)) / 60_000));
  const beside =
    elapsed === planned
      ? 'as planned'
      : `${duration(Math.abs(elapsed - planned))} ${elapsed > planned ? 'over' : 'under'}`;
  const skipped = settled.length - done.length;
  return [
    `${done.length} done${skipped === 0 ? '' : ` and ${skipped} skipped`} in ${duration(elapsed)}, planned ${duration(planned)}: ${beside}`,
    ...(target === 0
      ? []
      : elapsed <= target
        ? [`${duration(target - elapsed)} left of ${duration(target)}`]
        : [`target of ${duration(target)} missed by ${duration(elapsed - target)}`]),
  ].join(' · ');
}

/** Writes a text, and the clock behind it: in an element of its own, which a small window leaves out of the bar. */
function showClock(place: HTMLElement, text: string | undefined, words: string): void {
  let clock = place.querySelector<HTMLElement>('[data-clock]');
  if (clock === null) {
    clock = document.createElement('span');
    clock.dataset.clock = '';
  }
  if (text !== undefined && place.firstChild?.textContent !== text) place.replaceChildren(text, clock);
  if (clock.parentElement === null) place.append(clock);
  if (clock.textContent !== words) clock.textContent = words;
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
  const isDone = ({ id }: HTMLElement): boolean => isSettled(run, id);
  const next = visible.find((step) => !isDone(step));
  const text = (selector: string): string => next?.querySelector(selector)?.textContent?.trim() ?? '';
  const wanted = visible.some(isDone) ? 'Next:' : 'First step:';
  label.textContent = next === undefined ? 'Every step is done or skipped.' : wanted;
  link.textContent = next?.id ?? '';
  link.hash = next?.id ?? '';
  words.textContent = next === undefined ? '' : `${text('.step-who strong')}: ${text('.step-title .spoken')}`;
}

/** The place on a page, for whoever opens a run on it. */
export interface Place {
  /** Every step of the page. */
  readonly all: readonly HTMLElement[];
  /** The steps that are shown, in page order. */
  steps(): readonly HTMLElement[];
  /** From now on the bar follows the run that this returns. */
  follow(run: () => ProcedureRun | undefined): void;
  /** Brings the bar up to date at once. */
  show(): void;
}

/**
 * Keeps the bar up to date while the page scrolls.
 * @param target Minutes that the page promises to take at most; 0 when it promises none.
 */
export function watchPlace(bar: HTMLElement, target: number): Place {
  const all = [...document.querySelectorAll<HTMLElement>('section.step')];
  const steps = (): HTMLElement[] => all.filter((step) => step.closest('[hidden]') === null);
  let current: () => ProcedureRun | undefined = () => undefined;
  let reached: ReadonlySet<Element> = new Set();
  const show = (): void => {
    const [visible, open] = [steps(), current()];
    const clock = open === undefined ? '' : clockText(visible, open, target);
    showClock(bar, placeText(visible, reached), clock === '' ? '' : ` · ${clock}`);
    showNext(visible, open);
    const next = document.querySelector<HTMLElement>('[data-next]');
    if (next !== null) showClock(next, undefined, clock);
    const done = visible.filter(({ id }) => isSettled(open, id)).length;
    const share = visible.length === 0 ? 0 : (100 * done) / visible.length;
    bar.parentElement?.style.setProperty('--done', `${share}%`);
  };
  watchReached(all, SHARE, (now) => {
    reached = now;
    show();
  });
  setInterval(show, 30_000);
  return {
    all,
    steps,
    show,
    follow(run) {
      current = run;
    },
  };
}
