/** Reads a form of the page as data, and fills it from data. What a field accepts stands on the field itself. */
import type { FilledForm } from '../audit/forms/filled';
import { digestRefusal, refusal } from '../procedure/run/run';

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

/** Why a text is taken for a secret; a field for digests takes what has the shape of one. */
function secretIn({ dataset }: Control, text: string): string | undefined {
  return dataset.digest === undefined ? refusal(text) : digestRefusal(text);
}

/** Why a field must not keep a text; undefined when it may. */
export function wrongWith(control: Control, text: string): string | undefined {
  if (text === '') return undefined;
  const { pattern } = control.dataset;
  const refused = secretIn(control, text);
  if (refused !== undefined) return refused;
  if (text.length > control.maxLength && control.maxLength >= 0)
    return `wanted at most ${control.maxLength} characters`;
  if (pattern === undefined || new RegExp(`^${pattern}$`).test(text)) return undefined;
  if (control.placeholder === 'YYYY-MM-DD') return 'wanted a day of the calendar, as YYYY-MM-DD';
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

/** How a file or draft is taken. */
interface Manner {
  /** Whether fields are set; a file is looked through before anything is. */
  readonly writes: boolean;
  wrongWith(control: Control, text: string): string | undefined;
  /** Hears of each value that has no place or does not fit. */
  refuse(what: string): void;
}

/** Sets the fields of a section or row. */
function setValues(root: HTMLElement, values: Values, where: string, manner: Manner): void {
  const elements = [...root.querySelectorAll<HTMLElement>('[data-field]')];
  for (const id of Object.keys(values)) {
    if (!elements.some(({ dataset }) => dataset.field === id))
      manner.refuse(`${where}: has a field that the form lacks`);
  }
  for (const element of elements) {
    const text = values[element.dataset.field ?? ''] ?? '';
    if (!isControl(element)) continue;
    const isBox = element.type === 'checkbox' || element.type === 'radio';
    const wrong = isBox ? undefined : manner.wrongWith(element, text);
    if (wrong !== undefined) manner.refuse(`${where}, ${element.dataset.field}: ${wrong}`);
    else if (!manner.writes) continue;
    else if (isBox)
      (element as HTMLInputElement).checked =
        element.type === 'checkbox' ? text === 'yes' : element.value === text;
    else element.value = text;
  }
}

/** What is printed in the first cell of a row that stands in the form already, such as the id of a step. */
function printed(row: Element): { readonly id: string; readonly text: string } | undefined {
  const cell = row.querySelector<HTMLElement>('[data-field]');
  return cell === null || isControl(cell)
    ? undefined
    : { id: cell.dataset.field ?? '', text: cell.textContent ?? '' };
}

/** A row with a printed id takes the values of that id, whatever its place: another release may have more of them. */
function visitRows(section: HTMLElement, content: readonly Values[], id: string, manner: Manner): void {
  const rows = rowsOf(section);
  const key = rows[0] === undefined ? undefined : printed(rows[0])?.id;
  if (manner.writes && key === undefined) while (rows.length < content.length) rows.push(addRow(section));
  const filled = new Set<HTMLElement>();
  for (const [index, values] of content.entries()) {
    const row =
      key === undefined
        ? rows[Math.min(index, rows.length - 1)]
        : rows.find((one) => printed(one)?.text === values[key]);
    if (row === undefined)
      manner.refuse(`${id}: the form has no row ${key === undefined ? index + 1 : values[key]}`);
    else {
      filled.add(row);
      setValues(row, values, `${id}, row ${index + 1}`, manner);
    }
  }
  if (manner.writes) for (const row of rows) if (!filled.has(row)) setValues(row, {}, id, manner);
}

function visit(form: HTMLElement, data: FilledForm, manner: Manner): void {
  const known = sectionsOf(form);
  for (const id of Object.keys(data.sections)) {
    if (!known.some(({ dataset }) => dataset.section === id))
      manner.refuse('it has a section that the form lacks');
  }
  for (const section of known) {
    const id = section.dataset.section ?? '';
    const isTable = section.dataset.rows !== undefined;
    const content: unknown = data.sections[id] ?? (isTable ? [] : {});
    if (!isTable && isValues(content)) setValues(section, content, id, manner);
    else if (isTable && Array.isArray(content) && content.length <= 500 && content.every(isValues))
      visitRows(section, content, id, manner);
    else manner.refuse(`${id}: wanted ${isTable ? 'rows' : 'fields'}`);
  }
}

function read(form: HTMLElement, text: string): FilledForm {
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
  return data;
}

/**
 * Fills the form, all of it or nothing. Throws RangeError with the first thing that does not fit.
 * @returns the digest of the page on which it was filled in.
 */
export function fill(form: HTMLElement, text: string): string | undefined {
  const data = read(form, text);
  const refuse = (what: string): never => {
    throw new RangeError(what);
  };
  for (const writes of [false, true]) visit(form, data, { writes, wrongWith, refuse });
  return data.runbook?.page;
}

/**
 * Puts a draft back as far as the form has a place for it: what is half typed stays half typed, only a secret is
 * refused. @returns what found no place, and the digest of the page on which the draft was begun.
 * @throws RangeError when the text is no draft of the form.
 */
export function refill(form: HTMLElement, text: string): { left: string[]; digest: string | undefined } {
  const left: string[] = [];
  const data = read(form, text);
  visit(form, data, {
    writes: true,
    wrongWith: secretIn,
    refuse: (what) => left.push(what),
  });
  return { left, digest: data.runbook?.page };
}
