/** The whole matrix as one table, for paper and without JavaScript. */
import type { ReactNode } from 'react';
import type { QuorumInput } from '../../quorum/types';
import DataTable from '../DataTable';
import { formatCount } from '../format';
import { type PrintedRow, printedRows } from './domains';
import PathCell from './PathCell';
import { strings } from './strings';
import styles from './styles.module.css';

export interface PrintedMatrixProps {
  readonly input: QuorumInput;
  readonly unseal: string;
}

/** The best paths in order, each a link, and how many more there are. */
function Ways({ row, unseal }: { readonly row: PrintedRow; readonly unseal: string }): ReactNode {
  const { paths, pathCount, fallbacks } = row;
  const more = pathCount - BigInt(paths.length);
  return (
    <>
      {paths.length === 0 ? (
        <PathCell unseal={unseal} path={undefined} />
      ) : (
        <ol className={styles.ways}>
          {paths.map((path) => (
            <li key={path.shards.join()}>
              <PathCell unseal={unseal} path={path} />
              {`: ${path.minutes} min, ${path.people} ${path.people === 1 ? strings.person : strings.persons}`}
            </li>
          ))}
        </ol>
      )}
      {more > 0n ? `${formatCount(more)} ${strings.more}. ` : ''}
      {fallbacks.length > 0 ? `${strings.fallback} ${fallbacks.join('; ')}` : ''}
    </>
  );
}

export default function PrintedMatrix({ input, unseal }: PrintedMatrixProps): ReactNode {
  return (
    <div className={styles.matrix}>
      <DataTable
        caption={strings.table}
        columns={[
          { label: strings.downNow },
          { label: strings.left, short: true },
          { label: strings.ways },
          { label: strings.paper },
          { label: strings.permissions },
        ]}
        rows={printedRows(input).map((row) => ({
          key: row.key,
          head: row.name,
          cells: [
            row.left.join(', ') || '—',
            <Ways key="ways" row={row} unseal={unseal} />,
            row.paperNeeded ? strings.paperNeeded : strings.no,
            row.paths.length > 0 ? strings.noPermissions : '—',
          ],
        }))}
      />
      <p>
        {strings.tableNote} <a href={unseal}>{strings.unsealPage}</a>
      </p>
    </div>
  );
}
