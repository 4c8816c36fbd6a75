/** A question that the reader answers with a button or with Escape, in the dialog of the run's panel. */

/** Part of a page that must be there. @throws RangeError when it is not. */
export function required<T extends Element>(root: ParentNode, selector: string): T {
  const element = root.querySelector<T>(selector);
  if (element === null) throw new RangeError(`the page lacks ${selector}`);
  return element;
}

/** Asks; `yes` is the label of the button that agrees. Everything else is a no. */
export function ask(dialog: HTMLDialogElement, text: string, yes: string): Promise<boolean> {
  required(dialog, '#run-ask-text').textContent = text;
  const button = required<HTMLButtonElement>(dialog, '[data-run-yes]');
  button.textContent = yes;
  return new Promise((resolve) => {
    let answer = false;
    button.onclick = () => {
      answer = true;
      dialog.close();
    };
    required<HTMLButtonElement>(dialog, '[data-run-no]').onclick = () => dialog.close();
    dialog.addEventListener('close', () => resolve(answer), { once: true });
    dialog.showModal();
  });
}
