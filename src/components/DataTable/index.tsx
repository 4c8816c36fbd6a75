/** A table with a caption and scoped headers that scrolls inside itself; the region can be reached by keyboard (WCAG 2.1.1). */
import type { ReactNode } from 'react';
import styles from './styles.module.css';

export interface Column {
  readonly label: string;
  /** Numbers stand to the right, so that their digits line up. */
  readonly numeric?: boolean;
  /** Short ids stay on one line. */
  readonly short?: boolean;
  /** Sentences and lists are not pressed into a narrow column, which would make the row tall. */
  readonly wide?: boolean;
}

export interface Row {
  readonly key: string;
  /** The first cell: the header of the row. */
  readonly head: ReactNode;
  readonly cells: readonly ReactNode[];
}

export interface DataTableProps {
  readonly caption: string;
  /** The first column holds the headers of the rows. */
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Limits the height on the screen, never on paper. */
  readonly long?: boolean;
  /** Shows every row, and its head stays in view while they pass, where the window is wide enough for all columns. */
  readonly whole?: boolean;
  /** Many narrow columns: their headers stand upright. */
  readonly grid?: boolean;
}

export default function DataTable({
  caption,
  columns,
  rows,
  long = false,
  whole = false,
  grid = false,
}: DataTableProps): ReactNode {
  const kind = (index: number) => {
    const column = columns[index];
    if (column?.numeric) return styles.numeric;
    if (column?.wide) return styles.wide;
    return column?.short ? styles.short : undefined;
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section would become a landmark of every page.
    <div
      className={`table-scroll ${long ? styles.long : ''}${whole ? styles.whole : ''}`}
      role="group"
      aria-label={caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      tabIndex={0}
    >
      <table className={grid ? styles.grid : undefined}>
        <caption className={styles.caption}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ label }, index) => (
              <th key={label} scope="col" className={kind(index)}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, head, cells }) => (
            <tr key={key}>
              <th scope="row" className={kind(0)}>
                {head}
              </th>
              {cells.map((cell, index) => (
                <td key={columns[index + 1]?.label} className={kind(index + 1)}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
