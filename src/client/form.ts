/** Wakes the forms: a draft in this browser, files, the times of a run, digests as words, refusal of secrets. */
import { ceremonyLogOf } from '../audit/forms/export';
import { spell } from '../shard/words';
import { download, pickedText } from './files';
import { addRow, type Control, collect, fill, refill, wrongWith } from './form-data';
import { FormDraft } from './form-draft';
import { labelOf, list, look, lookAll, mark } from './form-wrong';
import { load } from './load';

const limit = 1_000_000;
const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

class FormPanel {
  private readonly draft: FormDraft;
  /** The form as it was printed, to clear it. */
  private readonly blank: string;
  /** What stood in the form before it was cleared or replaced. */
  private before: string | undefined;
  private isSure = false;

  constructor(private readonly form: HTMLFormElement) {
    this.draft = new FormDraft(form.dataset.form ?? '');
    this.blank = json(collect(form));
    this.spellAll();
    this.restore();
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('input', (event) => this.type(event.target as Control));
    form.addEventListener('change', (event) => this.leave(event.target as Control));
    form.addEventListener('click', (event) => this.press(event.target as Element));
    form.querySelector('[data-file]')?.addEventListener('change', (event) => {
      void this.take(event.target as HTMLInputElement);
    });
    addEventListener('storage', (event) => {
      // Neither tab overwrites what was typed in the other, nor brings back what was cleared there.
      if (this.draft.isOf(event)) this.follow(event.newValue ?? undefined);
    });
    // Back to a page that was kept as it stood: other tabs went on meanwhile.
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) this.follow(this.draft.load());
    });
    addEventListener('beforeunload', (event) => {
      if (!this.draft.isSafe) event.preventDefault();
    });
  }

  private show(what: 'back' | 'older', shown: boolean): void {
    const button = this.form.querySelector<HTMLButtonElement>(`[data-do="${what}"]`);
    if (button !== null) button.hidden = !shown;
  }

  private say(text: string): void {
    const status = this.form.querySelector('[data-status]');
    const warning = this.draft.isSafe
      ? ''
      : ' This browser does not store the form: its storage is full or blocked. Export it before you close the page.';
    if (status !== null) status.textContent = text + warning;
    status?.classList.toggle('run-unsafe', !this.draft.isSafe);
  }

  /** In words, when a file or draft comes from another text of this page. */
  private otherText(digest: string | undefined): string {
    return digest === undefined || digest === this.form.dataset.digest
      ? ''
      : ` It was filled in on another text of this page, ${digest}.`;
  }

  private restore(): void {
    const text = this.draft.load();
    if (text !== undefined) this.say(this.takeDraft(text));
    this.show('older', this.draft.older() !== undefined);
  }

  /** Puts a draft back. What does not fit this release of the form is set aside as a whole. @returns what happened. */
  private takeDraft(text: string, opened = 'The draft of this browser is open.'): string {
    try {
      const { left, digest } = refill(this.form, text);
      this.spellAll();
      if (left.length === 0) return opened + this.otherText(digest);
      this.draft.setAside(text);
      return `The draft of this browser is of another release of the form, and part of it has no place (${left[0]}). What fits is shown; the whole draft can be saved as a file.`;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.draft.setAside(text);
      return `The draft of this browser cannot be shown: ${error.message}. It can be saved as a file.`;
    }
  }

  /** Shows the draft as the storage has it by now, or that it was cleared. Nothing is stored. */
  private follow(text: string | undefined): void {
    if (!this.draft.isSafe) return;
    const here = json(collect(this.form));
    if (here === (text ?? this.blank)) return;
    if (text !== undefined) {
      this.say(this.takeDraft(text, 'Another tab changed this form, and both show the same.'));
      return;
    }
    this.replace(
      () => {
        fill(this.form, this.blank);
        return 'Another tab cleared this form. Until this page is closed, what stood here can be brought back.';
      },
      () => {},
    );
    this.show('older', this.draft.older() !== undefined);
  }

  private keep(): void {
    if (!this.draft.save(json(collect(this.form)))) this.say('');
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
    // What is half typed is judged when the field is left; what was wrong is right again at once.
    if (isSecret) mark(control, wrong);
    else if (control.ariaInvalid === 'true') this.leave(control);
    this.spellAll();
    this.keep();
    if (isSecret) this.say(`${labelOf(control)}: ${wrong}`);
  }

  /** A field was left: it says what is wrong with it, and the list goes once nothing is. */
  private leave(control: Control): void {
    if (control.dataset.field === undefined) return;
    look(control);
    const place = this.form.querySelector<HTMLElement>('[data-wrong]');
    if (place !== null && !place.hidden) list(place, lookAll(this.form));
  }

  /** Whether every field fits. If not, each says why, a list links them, and the first gets the focus. */
  private isComplete(): boolean {
    const found = lookAll(this.form);
    const place = this.form.querySelector<HTMLElement>('[data-wrong]');
    if (place !== null) list(place, found.length > 1 ? found : []);
    const [first] = found;
    if (first === undefined) return true;
    const more = found.length === 1 ? '' : ` ${found.length} fields do not fit:`;
    this.say(`Not exported. ${labelOf(first.control)}: ${first.why}.${more}`);
    first.control.focus();
    return false;
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
    if (what !== undefined) this.actions[what]?.();
  }

  /** What the buttons do, by their `data-do`. */
  private readonly actions: Readonly<Record<string, () => void>> = {
    print: () => print(),
    import: () => this.form.querySelector<HTMLElement>('[data-file]')?.click(),
    clear: () => this.clear(),
    back: () => this.bringBack(),
    older: () => download(`${this.form.dataset.form}-older.json`, this.draft.older() ?? ''),
    run: () => void this.takeRun(),
    export: () => {
      if (!this.isComplete()) return;
      download(this.fileName, json(collect(this.form)));
      this.say('Exported.');
    },
    compare: () => {
      if (this.isComplete()) this.compare();
    },
  };

  /** Fills the form otherwise. What stood in it can be brought back, and everything follows: words, draft, status. */
  private replace(fillIn: () => string, follow = () => this.keep()): void {
    const before = json(collect(this.form));
    const said = fillIn();
    this.before = before;
    this.show('back', true);
    this.spellAll();
    follow();
    this.say(said);
  }

  /** The script that knows runs comes when it is asked for. */
  private async takeRun(): Promise<void> {
    const src = document.querySelector<HTMLElement>('script[data-form-run]')?.dataset.formRun ?? '';
    try {
      await load(src);
      this.replace(() => globalThis.runbookTakeRun?.(this.form) ?? '');
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.say(`No run was taken over: ${error.message}.`);
    }
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
    this.replace(
      () => {
        fill(this.form, this.blank);
        return 'The form is blank again. Until this page is closed, what stood in it can be brought back.';
      },
      () => this.draft.clear(),
    );
    this.show('older', false);
  }

  /** What was cleared or replaced, and what replaced it, change places. */
  private bringBack(): void {
    const { before } = this;
    if (before === undefined) return;
    this.replace(() => {
      refill(this.form, before);
      return 'What stood in the form before is back.';
    });
  }

  /** Named after what the form is about, so that several stand side by side in a folder. */
  private get fileName(): string {
    const about = ['label', 'number', 'date'].flatMap((id) => {
      const value = this.form
        .querySelector<HTMLInputElement>(`.form-fields [data-field="${id}"]`)
        ?.value.trim();
      return value ? [value.replace(/[^A-Za-z0-9]+/g, '-')] : [];
    });
    return [this.form.dataset.form, ...about.slice(0, 1)].join('-').concat('.json');
  }

  private async take(file: HTMLInputElement): Promise<void> {
    try {
      const text = await pickedText(file, limit);
      this.replace(() => {
        const other = this.otherText(fill(this.form, text));
        const count = lookAll(this.form).length;
        const wrong =
          count === 0
            ? ''
            : ` ${count === 1 ? '1 field contradicts' : `${count} fields contradict`} another, and ${count === 1 ? 'says' : 'say'} so.`;
        return `The form was imported. What stood in it can be brought back.${other}${wrong}`;
      });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.say(`The file was not imported: ${error.message}.`);
    }
  }
}

export function watchForms(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('[data-form]')) new FormPanel(form);
}
