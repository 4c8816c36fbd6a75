/** Running time, steps and points of no return of some pages, summed from the steps themselves. */
import type { ReactNode } from 'react';
import DataTable from '../DataTable';
import { strings } from './strings';

export interface TimedPage {
  readonly title: string;
  readonly href: string;
  readonly steps: readonly { readonly id: string; readonly minutes: number; readonly reversal: string }[];
}

export interface ProcedureTimesProps {
  /** Pages in the order in which they are worked through: before the day, and on it. */
  readonly before: readonly TimedPage[];
  readonly day: readonly TimedPage[];
}

const minutesOf = ({ steps }: TimedPage) => steps.reduce((sum, { minutes }) => sum + minutes, 0);

function PointsOfNoReturn({ page }: { page: TimedPage }): ReactNode {
  const points = page.steps.filter(({ reversal }) => reversal === 'irreversible');
  if (points.length === 0) return strings.none;
  return points.map(({ id }, index) => (
    <span key={id}>
      {index > 0 ? ', ' : ''}
      <a href={`${page.href}#${id}`}>{id}</a>
    </span>
  ));
}

/** The rows of some pages, and one that sums them up. */
function rowsOf(name: string, pages: readonly TimedPage[]) {
  const timed = pages.filter(({ steps }) => steps.length > 0);
  const count = timed.reduce((sum, { steps }) => sum + steps.length, 0);
  const minutes = timed.reduce((sum, page) => sum + minutesOf(page), 0);
  return [
    ...timed.map((page) => ({
      key: page.href,
      head: <a href={page.href}>{page.title}</a>,
      cells: [page.steps.length, minutesOf(page), <PointsOfNoReturn key="points" page={page} />],
    })),
    { key: name, head: name, cells: [count, minutes, ''] },
  ];
}

export default function ProcedureTimes({ before, day }: ProcedureTimesProps): ReactNode {
  return (
    <DataTable
      caption={strings.caption}
      columns={[
        { label: strings.page },
        { label: strings.steps, numeric: true },
        { label: strings.minutes, numeric: true },
        { label: strings.noReturn },
      ]}
      rows={[...rowsOf(strings.before, before), ...rowsOf(strings.day, day)]}
    />
  );
}
