/** The run of a procedure: naming, choosing, exporting, importing, deleting. All kept in this browser. */

import type { ProcedureRun, ShardState } from '../procedure/run/run';
import {
  lastTouched,
  quorumFault,
  readRun,
  refusal,
  runLimits,
  withOut,
  withShards,
  writeRun,
} from '../procedure/run/run';
import { download, pickedText } from './files';
import { ask, required } from './run-ask';
import { rememberCard } from './run-card';
import { ShardTable } from './run-choice';
import { OpenRun } from './run-open';
import type { Place } from './run-place';
import { type Request, requestOf, ShardView } from './run-shards';
import { watchSteps } from './run-steps';
import { paperHead, showStep } from './run-view';

class RunPanel {
  private readonly open: OpenRun;
  private readonly choice: HTMLSelectElement;
  private readonly dialog: HTMLDialogElement;
  private readonly shards: ShardView;
  private readonly table: ShardTable;
  private readonly threshold: number;
  private fading: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly panel: HTMLElement,
    private readonly place: Place,
  ) {
    const { page = '', digest = '', threshold = '' } = panel.dataset;
    const { all, steps } = place;
    this.threshold = Number(threshold);
    this.choice = required(panel, '[data-run-choice]');
    this.dialog = required(panel, '[data-run-ask]');
    this.shards = new ShardView(required(panel, '[data-run-filter]'), all);
    this.open = new OpenRun(
      page,
      digest,
      (typing) => this.show(typing),
      () => this.shards.quorum,
    );
    place.follow(() => this.open.run);
    this.table = new ShardTable({
      known: this.shards.known,
      threshold: this.threshold,
      keep: (shards, out) => this.take(shards, out),
      say: (text) => this.say(text),
    });
    this.choose(requestOf(location.search, this.shards.known, this.threshold));
    watchSteps({
      open: this.open,
      dialog: this.dialog,
      steps,
      isFiltered: () => this.shards.quorum !== undefined,
      say: (text) => this.say(text),
    });
    this.listen();
    this.sayExpired();
  }

  /** A run that is not opened by itself any more is named, so that nobody begins a second one unawares. */
  private sayExpired(): void {
    const last = this.open.run === undefined ? this.open.store.last() : undefined;
    if (last === undefined) return;
    const when = lastTouched(last).slice(0, 16).replace('T', ' ');
    this.say(
      `Run “${last.name}” is not open: nothing was ticked in it since ${when} UTC, more than a day ago. To go on with it, choose it here. A tick begins a new run.`,
    );
  }

  /** Takes the choice of the address over into the open run, or that of the run where the address has none. */
  private choose(request: Request): void {
    const { run } = this.open;
    const before = this.quorumOf(run);
    if (request.kind === 'none' || request.kind === 'refused') this.shards.apply(before);
    else {
      const wanted = request.kind === 'all' ? undefined : request.shards;
      // As of now: what begins here keeps it as well.
      this.shards.apply(wanted);
      const isOther = String(wanted ?? '') !== String(run?.shards ?? '');
      if (run !== undefined && isOther) {
        this.open.keep(withShards(run, wanted));
        if (before !== undefined && wanted !== undefined)
          this.say(
            `Run “${run.name}” was for shards ${before.join(', ')}; it is now for ${wanted.join(', ')}.`,
          );
      }
    }
    this.show();
    if (request.kind === 'refused') {
      const shown = this.shards.quorum === undefined ? 'all are shown' : 'the choice of the run is shown';
      this.shards.say(`${request.reason}: ${shown}.`);
    } else this.shards.overrule(location.hash);
  }

  /** Takes over what was chosen in the table: the page, its address and the run follow. */
  private take(shards: readonly number[] | undefined, out: Readonly<Record<string, ShardState>>): void {
    const before = String(this.shards.quorum ?? '');
    this.shards.apply(shards);
    const query = shards === undefined ? '' : `?shards=${shards.join(',')}`;
    if (location.protocol !== 'file:')
      history.replaceState(history.state, '', location.pathname + query + location.hash);
    this.open.keep(withOut(withShards(this.open.run ?? this.open.begin(), shards), out));
    if (shards !== undefined && before !== String(shards))
      this.say(`Chosen: shards ${shards.join(', ')}. The steps of the others are hidden.`);
  }

  /** The quorum that a run keeps, if this page can show it. */
  private quorumOf(run: ProcedureRun | undefined): readonly number[] | undefined {
    const { shards } = run ?? {};
    if (shards === undefined || quorumFault(shards, this.shards.known, this.threshold) !== undefined)
      return undefined;
    return shards;
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
    // A run has its own choice; without one the page stays as it is.
    if (run !== undefined && String(this.quorumOf(run) ?? '') !== String(this.shards.quorum ?? ''))
      this.shards.apply(this.quorumOf(run));
    this.table.show(run, this.shards.quorum);
    for (const step of this.place.all) showStep(step, run, typing);
    const paper = required<HTMLElement>(this.panel, '[data-run-paper]');
    paper.hidden = run === undefined;
    paper.textContent = run === undefined ? '' : paperHead(run);
    this.place.show();
    rememberCard(this.open.page, run, this.place.steps().length);
  }

  private refresh(): void {
    const gone = this.open.refresh();
    this.show(document.activeElement);
    if (gone !== undefined) this.say(gone);
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

  private async takeFile(file: HTMLInputElement): Promise<void> {
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
    download(`run-${this.place.all[0]?.id.slice(0, 3).toLowerCase()}-${slug}.json`, writeRun(run));
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
    file.addEventListener('change', () => void this.takeFile(file));
    this.choice.addEventListener('change', () =>
      this.say(this.open.open(this.open.store.load(this.choice.value))),
    );
    addEventListener('storage', ({ key }) => {
      if (key === null || this.open.store.isOf(key)) this.refresh();
    });
    // Back and forward: the browser fills in what stood here when the reader left, and other tabs went on.
    addEventListener('pageshow', () => this.refresh());
    addEventListener('hashchange', () => {
      if (!this.shards.overrule(location.hash)) return;
      this.place.show();
      document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
    });
    addEventListener('beforeunload', (event) => {
      if (this.open.warning !== '') event.preventDefault();
    });
  }
}

globalThis.runbookRun = (place) => {
  const panel = document.querySelector<HTMLElement>('[data-run]');
  if (panel !== null) new RunPanel(panel, place);
};
