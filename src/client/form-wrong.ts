/** What is wrong with the fields of a form: said at the field, and listed over the form with a link to each. */
import { contradicted } from '../audit/forms/against';
import { type Control, controlsOf, wrongWith } from './form-data';

/** A field that does not fit, and why. */
export interface Wrong {
  readonly control: Control;
  readonly why: string;
}

/** The name of a field as it is read aloud. */
export function labelOf(control: Control): string {
  return control.ariaLabel ?? control.closest('label')?.firstChild?.textContent ?? 'A field';
}

const scopeOf = (control: Control): Element => control.closest('tr, .form-fields') ?? control;

function whyWrong(control: Control): string | undefined {
  if (control.type !== 'text' && control.type !== 'textarea') return undefined;
  const text = control.value.trim();
  const wrong = wrongWith(control, text);
  if (wrong !== undefined) return wrong;
  const { kind, after, days, most } = control.dataset;
  if (after === undefined && most === undefined) return undefined;
  const others = controlsOf(scopeOf(control));
  const find = (id: string) => others.find(({ dataset }) => dataset.field === id);
  const [from, to] = days?.split(' ') ?? [];
  const field = {
    kind: kind === 'date' ? 'date' : 'time',
    ...(after === undefined ? {} : { after }),
    ...(most === undefined ? {} : { most }),
    ...(from === undefined || to === undefined ? {} : { days: [from, to] as const }),
  } as const;
  // Another field that does not fit itself says so there.
  const value = (id: string): string | undefined => {
    const other = find(id);
    const typed = other?.value.trim() ?? '';
    return other === undefined || wrongWith(other, typed) !== undefined ? undefined : typed;
  };
  const other = find(contradicted(field, text, value) ?? '');
  if (other === undefined) return undefined;
  const later = to === undefined ? undefined : find(to);
  const way = later === undefined ? '' : `; if it was on another day, fill in ${labelOf(later)}`;
  return most === undefined
    ? `is before ${labelOf(other)}${way}`
    : `is more than ${labelOf(other)}, ${other.value.trim()}`;
}

/** Shows at a field what is wrong with it, or that nothing is. */
export function mark(control: Control, why: string | undefined): void {
  control.setAttribute('aria-invalid', String(why !== undefined));
  const place = control.parentElement as HTMLElement;
  let said = place.querySelector<HTMLElement>('.form-error');
  if (why === undefined) {
    said?.remove();
    control.removeAttribute('aria-describedby');
    return;
  }
  if (said === null) {
    said = document.createElement('span');
    said.className = 'form-error';
    said.id = `wrong-${control.name}`;
    control.after(said);
  }
  said.textContent = why;
  // Inside a label it is part of the name already.
  if (place.tagName !== 'LABEL') control.setAttribute('aria-describedby', said.id);
}

/** Looks at a field that was left, and at those of its section or row that depend on others. */
export function look(control: Control): void {
  for (const one of controlsOf(scopeOf(control))) {
    const depends = one.dataset.after !== undefined || one.dataset.most !== undefined;
    if (one === control || depends || one.ariaInvalid === 'true') mark(one, whyWrong(one));
  }
}

/** Every field that does not fit, in the order of the form; each is marked, the others are not. */
export function lookAll(form: HTMLElement): Wrong[] {
  const found: Wrong[] = [];
  for (const control of controlsOf(form)) {
    const why = whyWrong(control);
    if (why !== undefined || control.ariaInvalid === 'true') mark(control, why);
    if (why !== undefined) found.push({ control, why });
  }
  return found;
}

/** The list of what does not fit, each a link to its field; none hides it. */
export function list(place: HTMLElement, found: readonly Wrong[]): void {
  place.replaceChildren(
    ...found.map(({ control, why }) => {
      control.id ||= control.name;
      const link = document.createElement('a');
      link.href = `#${control.id}`;
      link.textContent = `${labelOf(control)}: ${why}`;
      link.addEventListener('click', (event) => {
        event.preventDefault();
        control.focus();
      });
      const item = document.createElement('li');
      item.append(link);
      return item;
    }),
  );
  place.hidden = found.length === 0;
}
