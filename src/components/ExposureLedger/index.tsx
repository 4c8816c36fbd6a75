/** The exposure ledger: what each person has ever held of each generation, and how far that is from the threshold. */
import type { ReactNode } from 'react';
import { exposureLedger } from '../../audit/ledger';
import type { Deployment } from '../../deployment/deployment';
import { reachLines } from '../../deployment/reach';
import DataTable from '../DataTable';

export interface ExposureLedgerProps {
  readonly deployment: Deployment;
}

export default function ExposureLedger({ deployment }: ExposureLedgerProps): ReactNode {
  const nameOf = (id: string) => deployment.people.find((person) => person.id === id)?.name ?? id;
  const rows = exposureLedger(deployment).map(({ person, generation, shards, as, left }) => ({
    key: `${person} ${generation}`,
    head: nameOf(person),
    cells: [generation, shards.join(', '), as.join(' and '), left],
  }));
  const reached = reachLines(deployment);
  const warned = (signsIn: boolean) =>
    reached
      .filter((line) => line.enough && line.signsIn.length >= deployment.key.threshold === signsIn)
      .map(({ person }) => nameOf(person))
      .join(', ');
  return (
    <>
      <p>
        Nobody reaches {deployment.key.threshold}: {rows.length} lines, checked when this page was built.
      </p>
      <DataTable
        caption="What each person has ever held"
        columns={[
          { label: 'Person' },
          { label: 'Generation', numeric: true },
          { label: 'Shards' },
          { label: 'As' },
          { label: 'May still come to hold', numeric: true },
        ]}
        rows={rows}
      />
      <DataTable
        caption="What each person reaches, by all roles together"
        columns={[
          { label: 'Person' },
          { label: 'Reaches' },
          { label: 'Can sign in to unwrap' },
          { label: 'Types where the key passes' },
          { label: 'Shards together', numeric: true },
        ]}
        rows={reached.map(({ person, words, signsIn, types, together }) => ({
          key: person,
          head: nameOf(person),
          cells: [words || 'none', signsIn.join(', ') || 'none', types.join(' and ') || 'nowhere', together],
        }))}
      />
      {warned(true) !== '' && (
        <p>
          Warning: {warned(true)} can sign in where {deployment.key.threshold} shards or more can be
          unwrapped. The build allows this, as somebody must; the witness of each unwrapping is all that
          stands against it.
        </p>
      )}
      {warned(false) !== '' && (
        <p>
          Warning: {warned(false)} can reach {deployment.key.threshold} shards or more together with a second
          controller of a safe. The build allows this, because nobody opens a safe alone.
        </p>
      )}
    </>
  );
}
