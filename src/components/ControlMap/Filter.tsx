/** Narrows the control table to a framework or a word. The table is complete without it; src/client/filter.ts wakes it. */
import type { ReactNode } from 'react';
import styles from './styles.module.css';

export interface ControlFilterProps {
  /** Id of the table. */
  readonly table: string;
  readonly frameworks: readonly string[];
  /** Rows of the table. */
  readonly controls: number;
}

export default function ControlFilter({ table, frameworks, controls }: ControlFilterProps): ReactNode {
  return (
    <fieldset className="needs-js" data-filter={table}>
      <legend>Show</legend>
      <span className={styles.field}>
        <label htmlFor="filter-framework">Framework</label>
        <select id="filter-framework" data-filter-group="">
          <option value="">All</option>
          {frameworks.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </span>
      <span className={styles.field}>
        <label htmlFor="filter-word">Word, number or step</label>
        <input id="filter-word" type="search" data-filter-word="" />
      </span>
      <p aria-live="polite" data-filter-count="">
        {`${controls} controls`}
      </p>
    </fieldset>
  );
}
