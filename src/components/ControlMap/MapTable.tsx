/** A wide table of words that scrolls inside itself; the region can be reached by keyboard (WCAG 2.1.1). */
import type { ReactNode } from 'react';
import styles from './styles.module.css';

export interface MapTableProps {
  readonly id?: string;
  readonly caption: string;
  readonly heads: readonly string[];
  /** Table bodies. */
  readonly children: ReactNode;
}

export default function MapTable({ id, caption, heads, children }: MapTableProps): ReactNode {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section would become a landmark of every page.
    <div
      className="table-scroll"
      role="group"
      aria-label={caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      tabIndex={0}
    >
      <table id={id} className={`${styles.map} ${heads.length === 5 ? styles.five : styles.three}`}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        {children}
      </table>
    </div>
  );
}
