/** The steps of a procedure in the browser: a tick with its time, warnings before it, initials and deviations. */
import type { PlannedStep } from '../procedure/run/run';
import { finalAhead, refusal, skippedBefore, utc, withEntry } from '../procedure/run/run';
import { ask, required } from './run-ask';
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

/** What must be answered before a step is ticked: that others are not, and the gate of a point of no return. */
function questions(step: HTMLElement, skipped: readonly string[]): { text: string; yes: string }[] {
  const { id } = step;
  const list: { text: string; yes: string }[] = [];
  if (skipped.length > 0) {
    const more = skipped.length > 6 ? ` and ${skipped.length - 6} more` : '';
    const verb = skipped.length === 1 ? 'is' : 'are';
    list.push({
      text: `Out of order: ${skipped.slice(0, 6).join(', ')}${more} before ${id} ${verb} not ticked.`,
      yes: `Tick ${id} and write why`,
    });
  }
  if (isFinal(step)) {
    const gate = step.querySelector('.step-final dd')?.textContent ?? '';
    list.push({ text: `${id} is a point of no return. ${gate}`, yes: 'It is so: tick it' });
  }
  return list;
}

async function tick(context: StepContext, step: HTMLElement, box: HTMLInputElement): Promise<void> {
  const { open, dialog, say } = context;
  const { id } = step;
  if (!box.checked) {
    if (open.run !== undefined) open.keep(withEntry(open.run, id, { time: undefined }));
    say(`${id} is no longer ticked.`);
    return;
  }
  // The moment of the tick, not of the answer to a question.
  const time = utc(new Date());
  const skipped = skippedBefore(open.run, plan(context), id);
  for (const { text, yes } of questions(step, skipped)) {
    if (!(await ask(dialog, text, yes))) {
      box.checked = false;
      say(`${id} was left unticked.`);
      box.focus();
      return;
    }
  }
  open.keep(withEntry(open.run ?? open.begin(), id, { time }));
  const ahead = open.run === undefined ? undefined : finalAhead(open.run, plan(context));
  const stop = ahead === undefined ? '' : ` Stop: the next step, ${ahead}, is a point of no return.`;
  say(`${id} done at ${clock(time)}.${stop}`);
  if (skipped.length > 0) required<HTMLInputElement>(step, '[data-record="note"]').focus();
  else box.focus();
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
  const inStep = (act: (step: HTMLElement, control: HTMLInputElement) => void, selector: string) => {
    return ({ target }: Event): void => {
      if (!(target instanceof HTMLInputElement) || !target.matches(selector)) return;
      const step = target.closest<HTMLElement>('section.step');
      if (step !== null) act(step, target);
    };
  };
  document.addEventListener(
    'change',
    inStep((step, box) => void tick(context, step, box), '[data-step]'),
  );
  document.addEventListener(
    'input',
    inStep((step, field) => type(context, step, field), '[data-record]'),
  );
}
