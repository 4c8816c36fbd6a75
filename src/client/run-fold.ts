/** Folds steps that are done or skipped, so that what is left to do stands together. Paper and a search in the page see everything. */

/** Ids of the steps that somebody opened again. */
const opened = new Set<string>();

const parts = (step: HTMLElement) => step.querySelectorAll<HTMLElement>('.step-body, .step-foot > dl');

function apply(step: HTMLElement, button: HTMLElement, isFolded: boolean): void {
  for (const part of parts(step)) {
    if (isFolded) part.setAttribute('hidden', 'until-found');
    else part.removeAttribute('hidden');
  }
  button.textContent = isFolded ? 'Show' : 'Fold';
  button.setAttribute('aria-expanded', String(!isFolded));
}

function addButton(step: HTMLElement): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.fold = '';
  button.setAttribute('aria-label', `The text of step ${step.id}`);
  button.addEventListener('click', () => {
    if (!opened.delete(step.id)) opened.add(step.id);
    apply(step, button, !opened.has(step.id));
  });
  // A search in the page, or a link into the text, opens it.
  for (const part of parts(step))
    part.addEventListener('beforematch', () => {
      opened.add(step.id);
      apply(step, button, false);
    });
  // Beside the box: what was written down stands below.
  step.querySelector('.step-record')?.before(button);
  return button;
}

/** Folds a step, unless somebody opened it, or shows it again. */
export function showFold(step: HTMLElement, isSettled: boolean): void {
  const known = step.querySelector<HTMLElement>('[data-fold]');
  if (!isSettled) {
    if (known === null) return;
    opened.delete(step.id);
    apply(step, known, false);
    known.remove();
    return;
  }
  apply(step, known ?? addButton(step), !opened.has(step.id));
}
