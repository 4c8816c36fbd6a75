/** Wakes the forms: a draft in this browser, files, the times of a run, digests as words, refusal of secrets. */
import { ceremonyLogOf } from '../components/forms/ceremonyLogExport';
import { spell } from '../shard/words';
import { download, pickedText } from './files';
import { addRow, type Control, collect, controlsOf, fill, rowsOf, wrongWith } from './form-data';
import { RunStore } from './run-store';

const limit = 1_000_000;
const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

class FormPanel {
  private readonly key: string;
  /** The form as it was printed, to clear it. */
  private readonly blank: string;
  private isSafe = true;
  private isSure = false;

  constructor(private readonly form: HTMLFormElement) {
    this.key = `runbook.form:${form.dataset.form}`;
    this.blank = json(collect(form));
    this.restore();
    this.spellAll();
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('input', (event) => this.type(event.target as Control));
    form.addEventListener('click', (event) => this.press(event.target as Element));
    form.querySelector('[data-file]')?.addEventListener('change', (event) => {
      void this.take(event.target as HTMLInputElement);
    });
    addEventListener('beforeunload', (event) => {
      if (!this.isSafe) event.preventDefault();
    });
  }

  private say(text: string): void {
    const status = this.form.querySelector('[data-status]');
    const warning = this.isSafe
      ? ''
      : ' This browser does not store the form: its storage is full or blocked. Export it before you close the page.';
    if (status !== null) status.textContent = text + warning;
    status?.classList.toggle('run-unsafe', !this.isSafe);
  }

  private restore(): void {
    try {
      const draft = localStorage.getItem(this.key);
      if (draft === null) return;
      fill(this.form, draft);
      this.say('The draft of this browser is open.');
    } catch {
      // No storage, or a draft of an earlier release of the form.
    }
  }

  private keep(): void {
    try {
      localStorage.setItem(this.key, json(collect(this.form)));
      this.isSafe = true;
    } catch {
      this.isSafe = false;
      this.say('');
    }
  }

  private spellAll(): void {
    for (const output of this.form.querySelectorAll<HTMLOutputElement>('[data-words]')) {
      const control = this.form.querySelector<Control>(`[data-field="${output.dataset.words}"]`);
      const text = control?.value.trim() ?? '';
      output.value = /^(?:[0-9a-f]{4})+$/.test(text) ? spell(text).join(' ') : '';
    }
  }

  private type(control: Control): void {
    if (control.dataset.field === undefined) return;
    const wrong = wrongWith(control, control.value.trim());
    const isSecret = wrong?.startsWith('This looks') === true;
    if (isSecret) control.value = '';
    control.setAttribute('aria-invalid', String(isSecret));
    this.spellAll();
    this.keep();
    if (isSecret)
      this.say(
        `${control.ariaLabel ?? control.closest('label')?.firstChild?.textContent ?? 'A field'}: ${wrong}`,
      );
  }

  /** The first field that does not fit gets the focus. */
  private isComplete(): boolean {
    for (const control of controlsOf(this.form)) {
      const isText = control.type === 'text' || control.type === 'textarea';
      const wrong = isText ? wrongWith(control, control.value.trim()) : undefined;
      control.setAttribute('aria-invalid', String(wrong !== undefined));
      if (wrong === undefined) continue;
      const label = control.ariaLabel ?? control.closest('label')?.firstChild?.textContent;
      this.say(`Not exported. ${label}: ${wrong}.`);
      control.focus();
      return false;
    }
    return true;
  }

  private press(target: Element): void {
    const more = target.closest('[data-more]');
    const section = more?.closest<HTMLElement>('[data-section]');
    if (section !== null && section !== undefined) {
      addRow(section).querySelector<HTMLElement>('[data-field]')?.focus();
      this.keep();
      return;
    }
    const what = target.closest<HTMLElement>('[data-do]')?.dataset.do;
    if (what !== 'clear') this.isSure = false;
    if (what === 'print') print();
    else if (what === 'import') this.form.querySelector<HTMLElement>('[data-file]')?.click();
    else if (what === 'clear') this.clear();
    else if (what === 'run') this.takeRun();
    else if (what === 'export' && this.isComplete()) {
      download(`${this.form.dataset.form}.json`, json(collect(this.form)));
      this.say('Exported.');
    } else if (what === 'compare' && this.isComplete()) this.compare();
  }

  private compare(): void {
    try {
      download('log.json', json(ceremonyLogOf(collect(this.form), this.form.dataset.follows ?? '')));
      this.say('Exported for sss audit compare.');
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.say(`Not exported. ${error.message}.`);
    }
  }

  private clear(): void {
    if (!this.isSure) {
      this.isSure = true;
      this.say('Everything that was typed here goes. Press Clear once more.');
      return;
    }
    this.isSure = false;
    fill(this.form, this.blank);
    this.spellAll();
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Blocked storage holds nothing.
    }
    this.isSafe = true;
    this.say('The form is blank again.');
  }

  private takeRun(): void {
    const store = new RunStore(this.form.dataset.follows ?? '');
    const name = store.names().at(-1);
    const run = name === undefined ? undefined : store.load(name);
    if (run === undefined) {
      this.say('This browser holds no run of the script.');
      return;
    }
    const section = this.form.querySelector<HTMLElement>('[data-section="steps"]');
    let count = 0;
    for (const row of section === null ? [] : rowsOf(section)) {
      const entry = run.steps[row.querySelector('[data-field="step"]')?.textContent ?? ''];
      if (entry === undefined) continue;
      count += 1;
      const values: Record<string, string | undefined> = { ...entry, time: entry.time?.slice(11, 16) };
      for (const control of controlsOf(row)) control.value = values[control.dataset.field ?? ''] ?? '';
    }
    this.keep();
    this.say(`${count} steps were taken over from run “${run.name}”.`);
  }

  private async take(file: HTMLInputElement): Promise<void> {
    try {
      fill(this.form, await pickedText(file, limit));
      this.spellAll();
      this.keep();
      this.say('The form was imported.');
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.say(`The file was not imported: ${error.message}.`);
    }
  }
}

export function watchForms(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('[data-form]')) new FormPanel(form);
}
