/** Keeps what a reader does in an island before it wakes, and does it again after: no click and no word is lost. */

type Control = HTMLButtonElement | HTMLInputElement | HTMLTextAreaElement;

/** A click, or the value as it was typed; in the order of the reader. */
type Deed = readonly [control: Control, typed?: string];

const sleeping = '[data-island]:not([data-awake])';
/** Their clicks would show nothing before React answers. A field for files must open its dialog by the click itself. */
const clicked = 'button, input[type=checkbox], input[type=radio]';

let deeds: Deed[] = [];

const isFiles = (control: Control): boolean => control.type === 'file';

function keepValue(control: Control): void {
  // Only what was typed last counts.
  deeds = deeds.filter(([other, typed]) => other !== control || typed === undefined);
  deeds.push([control, control.value]);
}

/**
 * Holds clicks and typing in sleeping islands and wakes each island at its first. Their controls are usable from now
 * on; without a script they are not, and their markup says so.
 */
export function holdDeeds(islands: Iterable<HTMLElement>, wake: (island: HTMLElement) => void): void {
  const hold = (event: Event): void => {
    const target = event.target;
    const island = target instanceof Element ? target.closest<HTMLElement>(sleeping) : null;
    if (island === null) return;
    if (event.type === 'click') {
      const control = (target as Element).closest<Control>(clicked);
      if (control === null) return;
      event.preventDefault();
      event.stopPropagation();
      deeds.push([control]);
    } else keepValue(target as Control);
    wake(island);
  };
  for (const type of ['click', 'input', 'change']) document.addEventListener(type, hold, true);
  for (const island of islands) {
    // Typed or chosen before this script ran, or restored by the browser.
    for (const field of island.querySelectorAll<HTMLInputElement>('input:enabled, textarea:enabled'))
      if (isFiles(field) ? field.value !== '' : field.value !== field.defaultValue) keepValue(field);
    for (const fieldset of island.querySelectorAll('fieldset')) fieldset.disabled = false;
  }
}

/** React takes a value for new only when the element itself, not its script, got another than it knows. */
function type(control: Control, text: string): void {
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(control), 'value')?.set?.call(control, text);
  control.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Does again, in order, what was held for an island that is awake now. */
export async function repeatDeeds(island: HTMLElement): Promise<void> {
  const mine = deeds.filter(([control]) => island.contains(control));
  deeds = deeds.filter((deed) => !mine.includes(deed));
  for (const [control, typed] of mine) {
    if (typed === undefined) control.click();
    else if (isFiles(control)) control.dispatchEvent(new Event('change', { bubbles: true }));
    else {
      type(control, (control as HTMLInputElement).defaultValue);
      type(control, typed);
    }
    // React renders between two deeds of a reader, so here too.
    await undefined;
  }
}
