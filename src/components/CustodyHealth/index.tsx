/** Health of the shards from the attestations of this build: counts and dates. What is due today is told where the page is read, so that a build depends on no clock. */
import { type ReactNode, useEffect, useState } from 'react';
import type { Attestation } from '../../audit/attestations';
import { type CustodyFacts, custodyHealth, type DutyStatus } from '../../audit/custody';
import { DUTIES } from '../../audit/duties';
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

/** A line that another day may fill with other words: it has room for the longest from the start, so nothing moves. */
function Steady({ longest, text }: { readonly longest: string; readonly text: string }): ReactNode {
  return (
    <p className={styles.steady} data-longest={longest}>
      <span>{text}</span>
    </p>
  );
}

export default function CustodyHealth({ facts, entries, example, calendar }: CustodyHealthProps): ReactNode {
  const [today, setToday] = useState<string>();
  useEffect(() => setToday(new Date().toISOString().slice(0, 10)), []);
  const last = entries
    .map(({ date }) => date)
    .sort()
    .at(-1);
  const health = custodyHealth(facts, entries, today ?? last ?? NO_DAY);
  const counts = Object.entries(health.counts) as [keyof typeof health.counts, number][];
  const { healthy, total, threshold } = health;
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
        <Steady longest={strings.onLast(last)} text={today ? strings.onToday(today) : strings.onLast(last)} />
      )}
      {example || last === undefined ? (
        <p>{strings.unknown}</p>
      ) : (
        <>
          <Steady
            longest={strings.healthy(total, total, threshold)}
            text={strings.healthy(healthy, total, threshold)}
          />
          <Steady
            longest={strings.state('BLACK-A2')}
            text={strings.state(health.assessment.availability ?? '')}
          />
        </>
      )}
      <dl className={styles.counts} aria-label={strings.counts}>
        {counts.map(([state, count]) => (
          <div key={state}>
            <dt>{strings.states[state]}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
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
