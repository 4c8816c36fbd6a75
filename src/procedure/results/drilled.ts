/** What the latest drill shows about the text that is published now: whether it ran this text, and how often each step. Pure. */
import type { Procedure } from '../compile';
import type { Results } from './drill-results';

/** Pages that a drill follows: all that have steps and belong to this deployment. */
export const isDrilled = ({ applies, steps }: Pick<Procedure, 'applies' | 'steps'>): boolean =>
  applies && steps.length > 0;

/** How often a command was executed, in scenarios that came out as they had to. */
export interface Execution {
  readonly scenarios: number;
  /** Median of its executions. */
  readonly milliseconds: number;
}

/** A page of the build that a drill follows. */
export interface DrilledPage {
  readonly file: string;
  /** SHA-256 of the text as compiled, the same that results name. */
  readonly sha256: string;
}

/** Why nothing can be claimed about this text. */
export type Silence =
  | { readonly why: 'missing' | 'unreadable' | 'by-people' }
  | { readonly why: 'other-text'; readonly files: readonly string[] };

/** `current`: it ran exactly this text, and all came out as wanted. `failed`: it ran exactly this text and did not. */
export type LatestDrill =
  | ({ readonly state: 'none' } & Silence)
  | { readonly state: 'failed'; readonly results: Results }
  | {
      readonly state: 'current';
      readonly results: Results;
      /** By step id; only steps with a command. */
      readonly executions: Readonly<Record<string, Execution>>;
    };

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 1 ? middle : middle - 1], sorted[middle]];
  return (low + high) / 2;
}

/** Executions of commands by step. A step that refused as its scenario demands was executed, too. */
export function executionsOf({ scenarios }: Pick<Results, 'scenarios'>): Record<string, Execution> {
  const times = new Map<string, Map<string, number>>();
  for (const scenario of scenarios) {
    for (const { id, kind, verdict, milliseconds } of scenario.steps) {
      if (kind !== 'command' || (verdict !== 'passed' && verdict !== 'stopped')) continue;
      const step = times.get(id) ?? new Map<string, number>();
      times.set(id, step.set(scenario.id, (step.get(scenario.id) ?? 0) + milliseconds));
    }
  }
  const entries = [...times].map(([id, step]): [string, Execution] => [
    id,
    { scenarios: step.size, milliseconds: median([...step.values()]) },
  ]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Pages that the drill ran in another text, did not know, or knew and that are gone; sorted. */
function differences(results: Results, pages: readonly DrilledPage[]): string[] {
  const ran = new Map(results.pages.map(({ file, sha256 }) => [file, sha256]));
  const now = new Map(pages.map(({ file, sha256 }) => [file, sha256]));
  return [...new Set([...ran.keys(), ...now.keys()])]
    .filter((file) => ran.get(file) !== now.get(file))
    .sort();
}

/**
 * Judges results against the pages of a build. One page with another text silences all: scenarios lead over many pages.
 * @param pages Every page of the build that a drill follows.
 */
export function latestDrill(results: Results, pages: readonly DrilledPage[]): LatestDrill {
  if (results.kind !== 'automated drill') return { state: 'none', why: 'by-people' };
  const files = differences(results, pages);
  if (files.length > 0) return { state: 'none', why: 'other-text', files };
  if (results.totals.failed > 0) return { state: 'failed', results };
  return { state: 'current', results, executions: executionsOf(results) };
}
