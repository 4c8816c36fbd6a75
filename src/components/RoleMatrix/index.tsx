/** Role matrix: who may not be whom, as tables, and checked on a roster that the user types in. */
import { type ReactNode, useEffect, useId, useState } from 'react';
import DataTable from '../DataTable';
import { conflicts, type Roster, vacancies } from './roster';
import { strings } from './strings';
import styles from './styles.module.css';
import Tables, { type TablesProps } from './Tables';

export interface RoleMatrixProps extends TablesProps {
  /** Who holds which role in the deployment. */
  readonly deployed: Roster;
}

function Verdict({ roles, pairs, roster }: TablesProps & { roster: Roster }): ReactNode {
  const title = (id: string) => roles.find((role) => role.id === id)?.title ?? id;
  const found = conflicts(roster, pairs);
  const vacant = vacancies(
    roster,
    roles.map(({ id }) => id),
  );
  if (vacant.length === roles.length) return <p role="status">{strings.empty}</p>;
  return (
    <div role="status">
      {found.length === 0 ? (
        <p>{strings.noConflict}</p>
      ) : (
        <DataTable
          caption={strings.conflicts}
          columns={[
            { label: strings.person },
            { label: strings.pair },
            { label: strings.rule, short: true },
            { label: strings.reason },
          ]}
          rows={found.map(({ person, rule, roles: [a, b], reason }) => ({
            key: `${person} ${rule}`,
            head: person,
            cells: [`${title(a)} – ${title(b)}`, rule, reason],
          }))}
        />
      )}
      {vacant.length > 0 ? (
        <p>
          {strings.vacant}: {vacant.map(title).join(', ')}.
        </p>
      ) : null}
    </div>
  );
}

export default function RoleMatrix({ roles, pairs, deployed }: RoleMatrixProps): ReactNode {
  const [roster, setRoster] = useState<Roster>({});
  const [ready, setReady] = useState(false);
  const id = useId();
  useEffect(() => setReady(true), []);
  return (
    <section aria-label={strings.region}>
      <Tables roles={roles} pairs={pairs} />
      <noscript>
        <p>{strings.needsScript}</p>
      </noscript>
      <fieldset className={styles.roster} disabled={!ready}>
        <legend>{strings.roster}</legend>
        <p>{strings.rosterHelp}</p>
        {roles.map((role) => (
          <p key={role.id} className={styles.line}>
            <label htmlFor={`${id}-${role.id}`}>{role.title}</label>
            <input
              id={`${id}-${role.id}`}
              type="text"
              autoComplete="off"
              maxLength={500}
              value={roster[role.id] ?? ''}
              onChange={({ target }) => setRoster({ ...roster, [role.id]: target.value })}
            />
          </p>
        ))}
        <button type="button" onClick={() => setRoster(deployed)}>
          {strings.use}
        </button>{' '}
        <button type="button" onClick={() => setRoster({})}>
          {strings.clear}
        </button>
      </fieldset>
      <Verdict roles={roles} pairs={pairs} roster={roster} />
    </section>
  );
}
