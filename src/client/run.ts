/** Runs of procedures: ticks with UTC time, initials, deviations; warnings; several runs; files. All kept in this browser. */
import type { PlannedStep, ProcedureRun } from '../procedure/run';
import {
  finalAhead,
  readRun,
  refusal,
  runLimits,
  skippedBefore,
  startRun,
  utc,
  withEntry,
  writeRun,
} from '../procedure/run';
import { download, pickedText } from './files';
import { watchPlace } from './run-place';
import { showAskedShards } from './run-shards';
import { RunStore } from './run-store';
import { clock, paperHead, type RunField, runFields, showStep } from './run-view';

const unsaved =
  'This browser did not store the run: its storage is full or blocked. Nothing is lost while this page stays open. Export the run before you close it.';

function required<T extends Element>(root: ParentNode, selector: string): T {
  const element = root.querySelector<T>(selector);
  if (element === null) throw new RangeError(`the page lacks ${selector}`);
  return element;
}

class RunPanel {
  private readonly store: RunStore;
  private readonly all = [...document.querySelectorAll<HTMLElement>('section.step')];
  private readonly choice: HTMLSelectElement;
  private readonly place: () => void;
  private readonly isFiltered: boolean;
  private run: ProcedureRun | undefined;
  private isSafe = true;

  constructor(
    private readonly panel: HTMLElement,
    bar: HTMLElement,
  ) {
    this.store = new RunStore(panel.dataset.page ?? '');
    this.choice = required(panel, '[data-run-choice]');
    this.isFiltered = showAskedShards(required(panel, '[data-run-filter]'));
    this.place = watchPlace(
      bar,
      () => this.steps(),
      () => this.run,
    );
    this.run = this.store.opened(new Date());
    this.show();
    this.listen();
  }

  /** Steps that are shown. */
  private steps(): HTMLElement[] {
    return this.all.filter((step) => step.closest('[hidden]') === null);
  }

  private plan(): PlannedStep[] {
    return this.steps().map((step) => ({
      id: step.id,
      minutes: Number(step.dataset.minutes ?? 0),
      irreversible: step.classList.contains('step-irreversible'),
      conditional: step.dataset.lost !== undefined || (step.dataset.shard !== undefined && !this.isFiltered),
    }));
  }

  private say(text: string): void {
    const status = required<HTMLElement>(this.panel, '[data-run-status]');
    status.textContent = this.isSafe ? text : `${text} ${unsaved}`.trim();
    status.classList.toggle('run-unsafe', !this.isSafe);
  }

  private show(typing?: Element | null): void {
    const names = this.store.names();
    const options = names.map((name) => new Option(name, name));
    this.choice.replaceChildren(new Option('none: blank page', ''), ...options);
    this.choice.value = this.run?.name ?? '';
    for (const button of ['export', 'delete']) {
      required<HTMLButtonElement>(this.panel, `[data-run-${button}]`).disabled = this.run === undefined;
    }
    for (const step of this.all) showStep(step, this.run, typing);
    const paper = required<HTMLElement>(this.panel, '[data-run-paper]');
    paper.hidden = this.run === undefined;
    paper.textContent = this.run === undefined ? '' : paperHead(this.run);
    this.place();
  }

  private keep(run: ProcedureRun, typing?: Element): void {
    this.run = run;
    this.isSafe = this.store.save(run);
    this.store.setOpened(run.name);
    this.show(typing);
  }

  private open(run: ProcedureRun | undefined): void {
    this.run = run;
    this.store.setOpened(run?.name);
    this.show();
    if (run === undefined) this.say('No run is open. The page is blank.');
    else if (run.digest === this.panel.dataset.digest) this.say(`Run “${run.name}” is open.`);
    else {
      this.say(`Run “${run.name}” is open. It was filled in on another text of this page, ${run.digest}.`);
    }
  }

  /** A name that no run has yet. */
  private freeName(wanted: string): string {
    const names = this.store.names();
    for (let number = 1; ; number += 1) {
      const suffix = number === 1 ? '' : ` (${number})`;
      const name = wanted.slice(0, runLimits.name - suffix.length) + suffix;
      if (!names.includes(name)) return name;
    }
  }

  private begin(wanted: string): ProcedureRun {
    const now = new Date();
    const name = wanted === '' ? `Run of ${utc(now).slice(0, 16).replace('T', ' ')} UTC` : wanted;
    const { page = '', digest = '' } = this.panel.dataset;
    return startRun(page, digest, this.freeName(name), now);
  }

