/** What the runbook's steps promise, counted by page: logged, witnessed, undone how, executed by what, and how the latest drill ended. */
import type { ReactNode } from 'react';
import DataTable from '../DataTable';

export interface CoveredStep {
  readonly log: readonly string[];
  readonly witness: string;
  readonly reversal: 'undo' | 'compensate' | 'irreversible';
  /** A command that the drill executes, or an act of people. */
  readonly kind: 'command' | 'act';
}

export interface CoveredPage {
  readonly title: string;
  readonly href: string;
  readonly steps: readonly CoveredStep[];
  /** Scenarios of the latest drill that ran this page; undefined before the first drill. */
  readonly drill?: { readonly passed: number; readonly failed: number } | undefined;
}

export interface CoverageProps {
  readonly pages: readonly CoveredPage[];
}

const MEASURES: readonly { readonly label: string; readonly counts: (step: CoveredStep) => boolean }[] = [
  { label: 'Steps', counts: () => true },
  { label: 'Logged', counts: ({ log }) => log.length > 0 },
  { label: 'Witnessed', counts: ({ witness }) => witness !== '' },
  { label: 'Reversible', counts: ({ reversal }) => reversal === 'undo' },
  { label: 'Compensable', counts: ({ reversal }) => reversal === 'compensate' },
  { label: 'Irreversible', counts: ({ reversal }) => reversal === 'irreversible' },
  { label: 'Commands', counts: ({ kind }) => kind === 'command' },
  { label: 'Acts of people', counts: ({ kind }) => kind === 'act' },
];

const counted = (steps: readonly CoveredStep[]) => MEASURES.map(({ counts }) => steps.filter(counts).length);

function lastDrill({ drill, steps }: CoveredPage): string {
  if (!steps.some(({ kind }) => kind === 'command')) return 'no commands';
  if (drill === undefined) return 'not drilled in this build';
  return drill.failed === 0
    ? `${drill.passed} scenarios, all passed`
    : `${drill.failed} of ${drill.passed + drill.failed} failed`;
}

export default function Coverage({ pages }: CoverageProps): ReactNode {
  const withSteps = pages.filter(({ steps }) => steps.length > 0);
  const rows = withSteps.map((page) => ({
    key: page.href,
    head: <a href={page.href}>{page.title}</a>,
    cells: [...counted(page.steps), lastDrill(page)],
  }));
  const total = {
    key: 'total',
    head: 'All pages',
    cells: [...counted(withSteps.flatMap(({ steps }) => steps)), ''],
  };
  const columns = [
    { label: 'Page' },
    ...MEASURES.map(({ label }) => ({ label, numeric: true })),
    { label: 'Latest drill' },
  ];
  return <DataTable caption="Steps of the runbook, by page" columns={columns} rows={[...rows, total]} />;
}
