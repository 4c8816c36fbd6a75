/** Takes the times, initials and notes of a procedure's run into the steps of a form. */
import { controlsOf, rowsOf } from './form-data';
import { RunStore } from './run-store';

/** Fills the steps from the run that is open on the page of the procedure, or else its latest. @returns what happened. */
function takeRun(form: HTMLElement): string {
  const store = new RunStore(form.dataset.follows ?? '');
  const run = store.opened(new Date()) ?? store.load(store.names().at(-1) ?? '');
  if (run === undefined) return 'This browser holds no run of the script.';
  const section = form.querySelector<HTMLElement>('[data-section="steps"]');
  let count = 0;
  for (const row of section === null ? [] : rowsOf(section)) {
    const entry = run.steps[row.querySelector('[data-field="step"]')?.textContent ?? ''];
    if (entry === undefined) continue;
    count += 1;
    const values: Record<string, string | undefined> = { ...entry, time: entry.time?.slice(11, 16) };
    for (const control of controlsOf(row)) control.value = values[control.dataset.field ?? ''] ?? '';
  }
  const steps = count === 1 ? '1 step was' : `${count} steps were`;
  const started = run.started.slice(0, 16).replace('T', ' ');
  return `${steps} taken over from run “${run.name}”, started ${started} UTC.`;
}

declare global {
  /** Set by this script, which comes with the first press of the button. */
  var runbookTakeRun: ((form: HTMLElement) => string) | undefined;
}

globalThis.runbookTakeRun = takeRun;
