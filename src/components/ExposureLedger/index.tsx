/** The exposure ledger: what each person has ever held of each generation, what each can open now, and with whom. */
import type { ReactNode } from 'react';
import { exposureLedger } from '../../audit/ledger';
import { type Opening, openings } from '../../deployment/access';
import type { Deployment } from '../../deployment/deployment';
import { reachLines } from '../../deployment/reach';
import DataTable from '../DataTable';

export interface ExposureLedgerProps {
  readonly deployment: Deployment;
}

/** `Ana Example or Gustav Example alone; Tamara Example and Ulf Example together` */
function openedBy(sets: readonly Opening[], nameOf: (id: string) => string): string {
  const alone = sets.flatMap(({ people }) => (people.length === 1 ? people.map(nameOf) : []));
  const joint = sets.flatMap(({ people }) => (people.length > 1 ? [people.map(nameOf).join(' and ')] : []));
  return [
    ...(alone.length > 0 ? [`${alone.join(' or ')} alone`] : []),
    ...(joint.length > 0 ? [`${joint.join(', or ')} together`] : []),
  ].join('; ');
}

export default function ExposureLedger({ deployment }: ExposureLedgerProps): ReactNode {
  const nameOf = (id: string) => deployment.people.find((person) => person.id === id)?.name ?? id;
  const rows = exposureLedger(deployment).map(({ person, generation, shards, as, left }) => ({
    key: `${person} ${generation}`,
    head: nameOf(person),
    cells: [generation, shards.join(', '), as.join(' and '), left],
  }));
  const reached = reachLines(deployment);
  const warned = reached
    .filter(({ enough }) => enough)
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
          { label: 'Counted alone' },
          { label: 'Only with a second person' },
          { label: 'Types where the key passes' },
        ]}
        rows={reached.map(({ person, words, alone, withOthers, types }) => ({
          key: person,
          head: nameOf(person),
          cells: [
            words || 'none',
            alone.join(', ') || 'none',
            withOthers.join(', ') || 'none',
            types.join(' and ') || 'nowhere',
          ],
        }))}
      />
      <DataTable
        caption="Who opens each shard"
        columns={[{ label: 'Shard' }, { label: 'Opened by', wide: true }]}
        rows={deployment.shards.map((shard) => ({
          key: String(shard.n),
          head: `${shard.n} ${shard.name}`,
          cells: [openedBy(openings(shard, deployment), nameOf)],
        }))}
      />
      {warned !== '' && (
        <p>
          Warning: {warned} can reach {deployment.key.threshold} shards or more together with a second
          controller of a safe, or with whoever has the token of an HSM. The build allows this, because nobody
          opens a safe, or an HSM by its PIN, alone.
        </p>
      )}
    </>
  );
}
