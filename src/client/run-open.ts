/** The run that is open on a page: beginning one, changing it, putting it aside. What it becomes is stored at once. */
import type { ProcedureRun } from '../procedure/run/run';
import { isSameRun, mergeRuns, startRun, utc, withShards, writeRun } from '../procedure/run/run';
import { RunStore } from './run-store';

const unsaved =
  'This browser did not store the run: its storage is full or blocked. Nothing is lost while this page stays open. Export the run before you close it.';

export class OpenRun {
  readonly store: RunStore;
  /** The run itself; none while the page is blank. */
  run: ProcedureRun | undefined;

  /** @param digest Digest of the page's text, which a run keeps. @param changed Shows the run; the field in use keeps its text. @param quorum The one that is shown, which a new run keeps. */
  constructor(
    readonly page: string,
    private readonly digest: string,
    private readonly changed: (typing?: Element) => void,
    private readonly quorum: () => readonly number[] | undefined,
  ) {
    this.store = new RunStore(page);
    this.run = this.store.opened(new Date());
  }

  /** What the reader must know when the browser refused to store a run; empty when all are stored. */
  get warning(): string {
    return this.store.isStored ? '' : unsaved;
  }

  /** A run that nobody has filled in yet. Without a name it is called after the moment. */
  begin(wanted = ''): ProcedureRun {
    const now = new Date();
    const name = wanted === '' ? `Run of ${utc(now).slice(0, 16).replace('T', ' ')} UTC` : wanted;
    return withShards(startRun(this.page, this.digest, this.store.freeName(name), now), this.quorum());
  }

  /** Takes a run in its new state. */
  keep(run: ProcedureRun, typing?: Element): void {
    this.run = run;
    this.store.save(run);
    this.store.setOpened(run.name);
    this.changed(typing);
  }

  /** Opens a run, or leaves the page blank. @returns what happened, in a sentence or two. */
  open(run: ProcedureRun | undefined): string {
    this.run = run;
    this.store.setOpened(run?.name);
    this.changed();
    if (run === undefined) return 'No run is open. The page is blank.';
    const opened = `Run “${run.name}” is open.`;
    return run.digest === this.digest
      ? opened
      : `${opened} It was filled in on another text of this page, ${run.digest}.`;
  }

  /**
   * Opens a run that came from a file. Another copy of a run that is here is merged into it, unless the two contradict
   * each other; then, and when a different run has its name, it stands beside it under another.
   * @throws RangeError when it is a run of another page.
   */
  adopt(run: ProcedureRun): string {
    if (run.page !== this.page) throw new RangeError(`it is a run of ${run.page}`);
    const known = this.store.load(run.name);
    if (known !== undefined && writeRun(known) === writeRun(run)) return this.open(run);
    if (known !== undefined && isSameRun(known, run)) {
      const { run: merged, contradictions } = mergeRuns(known, run);
      if (merged !== undefined) {
        this.store.save(merged);
        return `${this.open(merged)} What the file had more was added to it.`;
      }
      const beside = { ...run, name: this.store.freeName(run.name) };
      this.store.save(beside);
      return `${this.open(beside)} It stands beside “${run.name}”: the two contradict each other at ${contradictions.join(', ')}.`;
    }
    const named = { ...run, name: this.store.freeName(run.name) };
    this.store.save(named);
    return this.open(named);
  }

  /** Deletes the open run. */
  remove(run: ProcedureRun): string {
    this.store.remove(run.name);
    this.open(undefined);
    return `Run “${run.name}” was deleted from this browser.`;
  }

  /** Reads the open run as it is by now: other tabs and pages write it too. @returns a sentence when it is gone. */
  refresh(): string | undefined {
    const { run } = this;
    if (run === undefined) return undefined;
    this.run = this.store.load(run.name);
    return this.run === undefined ? `Run “${run.name}” was deleted elsewhere. The page is blank.` : undefined;
  }
}
