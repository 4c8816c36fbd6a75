/** Health of the shards from the attestations of this build: counts and dates. What is due today is told where the page is read, so that a build depends on no clock. */
import { type ReactNode, useEffect, useState } from 'react';
import type { Attestation } from '../../audit/attestations';
import {
  type CustodyFacts,
  custodyHealth,
  DUTIES,
  type DutyState,
  type DutyStatus,
} from '../../audit/custody';
import DataTable from '../DataTable';
import { strings } from './strings';
import styles from './styles.module.css';

export interface CustodyHealthProps {
  readonly facts: CustodyFacts;
  readonly entries: readonly Attestation[];
  /** The entries are made up. */
  readonly example: boolean;
  /** Address of the calendar file, if there is one. */
  readonly calendar: string | undefined;
}

/** Without entries any day gives the same: nothing was ever done. */
const NO_DAY = '1970-01-01';

function nextDate({ state, due }: DutyStatus): string {
  if (state === 'never') return strings.never;
  return state === 'not-as-expected' ? strings.now : due;
}

export default function CustodyHealth({ facts, entries, example, calendar }: CustodyHealthProps): ReactNode {
  const [today, setToday] = useState<string>();
  useEffect(() => setToday(new Date().toISOString().slice(0, 10)), []);
  const last = entries
    .map(({ date }) => date)
    .sort()
    .at(-1);
  const health = custodyHealth(facts, entries, today ?? last ?? NO_DAY);
  const counts = Object.entries(health.counts).filter(([, count]) => count > 0);
  const columns = [strings.shard, strings.duty, strings.last, strings.next, strings.stateHead];
  const rows = health.duties.map((duty) => ({
    key: `${duty.shard} ${duty.duty}`,
    head: `${duty.shard}`,
    cells: [
      DUTIES[duty.duty].title,
      duty.last ?? strings.never,
      nextDate(duty),
      today ? strings.states[duty.state] : strings.never,
    ],
  }));
  return (
    <section className={styles.health} aria-label="Custody health">
      {example && (
        <p>
          <strong>{strings.example}</strong>
        </p>
      )}
      {last === undefined ? (
        <p>{strings.none}</p>
      ) : (
        <p>{today ? strings.onToday(today) : strings.onLast(last)}</p>
      )}
      <ul>
        <li>{strings.healthy(health.healthy, health.total, health.threshold)}</li>
        <li>
          Duties:{' '}
          {counts.map(([state, count]) => `${count} ${strings.states[state as DutyState]}`).join(', ')}.
        </li>
        <li>{strings.state(health.assessment.availability ?? '')}</li>
      </ul>
      <DataTable
        caption={strings.caption}
        columns={columns.map((label) => ({ label, short: true }))}
        rows={rows}
      />
      {calendar !== undefined && (
        <p>
          <a href={calendar} download>
            {strings.calendar}
          </a>
        </p>
      )}
    </section>
  );
}
