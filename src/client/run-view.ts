/** Shows a run on the page: boxes, times, initials, deviations, time taken; the same on the lines that only paper shows. */
import type { ProcedureRun } from '../procedure/run/run';
import { minutesTaken } from '../procedure/run/run';

const runFields = ['by', 'witness', 'note'] as const;
export type RunField = (typeof runFields)[number];

function setText(step: HTMLElement, selector: string, text: string): void {
  const element = step.querySelector(selector);
  if (element !== null && element.textContent !== text) element.textContent = text;
}

/** `2026-11-23T14:05:09Z` → `14:05Z`. */
export function clock(time: string): string {
  return `${time.slice(11, 16)}Z`;
}

function measure(run: ProcedureRun, step: HTMLElement): string {
  const taken = minutesTaken(run, step.id);
  const planned = Number(step.dataset.minutes ?? 0);
  if (taken === undefined) return '';
  return `${taken} min, planned ${planned} min${taken > planned ? `: ${taken - planned} min over` : ''}`;
}

/** Fills one step from the run. The field that is being typed into (`typing`) keeps its text and its caret. */
export function showStep(step: HTMLElement, run: ProcedureRun | undefined, typing?: Element | null): void {
  const entry = run?.steps[step.id] ?? {};
  const box = step.querySelector<HTMLInputElement>('[data-step]');
  if (box !== null) box.checked = entry.time !== undefined;
  step.classList.toggle('step-done', entry.time !== undefined);
  setText(step, '.step-time', entry.time === undefined ? '' : clock(entry.time));
  setText(step, '[data-measure]', run === undefined ? '' : measure(run, step));
  for (const field of runFields) {
    const input = step.querySelector<HTMLInputElement>(`[data-record="${field}"]`);
    if (input !== null && input !== typing) input.value = entry[field] ?? '';
    setText(step, `[data-paper="${field}"]`, entry[field] ?? '');
  }
  setText(step, '[data-paper="time"]', entry.time === undefined ? '' : clock(entry.time));
}

/** The line at the top of a printed run. */
export function paperHead(run: ProcedureRun): string {
  const done = Object.values(run.steps).filter(({ time }) => time !== undefined).length;
  const quorum = run.shards === undefined ? '' : `shards ${run.shards.join(', ')}, `;
  return `Run “${run.name}”, ${quorum}started ${run.started.slice(0, 10)} ${run.started.slice(11, 16)} UTC, ${done} steps ticked, page digest ${run.digest}.`;
}
