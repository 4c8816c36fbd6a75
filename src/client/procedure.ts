/** Ticks of steps, kept on this machine for the day, and the reader's place in the procedure. */
import { recall, remember } from './storage';

/** Ticks of an earlier incident must not look like those of this one. */
const lifetime = 24 * 60 * 60 * 1000;

interface Ticks {
  /** Milliseconds since the epoch of the first tick. */
  readonly started: number;
  readonly done: Record<string, string>;
}

function utcTime(now: Date): string {
  return `${now.toISOString().slice(11, 16)}Z`;
}

function load(key: string): Ticks {
  try {
    const stored = JSON.parse(recall(key) ?? '') as Ticks;
    if (Date.now() - stored.started < lifetime && typeof stored.done === 'object') return stored;
  } catch {
    // Nothing stored, or not by this page.
  }
  return { started: 0, done: {} };
}

function elapsed(since: number): string {
  const minutes = Math.floor((Date.now() - since) / 60_000);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function watchProcedure(): void {
  const bar = document.querySelector<HTMLElement>('[data-position]');
  const steps = [...document.querySelectorAll<HTMLElement>('section.step')];
  if (bar === null || steps.length === 0) return;
  const key = `ticks:${document.title}`;
  let ticks = load(key);

  const show = (): void => {
    for (const step of steps) {
      const box = step.querySelector<HTMLInputElement>('[data-step]');
      const time = step.querySelector('.step-time');
      if (box !== null) box.checked = step.id in ticks.done;
      if (time !== null) time.textContent = ticks.done[step.id] ?? '';
    }
    const current = steps.findLast((step) => step.getBoundingClientRect().top < innerHeight * 0.4);
    const place = current === undefined ? -1 : steps.indexOf(current);
    const final = steps
      .slice(Math.max(place, 0))
      .find((step) => step.classList.contains('step-irreversible'));
    const parts = [
      place < 0 ? `${steps.length} steps` : `${current?.id}: step ${place + 1} of ${steps.length}`,
      ...(ticks.started > 0 ? [`${Object.keys(ticks.done).length} done, ${elapsed(ticks.started)}`] : []),
      ...(final === undefined
        ? []
        : [final === current ? 'point of no return' : `point of no return ahead: ${final.id}`]),
    ];
    const text = parts.join(' · ');
    if (bar.textContent !== text) bar.textContent = text;
  };

  document.addEventListener('change', (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.dataset.step === undefined) return;
    const { [box.dataset.step]: _removed, ...others } = ticks.done;
    const done = box.checked ? { ...others, [box.dataset.step]: utcTime(new Date()) } : others;
    ticks = { started: Object.keys(done).length === 0 ? 0 : ticks.started || Date.now(), done };
    remember(key, ticks.started === 0 ? undefined : JSON.stringify(ticks));
    show();
  });
  let waiting = false;
  addEventListener(
    'scroll',
    () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        show();
      });
    },
    { passive: true },
  );
  setInterval(show, 30_000);
  show();
}
