/** Runs of one page in this browser's storage, one entry a run. What the storage refuses stays in memory. */
import type { ProcedureRun } from '../procedure/run';
import { readRun, writeRun } from '../procedure/run';
import { recall, remember } from './storage';

/** Runs older than this are not opened by themselves: ticks of an earlier incident must not look like those of this one. */
const lifetime = 24 * 60 * 60 * 1000;

export class RunStore {
  private readonly memory = new Map<string, ProcedureRun>();
  private readonly prefix: string;

  constructor(private readonly page: string) {
    this.prefix = `runbook.run:${page}:`;
  }

  private parse(text: string | null | undefined): ProcedureRun | undefined {
    try {
      const run = readRun(text ?? '');
      return run.page === this.page ? run : undefined;
    } catch {
      return undefined;
    }
  }

  /** Names of all runs of the page, oldest first. */
  names(): string[] {
    const runs = new Map(this.memory);
    try {
      for (let index = 0; index < localStorage.length; index += 1) {
        const key = localStorage.key(index) ?? '';
        if (!key.startsWith(this.prefix)) continue;
        const run = this.parse(localStorage.getItem(key));
        if (run !== undefined && !runs.has(run.name)) runs.set(run.name, run);
      }
    } catch {
      // Blocked storage: only what is in memory.
    }
    const started = (name: string): string => runs.get(name)?.started ?? '';
    return [...runs.keys()].sort((a, b) => started(a).localeCompare(started(b)) || a.localeCompare(b));
  }

  load(name: string): ProcedureRun | undefined {
    const kept = this.memory.get(name);
    if (kept !== undefined) return kept;
    try {
      return this.parse(localStorage.getItem(this.prefix + name));
    } catch {
      return undefined;
    }
  }

  /** Keeps a run. False when the browser did not store it; the page still holds it. */
  save(run: ProcedureRun): boolean {
    this.memory.set(run.name, run);
    try {
      localStorage.setItem(this.prefix + run.name, writeRun(run));
      return true;
    } catch {
      return false;
    }
  }

  remove(name: string): void {
    this.memory.delete(name);
    try {
      localStorage.removeItem(this.prefix + name);
    } catch {
      // Blocked storage holds nothing.
    }
  }

  /** The run that was open last, if it began within a day. */
  opened(now: Date): ProcedureRun | undefined {
    const run = this.load(recall(`run-open:${this.page}`) ?? '');
    return run !== undefined && now.getTime() - Date.parse(run.started) < lifetime ? run : undefined;
  }

  setOpened(name: string | undefined): void {
    remember(`run-open:${this.page}`, name);
  }

  /** Takes over what another tab wrote; the name of the run, if the change was one of this page. */
  follow(event: StorageEvent): string | undefined {
    if (event.key?.startsWith(this.prefix) !== true) return undefined;
    const name = event.key.slice(this.prefix.length);
    const run = this.parse(event.newValue);
    if (run === undefined) this.memory.delete(name);
    else this.memory.set(name, run);
    return name;
  }
}
