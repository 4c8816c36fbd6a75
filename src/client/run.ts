/** The panel of a procedure's runs: naming, choosing, exporting, importing, deleting. All kept in this browser. */
import { readRun, refusal, runLimits, writeRun } from '../procedure/run';
import { download, pickedText } from './files';
import { ask, required } from './run-ask';
import { OpenRun } from './run-open';
import { watchPlace } from './run-place';
import { showAskedShards } from './run-shards';
import { watchSteps } from './run-steps';
import { paperHead, showStep } from './run-view';

class RunPanel {
  private readonly open: OpenRun;
  private readonly all = [...document.querySelectorAll<HTMLElement>('section.step')];
  private readonly choice: HTMLSelectElement;
  private readonly dialog: HTMLDialogElement;
  private readonly place: () => void;
  private fading: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly panel: HTMLElement,
    bar: HTMLElement,
  ) {
    const { page = '', digest = '' } = panel.dataset;
    this.choice = required(panel, '[data-run-choice]');
    this.dialog = required(panel, '[data-run-ask]');
    this.open = new OpenRun(page, digest, (typing) => this.show(typing));
    const isFiltered = showAskedShards(required(panel, '[data-run-filter]'));
    const steps = (): HTMLElement[] => this.all.filter((step) => step.closest('[hidden]') === null);
    this.place = watchPlace(bar, this.all, steps, () => this.open.run);
    this.show();
    watchSteps({
      open: this.open,
      dialog: this.dialog,
      steps,
      isFiltered,
      say: (text) => this.say(text),
    });
    this.listen();
  }

  private say(text: string): void {
    const { warning } = this.open;
    const status = required<HTMLElement>(this.panel, '[data-run-status]');
    status.textContent = `${text} ${warning}`.trim();
    status.classList.toggle('run-unsafe', warning !== '');
    this.echo(status);
  }

  /** Shows a message at the edge of the window for a while, if the panel that says it is scrolled away. */
  private echo(status: HTMLElement): void {
    const { bottom } = status.getBoundingClientRect();
    const toast = required<HTMLElement>(this.panel, '[data-run-toast]');
    const isUnsafe = status.classList.contains('run-unsafe');
    toast.textContent = status.textContent;
    toast.classList.toggle('run-unsafe', isUnsafe);
    toast.hidden = toast.textContent === '' || bottom > 0;
    clearTimeout(this.fading);
    // A warning stays until it no longer holds.
    if (isUnsafe) return;
    this.fading = setTimeout(() => {
      toast.hidden = true;
    }, 8000);
  }

  private show(typing?: Element | null): void {
    const { run, store } = this.open;
    const options = store.names().map((name) => new Option(name, name));
    this.choice.replaceChildren(new Option('none: blank page', ''), ...options);
    this.choice.value = run?.name ?? '';
    required<HTMLElement>(this.panel, '[data-run-open]').textContent = run?.name ?? 'none, blank page';
    for (const button of ['export', 'delete']) {
      required<HTMLButtonElement>(this.panel, `[data-run-${button}]`).disabled = run === undefined;
    }
    for (const step of this.all) showStep(step, run, typing);
    const paper = required<HTMLElement>(this.panel, '[data-run-paper]');
    paper.hidden = run === undefined;
    paper.textContent = run === undefined ? '' : paperHead(run);
    this.place();
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
    this.open.keep(this.open.begin(wanted));
    this.say(`Run “${this.open.run?.name}” is open.`);
  }

  private async take(file: HTMLInputElement): Promise<void> {
    try {
      this.say(this.open.adopt(readRun(await pickedText(file, runLimits.bytes))));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.say(`The file was not imported: ${error.message}.`);
    }
  }

  private async delete(): Promise<void> {
    const { run } = this.open;
    if (run === undefined) return;
    const text = `Delete run “${run.name}” from this browser? Export it first if it is evidence.`;
    if (await ask(this.dialog, text, 'Delete it')) this.say(this.open.remove(run));
  }

  private export(): void {
    const { run } = this.open;
    if (run === undefined) return;
    const slug = run.name.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase();
    download(`run-${this.all[0]?.id.slice(0, 3).toLowerCase()}-${slug}.json`, writeRun(run));
  }

  private listen(): void {
    const on = (name: string, action: () => void): void =>
      required<HTMLElement>(this.panel, `[data-run-${name}]`).addEventListener('click', action);
    const file = required<HTMLInputElement>(this.panel, '[data-run-file]');
    on('start', () => this.start());
    on('print', () => print());
    on('delete', () => void this.delete());
    on('import', () => file.click());
    on('export', () => this.export());
    required<HTMLInputElement>(this.panel, '[data-run-name]').addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.start();
    });
    file.addEventListener('change', () => void this.take(file));
    this.choice.addEventListener('change', () =>
      this.say(this.open.open(this.open.store.load(this.choice.value))),
    );
    addEventListener('storage', (event) => {
      if (this.open.follow(event)) this.show(document.activeElement);
    });
    addEventListener('beforeunload', (event) => {
      if (this.open.warning !== '') event.preventDefault();
    });
  }
}

/** Wakes the panel and the steps of a page that has them. */
export function watchRun(): void {
  const bar = document.querySelector<HTMLElement>('[data-position]');
  const panel = document.querySelector<HTMLElement>('[data-run]');
  if (bar !== null && panel !== null) new RunPanel(panel, bar);
}
