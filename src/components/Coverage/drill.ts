/** What the latest drill says of each page: the scenarios that ran it, the commands that ran, and one sentence on what it was. */
import type { Results } from '../../procedure/results/drill-results';
import type { LatestDrill } from '../../procedure/results/drilled';

/** The latest drill on one page. */
export interface PageRuns {
  /** Scenarios that ran the page and ended as it says. */
  readonly passed: number;
  readonly failed: number;
  /** Ids of the commands that ran at least once. */
  readonly commands: ReadonlySet<string>;
}

const silence = {
  missing: 'No drill ran before this build.',
  unreadable: 'The file with the results of a drill cannot be read, so this build claims none.',
  'by-people': 'The latest results are those of an exercise by people, not of a drill.',
} as const;

const day = (time: string) => time.slice(0, 10);

function ran({ commit, dirty, started, totals }: Results): string {
  const text = commit === 'none' ? 'a copy without a commit' : `commit ${commit.slice(0, 12)}`;
  const ended =
    totals.failed === 0
      ? `all ${totals.passed} scenarios passed`
      : `${totals.failed} of ${totals.passed + totals.failed} scenarios failed`;
  return `The latest drill ran on ${day(started)} at ${text}${dirty ? ', with uncommitted changes' : ''}: ${ended}, ${totals.commands} commands were executed.`;
}

/** Which drill the numbers are of, or why there are none. */
export function drillSentence(drill: LatestDrill): string {
  if (drill.state !== 'none') return ran(drill.results);
  if (drill.why !== 'other-text') return silence[drill.why];
  const count = drill.files.length;
  return `${count} page${count === 1 ? ' has' : 's have'} changed since the latest drill, so this build claims nothing of it.`;
}

/** Runs by page (path from the root); empty where nothing can be claimed. A demanded refusal is a command that ran. */
export function runsByPage(drill: LatestDrill): ReadonlyMap<string, PageRuns> {
  const runs = new Map<string, { passed: number; failed: number; commands: Set<string> }>();
  if (drill.state === 'none') return runs;
  for (const { pages, verdict, steps } of drill.results.scenarios) {
    const commands = steps.filter((step) => step.kind === 'command' && step.verdict !== 'skipped');
    for (const page of pages) {
      const own = runs.get(page) ?? { passed: 0, failed: 0, commands: new Set() };
      own[verdict]++;
      for (const { id } of commands) own.commands.add(id);
      runs.set(page, own);
    }
  }
  return runs;
}

/** How the drill of a page, or of several, ended: `26 scenarios, all passed`. */
export function outcome({ passed, failed }: Pick<PageRuns, 'passed' | 'failed'>): string {
  if (failed > 0) return `${failed} of ${passed + failed} failed`;
  return passed === 1 ? '1 scenario, passed' : `${passed} scenarios, all passed`;
}
