/** Reads a form of the page as data, and fills it from data. What a field accepts stands on the field itself. */
import type { FilledForm } from '../components/forms/filled';
import { refusal } from '../procedure/run';

export type Control = HTMLInputElement | HTMLTextAreaElement;
type Values = Record<string, string>;

const sectionsOf = (form: HTMLElement) => [...form.querySelectorAll<HTMLElement>('[data-section]')];
export const rowsOf = (section: HTMLElement) => [...section.querySelectorAll<HTMLElement>('tbody tr')];

function isControl(element: Element): element is Control {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}

/** Every field below an element. */
export function controlsOf(root: Element): Control[] {
  return [...root.querySelectorAll('[data-field]')].filter(isControl);
}

/** Why a field must not keep a text; undefined when it may. */
export function wrongWith(control: Control, text: string): string | undefined {
  if (text === '') return undefined;
  const { pattern, digest } = control.dataset;
  if (digest === undefined) {
    const refused = refusal(text);
    if (refused !== undefined) return refused;
  }
  if (text.length > control.maxLength && control.maxLength >= 0)
    return `wanted at most ${control.maxLength} characters`;
  if (pattern === undefined || new RegExp(`^${pattern}$`).test(text)) return undefined;
  return `wanted ${control.placeholder || (pattern.startsWith('[0-9a-f]') ? `${control.maxLength} hexadecimal digits` : 'digits or capitals as the boxes show')}`;
}

function valuesOf(root: Element): Values {
  const values: Values = {};
  for (const element of root.querySelectorAll<HTMLElement>('[data-field]')) {
    const id = element.dataset.field ?? '';
    if (!isControl(element)) values[id] = element.textContent ?? '';
    else if (element.type === 'checkbox') {
      if ((element as HTMLInputElement).checked) values[id] = 'yes';
    } else if (element.type === 'radio') {
      if ((element as HTMLInputElement).checked) values[id] = element.value;
    } else if (element.value.trim() !== '') values[id] = element.value.trim();
  }
  return values;
}

/** The form as it stands; what is empty is left out. */
export function collect(form: HTMLElement): FilledForm {
  const sections: Record<string, Values | Values[]> = {};
  for (const section of sectionsOf(form)) {
    const id = section.dataset.section ?? '';
    if (section.dataset.rows === undefined) {
      const values = valuesOf(section);
      if (Object.keys(values).length > 0) sections[id] = values;
    } else {
      const rows = rowsOf(section)
        .map(valuesOf)
        .filter((row) => Object.keys(row).length > 0);
      if (rows.length > 0) sections[id] = rows;
    }
  }
  const { form: name = '', version = '', commit = '', digest = '' } = form.dataset;
  return { format: 'mks-form/1', form: name, runbook: { version, commit, page: digest }, sections };
}

/** Adds an empty row like the last one. */
export function addRow(section: HTMLElement): HTMLElement {
  const rows = rowsOf(section);
  const last = rows.at(-1);
  if (last === undefined) throw new RangeError('a table without a row');
  const row = last.cloneNode(true) as HTMLElement;
  for (const element of row.querySelectorAll<HTMLElement>('[data-field], [aria-label]')) {
    const label = element.getAttribute('aria-label');
    if (label !== null) element.setAttribute('aria-label', label.replace(/\d+$/, String(rows.length + 1)));
    if (!isControl(element)) continue;
    element.name = element.name.replace(/\.\d+\./, `.${rows.length}.`);
    if (element.type === 'checkbox' || element.type === 'radio')
      (element as HTMLInputElement).checked = false;
    else element.value = '';
  }
  last.after(row);
  return row;
}

function isValues(value: unknown): value is Values {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}

/** Sets the fields of a section or row. With `check` alone it changes nothing. Throws RangeError with what does not fit. */
function setValues(root: HTMLElement, values: Values, where: string, check: boolean): void {
  const elements = [...root.querySelectorAll<HTMLElement>('[data-field]')];
  for (const id of Object.keys(values)) {
    if (!elements.some(({ dataset }) => dataset.field === id))
      throw new RangeError(`${where}: has a field that the form lacks`);
  }
  for (const element of elements) {
    const text = values[element.dataset.field ?? ''] ?? '';
    if (!isControl(element)) continue;
    if (element.type === 'checkbox' || element.type === 'radio') {
      if (!check)
        (element as HTMLInputElement).checked =
          element.type === 'checkbox' ? text === 'yes' : element.value === text;
      continue;
    }
    const wrong = wrongWith(element, text);
    if (check && wrong !== undefined) throw new RangeError(`${where}, ${element.dataset.field}: ${wrong}`);
    if (!check) element.value = text;
  }
}

function visit(form: HTMLElement, data: FilledForm, check: boolean): void {
  const known = sectionsOf(form);
  for (const id of Object.keys(data.sections)) {
    if (!known.some(({ dataset }) => dataset.section === id))
      throw new RangeError('it has a section that the form lacks');
  }
  for (const section of known) {
    const id = section.dataset.section ?? '';
    const content: unknown = data.sections[id] ?? (section.dataset.rows === undefined ? {} : []);
    if (section.dataset.rows === undefined) {
      if (!isValues(content)) throw new RangeError(`${id}: wanted fields`);
      setValues(section, content, id, check);
      continue;
    }
    if (!Array.isArray(content) || content.length > 500 || !content.every(isValues))
      throw new RangeError(`${id}: wanted rows`);
    const rows = rowsOf(section);
    if (!check) while (rows.length < content.length) rows.push(addRow(section));
    for (const [index, values] of content.entries()) {
      const row = rows[Math.min(index, rows.length - 1)];
      if (row !== undefined) setValues(row, values as Values, `${id}, row ${index + 1}`, check);
    }
    if (!check) for (const row of rows.slice(content.length)) setValues(row, {}, id, false);
  }
}

/** Fills the form, all of it or nothing. Throws RangeError with the first thing that does not fit. */
export function fill(form: HTMLElement, text: string): void {
  let data: FilledForm;
  try {
    data = JSON.parse(text) as FilledForm;
  } catch {
    throw new RangeError('it is not JSON');
  }
  if (data?.format !== 'mks-form/1' || typeof data.sections !== 'object' || data.sections === null) {
    throw new RangeError('it is no filled form');
  }
  if (data.form !== form.dataset.form) throw new RangeError('it is another form');
  visit(form, data, true);
  visit(form, data, false);
}
