/** Acts of one procedure: steps, minutes, when each begins, points of no return, and room to write down when it ended. */
import type { ReactNode } from 'react';
import DataTable from '../DataTable';
import { strings } from './strings';

export interface TimedStep {
  readonly id: string;
  readonly minutes: number;
  readonly reversal: string;
  /** The heading of the second level above the step. */
  readonly part: string;
}

export interface Act {
  readonly title: string;
  /** Planned minutes from the first step of the procedure to the first of this act. */
  readonly begins: number;
  readonly minutes: number;
  readonly steps: readonly TimedStep[];
}

/** The acts of a procedure: the parts whose headings begin with "Act". Throws RangeError for a step outside of them. */
export function actsOf(steps: readonly TimedStep[]): Act[] {
  const acts: { title: string; begins: number; minutes: number; steps: TimedStep[] }[] = [];
  let clock = 0;
  for (const step of steps) {
    const open = acts.at(-1);
    if (!/^Act \d+\b/.test(step.part)) throw new RangeError(`step ${step.id} stands in no act`);
    const act = step.part === open?.title ? open : { title: step.part, begins: clock, minutes: 0, steps: [] };
    if (act !== open) acts.push(act);
    act.steps.push(step);
    act.minutes += step.minutes;
    clock += step.minutes;
  }
  return acts;
}

/** `75` → `1:15`: hours and minutes. */
const clockOf = (minutes: number) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;

function Steps({ ids, href }: { readonly ids: readonly string[]; readonly href: string }): ReactNode {
  return ids.map((id, index) => (
    <span key={id}>
      {index > 0 ? ', ' : ''}
      <a href={`${href}#${id}`}>{id}</a>
    </span>
  ));
}

export interface ActTimesProps {
  /** Address of the page with the steps. */
  readonly href: string;
  readonly steps: readonly TimedStep[];
  /** Leave room to write down when each act ended. */
  readonly log?: boolean;
}

export default function ActTimes({ href, steps, log = false }: ActTimesProps): ReactNode {
  const acts = actsOf(steps);
  const minutes = acts.reduce((sum, act) => sum + act.minutes, 0);
  return (
    <DataTable
      caption={strings.caption}
      columns={[
        { label: strings.act },
        { label: strings.steps, numeric: true },
        { label: strings.begins, numeric: true },
        { label: strings.minutes, numeric: true },
        { label: strings.noReturn },
        ...(log ? [{ label: strings.ended }] : []),
      ]}
      rows={[
        ...acts.map((act) => {
          const points = act.steps.filter(({ reversal }) => reversal === 'irreversible').map(({ id }) => id);
          return {
            key: act.title,
            head: act.title,
            cells: [
              act.steps.length,
              clockOf(act.begins),
              act.minutes,
              points.length > 0 ? <Steps key="points" ids={points} href={href} /> : strings.none,
              ...(log ? [''] : []),
            ],
          };
        }),
        {
          key: 'total',
          head: strings.total,
          cells: [steps.length, clockOf(minutes), minutes, '', ...(log ? [''] : [])],
        },
      ]}
    />
  );
}
