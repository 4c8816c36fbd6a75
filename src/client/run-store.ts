/** Runs of one page in this browser's storage, one entry a run. What the storage refuses stays in memory. */
import type { ProcedureRun } from '../procedure/run/run';
import { lastTouched, readRun, runLimits, writeRun } from '../procedure/run/run';
import { lifetime, runPrefix } from './run-card';
import { recall, remember } from './storage';

export class RunStore {
  /** Runs that the storage did not take. All others are read from it each time: other tabs and pages write there as well. */
  private readonly refused = new Map<string, ProcedureRun>();
  private readonly prefix: string;

  constructor(private readonly page: string) {
    this.prefix = `${runPrefix}${page}:`;
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
    const runs = new Map(this.refused);
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

  /** A name that no run of the page has yet: the one that is wanted, or that with a number behind it. */
  freeName(wanted: string): string {
    const names = this.names();
    for (let number = 1; ; number += 1) {
      const suffix = number === 1 ? '' : ` (${number})`;
      const name = wanted.slice(0, runLimits.name - suffix.length) + suffix;
      if (!names.includes(name)) return name;
    }
  }

  load(name: string): ProcedureRun | undefined {
    const kept = this.refused.get(name);
    if (kept !== undefined) return kept;
    try {
      return this.parse(localStorage.getItem(this.prefix + name));
    } catch {
      return undefined;
    }
  }

  /** Keeps a run: in the storage, or else in memory until the storage takes it. */
  save(run: ProcedureRun): void {
    this.refused.set(run.name, run);
    // Others that were refused before may fit by now.
    for (const [name, waiting] of [...this.refused]) {
      try {
        localStorage.setItem(this.prefix + name, writeRun(waiting));
        this.refused.delete(name);
      } catch {
        // It stays in memory, and `isStored` says so.
      }
    }
  }

  /** Whether the browser's storage holds every run of the page as it is now. */
  get isStored(): boolean {
    return this.refused.size === 0;
  }

  remove(name: string): void {
    this.refused.delete(name);
    try {
      localStorage.removeItem(this.prefix + name);
    } catch {
      // Blocked storage holds nothing.
    }
  }

  /** The run that was open last. */
  last(): ProcedureRun | undefined {
    return this.load(recall(`run-open:${this.page}`) ?? '');
  }

  /** The run that was open last, if its latest tick, or else its start, is within a day. */
  opened(now: Date): ProcedureRun | undefined {
    const run = this.last();
    return run !== undefined && now.getTime() - Date.parse(lastTouched(run)) < lifetime ? run : undefined;
  }

  setOpened(name: string | undefined): void {
    remember(`run-open:${this.page}`, name);
  }

  /** Whether a key of the storage is that of a run of this page. */
  isOf(key: string): boolean {
    return key.startsWith(this.prefix);
  }
}
