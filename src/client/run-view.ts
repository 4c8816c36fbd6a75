/** Shows a run on the page: boxes, times, initials, deviations, time taken; the same on the lines that only paper shows. */
import type { ProcedureRun } from '../procedure/run/run';
import { minutesTaken } from '../procedure/run/run';
import { showFold } from './run-fold';

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
  const [isDone, isSkipped] = [entry.time !== undefined, entry.skipped !== undefined];
  step.classList.toggle('step-done', isDone);
  step.classList.toggle('step-skipped', isSkipped);
  step.querySelector('[data-skip]')?.setAttribute('aria-pressed', String(isSkipped));
  showFold(step, isDone || isSkipped);
  const when = entry.time ?? entry.skipped;
  const moment = when === undefined ? '' : `${isSkipped ? 'skipped ' : ''}${clock(when)}`;
  setText(step, '.step-time', moment);
  setText(step, '[data-measure]', run === undefined ? '' : measure(run, step));
  for (const field of runFields) {
    const input = step.querySelector<HTMLInputElement>(`[data-record="${field}"]`);
    if (input !== null && input !== typing) input.value = entry[field] ?? '';
    const skipped = isSkipped && field === 'note' ? 'Skipped: ' : '';
    setText(step, `[data-paper="${field}"]`, skipped + (entry[field] ?? ''));
  }
  setText(step, '[data-paper="time"]', when === undefined ? '' : clock(when));
}

/** The line at the top of a printed run. */
export function paperHead(run: ProcedureRun): string {
  const entries = Object.values(run.steps);
  const done = entries.filter(({ time }) => time !== undefined).length;
  const left = entries.filter(({ skipped }) => skipped !== undefined).length;
  const quorum = run.shards === undefined ? '' : `shards ${run.shards.join(', ')}, `;
  return `Run “${run.name}”, ${quorum}started ${run.started.slice(0, 10)} ${run.started.slice(11, 16)} UTC, ${done} steps ticked, ${left} skipped, page digest ${run.digest}.`;
}
