/** What the start page says of a run that is open on another page; kept beside the run, whose file does not know its page's words. */
import type { ProcedureRun } from '../procedure/run/run';
import { remember } from './storage';

export const runPrefix = 'runbook.run:';
export const cardPrefix = 'runbook.run-card:';

/** Runs untouched for longer are not opened by themselves: ticks of an earlier incident must not look like those of this one. In ms. */
export const lifetime = 24 * 60 * 60 * 1000;

export interface Card {
  /** Of the run. */
  readonly name: string;
  /** Of the page. */
  readonly title: string;
  /** Steps that are shown. */
  readonly total: number;
  /** Id and title of the first step that is neither done nor skipped; empty when there is none. */
  readonly next: string;
  readonly words: string;
}

/** Whether this browser keeps a run of a page. */
export function hasRuns(page: string): boolean {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith(`${runPrefix}${page}:`));
  } catch {
    return false;
  }
}

/** Keeps the card of the run that is open on this page, or takes it away. */
export function rememberCard(page: string, run: ProcedureRun | undefined, steps: number): void {
  const line = document.querySelector('[data-next]');
  const card: Card = {
    name: run?.name ?? '',
    title: document.querySelector('h1')?.textContent ?? '',
    total: steps,
    next: line?.querySelector('a')?.textContent ?? '',
    words: line?.querySelector('span')?.textContent ?? '',
  };
  remember(`run-card:${page}`, run === undefined ? undefined : JSON.stringify(card));
}
