/** The exposure ledger: what each person has ever held of each generation, and how far that is from the threshold. */
import type { ReactNode } from 'react';
import { exposureLedger } from '../../audit/ledger';
import type { Deployment } from '../../deployment/deployment';
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
    </>
  );
}
