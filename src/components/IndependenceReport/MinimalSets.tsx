/** The smallest sets of domains that do a harm; domains with the same shards are one group with a letter. */
import type { ReactNode } from 'react';
import type { Harm } from '../../quorum/domainSets';
import { type EqualDomains, minimalSets } from '../../quorum/independence';
import type { QuorumInput } from '../../quorum/types';
import DataTable from '../DataTable';
import { formatKind } from '../format';
import { strings } from './strings';

export interface MinimalSetsProps {
  readonly input: QuorumInput;
  readonly harm: Harm;
}

/** Most sets that are written down. */
const listed = 60;

/** 0 → A, 25 → Z, 26 → AA. */
export function letter(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last;
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
  const groups = [...new Set(shown.flat())].sort((a, b) => (a.shards[0] ?? 0) - (b.shards[0] ?? 0));
  const name = (group: EqualDomains) => letter(groups.indexOf(group));
  const more = sets.length > listed ? ` (${listed} of ${sets.length}; ${strings.more})` : '';
  return (
    <>
      <DataTable
        caption={strings.groups[harm]}
        columns={[{ label: strings.group }, { label: strings.shards, short: true }, { label: strings.anyOf }]}
        rows={groups.map((group) => ({
          key: name(group),
          head: name(group),
          cells: [
            group.shards.join(', '),
            group.members.map((member) => `${member.name} (${formatKind(member.kind)})`).join(strings.or),
          ],
        }))}
      />
      <DataTable
        long
        caption={`${strings.sets[harm]}${more}`}
        columns={[{ label: strings.together }, { label: strings.size, numeric: true }]}
        rows={shown.map((set) => {
          const names = set.map(name).join(' + ');
          return { key: names, head: names, cells: [set.length] };
        })}
      />
    </>
  );
}
