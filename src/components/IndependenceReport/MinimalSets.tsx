/** The smallest sets of domains that do a harm, domains with the same shards in one group. */
import type { ReactNode } from 'react';
import type { Harm } from '../../quorum/domainSets';
import { type EqualDomains, minimalSets } from '../../quorum/independence';
import type { QuorumInput } from '../../quorum/types';
import DataTable from '../DataTable';
import { strings } from './strings';

export interface MinimalSetsProps {
  readonly input: QuorumInput;
  readonly harm: Harm;
}

/** Most sets that are written down. */
const listed = 40;

function groupName({ members, shards }: EqualDomains): string {
  const names = members.map(({ name, kind }) => `${name} (${kind})`).join(strings.or);
  return `[${names}: ${shards.join(', ')}]`;
}

export default function MinimalSets({ input, harm }: MinimalSetsProps): ReactNode {
  const { sets } = minimalSets(input, harm);
  const shown = sets.slice(0, listed);
  if (shown.length === 0) {
    return (
      <p>
        {strings.sets[harm]}: {strings.noSet}
      </p>
    );
  }
  return (
    <DataTable
      long
      caption={`${strings.sets[harm]}${sets.length > listed ? ` (${listed} of ${sets.length}; ${strings.more})` : ''}`}
      columns={[{ label: strings.size, numeric: true }, { label: strings.together }]}
      rows={shown.map((set) => {
        const names = set.map(groupName).join(strings.and);
        return { key: names, head: set.length, cells: [names] };
      })}
    />
  );
}
