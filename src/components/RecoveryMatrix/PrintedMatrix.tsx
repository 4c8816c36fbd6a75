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

/** The paths that are left, fastest first, each with its time and people; how many more there are; what stands in. */
function PathList({ row, unseal }: { row: PrintedRow; unseal: string }): ReactNode {
  const { paths, pathCount, fallbacks } = row;
  const more = pathCount - BigInt(paths.length);
  return (
    <>
      {paths.length === 0 ? (
        <PathCell unseal={unseal} path={undefined} />
      ) : (
        <ol className={styles.paths}>
          {paths.map((path) => (
            <li key={path.shards.join()}>
              <PathCell unseal={unseal} path={path} />
              {`: ${path.minutes} min, ${path.people} ${path.people === 1 ? strings.person : strings.persons}`}
            </li>
          ))}
        </ol>
      )}
      {more > 0n ? <p>{`${formatCount(more)} ${strings.more}`}</p> : null}
      {fallbacks.length > 0 ? <p>{`${strings.fallback} ${fallbacks.join('; ')}`}</p> : null}
    </>
  );
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
          { label: strings.fastestFirst },
          { label: strings.paper },
          { label: strings.permissions },
        ]}
        rows={rows.map((row) => ({
          key: row.key,
          head: row.name,
          cells: [
            `${row.left.length}: ${row.left.join(', ')}`,
            <PathList key="paths" row={row} unseal={unseal} />,
            row.paperNeeded ? strings.paperNeeded : strings.no,
            row.paths.length > 0 ? strings.noPermissions : '—',
          ],
        }))}
      />
      <p>
        {strings.tableNote} <a href={unseal}>{strings.unsealPage}</a>
      </p>
    </>
  );
}
