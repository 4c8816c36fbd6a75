/** The whole matrix as one table, for paper and without JavaScript. */
import type { ReactNode } from 'react';
import type { QuorumInput } from '../../quorum/types';
import DataTable from '../DataTable';
import { formatCount } from '../format';
import { printedRows } from './domains';
import PathCell from './PathCell';
import { strings } from './strings';

export interface PrintedMatrixProps {
  readonly input: QuorumInput;
  readonly unseal: string;
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
          { label: strings.count, numeric: true },
        ]}
        rows={rows.map(({ key, name, left, paths: [best], pathCount, paperNeeded, fallbacks }) => ({
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
            formatCount(pathCount),
          ],
        }))}
      />
      <p>
        {strings.tableNote} <a href={unseal}>{strings.unsealPage}</a>
      </p>
    </>
  );
}
