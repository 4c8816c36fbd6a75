/** Keeps what a reader does before a script has come, and does it again after: no tick and no word is lost. */

type Control = HTMLInputElement | HTMLSelectElement;

const types = ['click', 'change', 'input', 'keydown'] as const;

/**
 * Holds what happens below the elements of a selector, and asks for the script with the first of it.
 * @returns a function that does all of it again, in order, and holds nothing more.
 */
export function holdEvents(selector: string, wake: () => void): () => void {
  const deeds: (() => void)[] = [];
  const hold = (event: Event): void => {
    const target = event.target;
    if (!(target instanceof HTMLElement) || target.closest(selector) === null) return;
    wake();
    if (event.type === 'click') {
      const button = target.closest('button');
      if (button !== null) deeds.push(() => button.click());
    } else if (event instanceof KeyboardEvent) {
      const { key } = event;
      if (key === 'Enter' && target instanceof HTMLInputElement)
        deeds.push(() => target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })));
    } else {
      const control = target as Control;
      const isBox = control instanceof HTMLInputElement && control.type === 'checkbox';
      const state = isBox ? control.checked : control.value;
      deeds.push(() => {
        if (isBox) (control as HTMLInputElement).checked = state === true;
        else if (control.type !== 'file') control.value = String(state);
        control.dispatchEvent(new Event(event.type, { bubbles: true }));
      });
    }
  };
  for (const type of types) document.addEventListener(type, hold, true);
  return () => {
    for (const type of types) document.removeEventListener(type, hold, true);
    for (const deed of deeds) deed();
  };
}
