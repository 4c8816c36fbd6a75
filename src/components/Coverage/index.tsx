/** What the runbook's steps promise, counted by page: logged, witnessed, undone how, executed by what, and how the latest drill ended. */
import type { ReactNode } from 'react';
import type { LatestDrill } from '../../procedure/results/drilled';
import DataTable from '../DataTable';
import { drillSentence, outcome, type PageRuns, runsByPage } from './drill';

export interface CoveredStep {
  readonly id: string;
  readonly log: readonly string[];
  readonly witness: string;
  readonly reversal: string;
  /** A command that the drill executes, or an act of people. */
  readonly kind: 'command' | 'act';
}

export interface CoveredPage {
  /** Path from the root. */
  readonly file: string;
  readonly title: string;
  readonly href: string;
  readonly steps: readonly CoveredStep[];
  /** Shell blocks that only show a form. */
  readonly notExecuted: number;
}

export interface CoverageProps {
  readonly pages: readonly CoveredPage[];
  readonly drill: LatestDrill;
}

const MEASURES: readonly { readonly label: string; readonly counts: (step: CoveredStep) => boolean }[] = [
  { label: 'Steps', counts: () => true },
  { label: 'Logged', counts: ({ log }) => log.length > 0 },
  { label: 'Witnessed', counts: ({ witness }) => witness !== '' },
  { label: 'Reversible', counts: ({ reversal }) => reversal === 'undo' },
  { label: 'Compensable', counts: ({ reversal }) => reversal === 'compensate' },
  { label: 'Irreversible', counts: ({ reversal }) => reversal === 'irreversible' },
  { label: 'Acts of people', counts: ({ kind }) => kind === 'act' },
  { label: 'Commands', counts: ({ kind }) => kind === 'command' },
];

const counted = (steps: readonly CoveredStep[]) => MEASURES.map(({ counts }) => steps.filter(counts).length);

const ran = ({ steps }: CoveredPage, runs: PageRuns | undefined) =>
  steps.filter(({ id, kind }) => kind === 'command' && runs?.commands.has(id)).length;

function lastDrill({ steps }: CoveredPage, runs: PageRuns | undefined): string {
  if (runs) return outcome(runs);
  return steps.some(({ kind }) => kind === 'command') ? 'not drilled' : 'no commands';
}

export default function Coverage({ pages, drill }: CoverageProps): ReactNode {
  const runs = runsByPage(drill);
  // Pages that only show a form stand last.
  const shown = pages
    .filter(({ steps, notExecuted }) => steps.length + notExecuted > 0)
    .sort((a, b) => Math.sign(b.steps.length) - Math.sign(a.steps.length));
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  const rows = shown.map((page) => ({
    key: page.href,
    head: <a href={page.href}>{page.title}</a>,
    cells: [
      ...counted(page.steps),
      ran(page, runs.get(page.file)),
      page.notExecuted,
      lastDrill(page, runs.get(page.file)),
    ],
  }));
  const total = {
    key: 'total',
    head: 'All pages',
    cells: [
      ...counted(shown.flatMap(({ steps }) => steps)),
      sum(shown.map((page) => ran(page, runs.get(page.file)))),
      sum(shown.map(({ notExecuted }) => notExecuted)),
      drill.state === 'none' ? 'none' : outcome(drill.results.totals),
    ],
  };
  const numeric = [...MEASURES.map(({ label }) => label), 'Executed', 'Only shown'];
  const columns = [
    { label: 'Page' },
    ...numeric.map((label) => ({ label, numeric: true })),
    { label: 'Latest drill' },
  ];
  return (
    <>
      <p>{drillSentence(drill)}</p>
      <DataTable
        caption="Steps of the runbook, by page"
        columns={columns}
        rows={[total, ...rows]}
        long
        grid
      />
    </>
  );
}
