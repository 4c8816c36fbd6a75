/** The whole matrix as one table, for paper and without JavaScript. */
import type { ReactNode } from 'react';
import type { Path } from '../../quorum/recovery';
import type { QuorumInput } from '../../quorum/types';
import DataTable from '../DataTable';
import { formatCount, formatList } from '../format';
import { printedRows } from './domains';
import PathCell from './PathCell';
import { strings } from './strings';

export interface PrintedMatrixProps {
  readonly input: QuorumInput;
  readonly unseal: string;
}

/** The ways after the fastest one, in order, and how many more there are. */
function nextWays(others: readonly Path[], pathCount: bigint): string {
  const named = others.map(
    ({ shards, minutes, people }) =>
      `${formatList(shards)} (${minutes} min, ${people} ${people === 1 ? strings.person : strings.persons})`,
  );
  const more = pathCount - 1n - BigInt(others.length);
  return [...named, ...(more > 0n ? [`${formatCount(more)} ${strings.more}`] : [])].join('; ') || '—';
}

export default function PrintedMatrix({ input, unseal }: PrintedMatrixProps): ReactNode {
  const rows = printedRows(input);
  return (
    <>
      <DataTable
        caption={strings.table}
        columns={[
          { label: strings.downNow },
          { label: strings.left },
          { label: strings.fastest },
          { label: strings.minutes, numeric: true },
          { label: strings.people, numeric: true },
          { label: strings.paper },
          { label: strings.permissions },
          { label: strings.next },
        ]}
        rows={rows.map(
          ({ key, name, left, paths: [best, ...others], pathCount, paperNeeded, fallbacks }) => ({
            key,
            head: name,
            cells: [
              [
                `${left.length}: ${left.join(', ')}`,
                ...fallbacks.map((fallback) => `${strings.fallback} ${fallback}`),
              ].join('. '),
              <PathCell key="path" unseal={unseal} path={best} />,
              best?.minutes ?? '—',
              best?.people ?? '—',
              paperNeeded ? strings.paperNeeded : strings.no,
              best ? strings.noPermissions : '—',
              nextWays(others, pathCount),
            ],
          }),
        )}
      />
      <p>
        {strings.tableNote} <a href={unseal}>{strings.unsealPage}</a>
      </p>
    </>
  );
}
