/** The steps of a procedure in the browser: a tick with its time, a skip with its reason, warnings before them, initials and deviations. */
import type { PlannedStep } from '../procedure/run/run';
import {
  carried,
  finalAhead,
  refusal,
  skippedBefore,
  utc,
  withEntry,
  withSkipped,
} from '../procedure/run/run';
import { ask, askWhy, required } from './run-ask';
import type { OpenRun } from './run-open';
import { clock, type RunField } from './run-view';

/** How steps reach the rest of the page. */
export interface StepContext {
  readonly open: OpenRun;
  readonly dialog: HTMLDialogElement;
  /** Steps that are shown, in page order. */
  steps(): readonly HTMLElement[];
  /** Whether the page shows the sections of one quorum only, whose steps are then no longer conditional. */
  isFiltered(): boolean;
  say(text: string): void;
}

function isFinal(step: HTMLElement): boolean {
  return step.classList.contains('step-irreversible');
}

function plan({ steps, isFiltered }: StepContext): PlannedStep[] {
  return steps().map((step) => ({
    id: step.id,
    minutes: Number(step.dataset.minutes ?? 0),
    irreversible: isFinal(step),
    conditional: step.dataset.lost !== undefined || (step.dataset.shard !== undefined && !isFiltered()),
  }));
}

/** Roles of the steps, as the page names them: whoever holds one holds it in the next step as well. */
const people = (steps: readonly HTMLElement[]) =>
  steps.map((step) => ({
    id: step.id,
    by: step.querySelector('.step-who strong')?.textContent ?? '',
    witness: (step.querySelector('.step-witness')?.textContent ?? '').replace(/^witness: /, ''),
  }));

/** Some ids in words. */
function named(ids: readonly string[]): string {
  return ids.slice(0, 6).join(', ') + (ids.length > 6 ? ` and ${ids.length - 6} more` : '');
}

/** Keeps a step where it stands in the window while it folds. */
function holding(step: HTMLElement, change: () => void): void {
  const foot = required<HTMLElement>(step, '.step-done-line');
  const before = foot.getBoundingClientRect().top;
  change();
  scrollBy({ top: foot.getBoundingClientRect().top - before, behavior: 'instant' });
}

/** Why the steps before this one stay undone; undefined when somebody would rather not go on. */
async function reasonFor(
  { dialog }: StepContext,
  id: string,
  skipped: readonly string[],
): Promise<string | undefined> {
  if (skipped.length === 0) return '';
  const are = skipped.length === 1 ? 'is neither done nor skipped' : 'are neither done nor skipped';
  return askWhy(
    dialog,
    `Out of order: ${named(skipped)} before ${id} ${are}. Write why: they are then skipped, and can still be ticked later.`,
    `Skip ${skipped.length === 1 ? 'it' : 'them'} and tick ${id}`,
  );
}

/** The gate of a point of no return. */
async function isThroughGate({ dialog }: StepContext, step: HTMLElement): Promise<boolean> {
  if (!isFinal(step)) return true;
  const gate = step.querySelector('.step-final dd')?.textContent ?? '';
  return ask(dialog, `${step.id} is a point of no return. ${gate}`, 'It is so: tick it');
}

async function tick(context: StepContext, step: HTMLElement, box: HTMLInputElement): Promise<void> {
  const { open, say } = context;
  const { id } = step;
  if (!box.checked) {
    const { run } = open;
    if (run !== undefined) holding(step, () => open.keep(withEntry(run, id, { time: undefined })));
    say(`${id} is no longer ticked.`);
    return;
  }
  // The moment of the tick, not of the answer to a question.
  const now = new Date();
  const skipped = skippedBefore(open.run, plan(context), id);
  const reason = await reasonFor(context, id, skipped);
  if (reason === undefined || !(await isThroughGate(context, step))) {
    box.checked = false;
    say(`${id} was left unticked.`);
    box.focus();
    return;
  }
  let run = open.run ?? open.begin();
  if (skipped.length > 0) run = withSkipped(run, skipped, reason, now);
  const initials = carried(run, people(context.steps()), id);
  const entry = { ...initials, time: utc(now), skipped: undefined };
  run = withEntry(run, id, entry);
  holding(step, () => open.keep(run));
  const ahead = finalAhead(run, plan(context));
  const stop = ahead === undefined ? '' : ` Stop: the next step, ${ahead}, is a point of no return.`;
  const who = [
    ...(initials.by === undefined ? [] : [`by ${initials.by}`]),
    ...(initials.witness === undefined ? [] : [`witness ${initials.witness}`]),
  ].join(', ');
  say(`${id} done at ${clock(utc(now))}${who === '' ? '' : ` ${who}`}.${stop}`);
  box.focus({ preventScroll: true });
}

/** Skips a step for a reason, or takes that back. */
async function skip(context: StepContext, step: HTMLElement, button: HTMLElement): Promise<void> {
  const { open, dialog, say } = context;
  const { id } = step;
  const entry = open.run?.steps[id];
  if (open.run !== undefined && entry?.skipped !== undefined) {
    const run = withEntry(open.run, id, { skipped: undefined });
    holding(step, () => open.keep(run));
    say(`${id} is no longer skipped.`);
    return;
  }
  const reason = await askWhy(
    dialog,
    `Skip ${id}? ${entry?.time === undefined ? 'It' : 'It is ticked; it'} then counts as not done.`,
    `Skip ${id}`,
  );
  if (reason !== undefined) {
    const run = withSkipped(open.run ?? open.begin(), [id], reason, new Date());
    holding(step, () => open.keep(run));
    say(`${id} is skipped: ${reason}.`);
  }
  button.focus({ preventScroll: true });
}

function type({ open, say }: StepContext, step: HTMLElement, input: HTMLInputElement): void {
  const field = input.dataset.record as RunField;
  const wrong = refusal(input.value);
  input.setAttribute('aria-invalid', String(wrong !== undefined));
  if (wrong !== undefined) {
    input.value = open.run?.steps[step.id]?.[field] ?? '';
    say(`${step.id}: ${wrong}`);
    return;
  }
  open.keep(withEntry(open.run ?? open.begin(), step.id, { [field]: input.value }), input);
  if (open.warning !== '') say('');
}

/** Listens to the boxes and fields of all steps, at one place: a long page has hundreds. */
export function watchSteps(context: StepContext): void {
  const inStep = <T extends HTMLElement>(act: (step: HTMLElement, control: T) => void, selector: string) => {
    return ({ target: hit }: Event): void => {
      const target = hit instanceof Element ? hit.closest<T>(selector) : null;
      if (target === null) return;
      const step = target.closest<HTMLElement>('section.step');
      if (step !== null) act(step, target);
    };
  };
  document.addEventListener(
    'change',
    inStep<HTMLInputElement>((step, box) => void tick(context, step, box), '[data-step]'),
  );
  document.addEventListener(
    'click',
    inStep((step, button) => void skip(context, step, button), '[data-skip]'),
  );
  document.addEventListener(
    'input',
    inStep<HTMLInputElement>((step, field) => type(context, step, field), '[data-record]'),
  );
}
