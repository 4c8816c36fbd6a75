/** A question that the reader answers with a button or with Escape, in the dialog of the run's panel. */
import { refusal } from '../procedure/run/run';

/** Part of a page that must be there. @throws RangeError when it is not. */
export function required<T extends Element>(root: ParentNode, selector: string): T {
  const element = root.querySelector<T>(selector);
  if (element === null) throw new RangeError(`the page lacks ${selector}`);
  return element;
}

function open(
  dialog: HTMLDialogElement,
  text: string,
  yes: string,
  hasReason: boolean,
): Promise<string | undefined> {
  const words = required<HTMLElement>(dialog, '#run-ask-text');
  words.textContent = text;
  const why = required<HTMLInputElement>(dialog, '[data-run-why]');
  required<HTMLElement>(dialog, '[data-run-reason]').hidden = !hasReason;
  why.value = '';
  const mark = (wrong: string | undefined): void => {
    why.setAttribute('aria-invalid', String(wrong !== undefined));
    words.textContent = wrong === undefined ? text : `${text} ${wrong}`;
  };
  mark(undefined);
  const button = required<HTMLButtonElement>(dialog, '[data-run-yes]');
  button.textContent = yes;
  return new Promise((resolve) => {
    let answer: string | undefined;
    button.onclick = () => {
      const reason = why.value.trim();
      const wrong = hasReason && reason === '' ? 'Wanted: a reason.' : refusal(reason);
      if (wrong !== undefined) {
        why.value = '';
        mark(wrong);
        why.focus();
        return;
      }
      answer = reason;
      dialog.close();
    };
    why.onkeydown = (event) => {
      if (event.key === 'Enter') button.click();
    };
    required<HTMLButtonElement>(dialog, '[data-run-no]').onclick = () => dialog.close();
    dialog.addEventListener('close', () => resolve(answer), { once: true });
    dialog.showModal();
    if (hasReason) why.focus();
  });
}

/** Asks; `yes` is the label of the button that agrees. Everything else is a no. */
export async function ask(dialog: HTMLDialogElement, text: string, yes: string): Promise<boolean> {
  return (await open(dialog, text, yes, false)) !== undefined;
}

/** Asks for a reason, which is never empty and no secret. @returns undefined for a no. */
export function askWhy(dialog: HTMLDialogElement, text: string, yes: string): Promise<string | undefined> {
  return open(dialog, text, yes, true);
}