  private ask(text: string, yes: string): Promise<boolean> {
    const dialog = required<HTMLDialogElement>(this.panel, '[data-run-ask]');
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

  private async tick(step: HTMLElement, box: HTMLInputElement): Promise<void> {
    const { id } = step;
    if (!box.checked) {
      if (this.run !== undefined) this.keep(withEntry(this.run, id, { time: undefined }));
      this.say(`${id} is no longer ticked.`);
      return;
    }
    // The moment of the tick, not of the answer to a question.
    const time = utc(new Date());
    const skipped = skippedBefore(this.run, this.plan(), id);
    const isFinal = step.classList.contains('step-irreversible');
    const questions = [
      ...(skipped.length === 0
        ? []
        : [
            {
              text: `Out of order: ${skipped.slice(0, 6).join(', ')}${skipped.length > 6 ? ` and ${skipped.length - 6} more` : ''} before ${id} ${skipped.length === 1 ? 'is' : 'are'} not ticked.`,
              yes: `Tick ${id} and write why`,
            },
          ]),
      ...(isFinal
        ? [
            {
              text: `${id} is a point of no return. ${step.querySelector('.step-final dd')?.textContent ?? ''}`,
              yes: 'It is so: tick it',
            },
          ]
        : []),
    ];
    for (const { text, yes } of questions) {
      if (!(await this.ask(text, yes))) {
        box.checked = false;
        this.say(`${id} was left unticked.`);
        box.focus();
        return;
      }
    }
    this.keep(withEntry(this.run ?? this.begin(''), id, { time }));
    const ahead = this.run === undefined ? undefined : finalAhead(this.run, this.plan());
    this.say(
      `${id} done at ${clock(time)}.${ahead === undefined ? '' : ` Stop: the next step, ${ahead}, is a point of no return.`}`,
    );
    if (skipped.length > 0) required<HTMLInputElement>(step, '[data-record="note"]').focus();
    else box.focus();
  }

  private type(step: HTMLElement, input: HTMLInputElement): void {
    const field = input.dataset.record as RunField;
    const wrong = refusal(input.value);
    input.setAttribute('aria-invalid', String(wrong !== undefined));
    if (wrong !== undefined) {
      input.value = this.run?.steps[step.id]?.[field] ?? '';
      this.say(`${step.id}: ${wrong}`);
      return;
    }
    this.keep(withEntry(this.run ?? this.begin(''), step.id, { [field]: input.value }), input);
    if (!this.isSafe) this.say('');
  }

  private start(): void {
    const input = required<HTMLInputElement>(this.panel, '[data-run-name]');
    const wanted = input.value.trim();
    const wrong = refusal(wanted);
    input.value = '';
    if (wrong !== undefined) {
      this.say(wrong);
      return;
    }
    this.keep(this.begin(wanted));
    this.say(`Run “${this.run?.name}” is open.`);
  }

  private async take(file: HTMLInputElement): Promise<void> {
    try {
      const run = readRun(await pickedText(file, runLimits.bytes));
      if (run.page !== this.panel.dataset.page) throw new RangeError(`it is a run of ${run.page}`);
      const known = this.store.load(run.name);
      const isKnown = known !== undefined && writeRun(known) === writeRun(run);
      const named = isKnown ? run : { ...run, name: this.freeName(run.name) };
      if (!isKnown) this.isSafe = this.store.save(named);
      this.open(named);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.say(`The file was not imported: ${error.message}.`);
    }
  }

  private async delete(): Promise<void> {
    const { run } = this;
    if (run === undefined) return;
    if (
      !(await this.ask(
        `Delete run “${run.name}” from this browser? Export it first if it is evidence.`,
        'Delete it',
      ))
    )
      return;
    this.store.remove(run.name);
    this.isSafe = true;
    this.open(undefined);
    this.say(`Run “${run.name}” was deleted from this browser.`);
  }

  private listen(): void {
    const on = (name: string, action: () => void): void =>
      required<HTMLElement>(this.panel, `[data-run-${name}]`).addEventListener('click', action);
    const file = required<HTMLInputElement>(this.panel, '[data-run-file]');
    on('start', () => this.start());
    on('print', () => print());
    on('delete', () => void this.delete());
    on('import', () => file.click());
    on('export', () => {
      if (this.run === undefined) return;
      const slug = this.run.name.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase();
      download(`run-${this.all[0]?.id.slice(0, 3).toLowerCase()}-${slug}.json`, writeRun(this.run));
    });
    required<HTMLInputElement>(this.panel, '[data-run-name]').addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.start();
    });
    file.addEventListener('change', () => void this.take(file));
    this.choice.addEventListener('change', () => this.open(this.store.load(this.choice.value)));
    for (const step of this.all) {
      step.querySelector<HTMLInputElement>('[data-step]')?.addEventListener('change', (event) => {
        void this.tick(step, event.target as HTMLInputElement);
      });
      for (const field of runFields) {
        step.querySelector(`[data-record="${field}"]`)?.addEventListener('input', (event) => {
          this.type(step, event.target as HTMLInputElement);
        });
      }
    }
    addEventListener('storage', (event) => {
      const name = this.store.follow(event);
      if (name === undefined) return;
      if (name === this.run?.name) this.run = this.store.load(name);
      this.show(document.activeElement);
    });
    addEventListener('beforeunload', (event) => {
      if (!this.isSafe) event.preventDefault();
    });
  }
}

/** Wakes the panel and the steps of a page that has them. */
export function watchRun(): void {
  const bar = document.querySelector<HTMLElement>('[data-position]');
  const panel = document.querySelector<HTMLElement>('[data-run]');
  if (bar !== null && panel !== null) new RunPanel(panel, bar);
}
