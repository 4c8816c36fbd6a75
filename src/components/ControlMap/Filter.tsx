/** Narrows the control table to a framework or a word. An island of its own: the table is complete without it. */
import { type ReactNode, useEffect, useId, useState } from 'react';

export interface ControlFilterProps {
  /** Id of the table. */
  readonly table: string;
  readonly frameworks: readonly string[];
}

export default function ControlFilter({ table, frameworks }: ControlFilterProps): ReactNode {
  const id = useId();
  const [ready, setReady] = useState(false);
  const [framework, setFramework] = useState('');
  const [word, setWord] = useState('');
  const [shown, setShown] = useState<number>();

  useEffect(() => {
    const rows = [...document.querySelectorAll<HTMLTableRowElement>(`#${table} tbody tr`)];
    const wanted = word.trim().toLowerCase();
    for (const row of rows) {
      const fits = framework === '' || row.dataset.framework === framework;
      row.hidden = !(fits && (row.textContent ?? '').toLowerCase().includes(wanted));
    }
    setShown(rows.filter((row) => !row.hidden).length);
    setReady(true);
  }, [table, framework, word]);

  return (
    <fieldset disabled={!ready}>
      <legend>Show</legend>
      <label htmlFor={`${id}-framework`}>Framework</label>{' '}
      <select id={`${id}-framework`} value={framework} onChange={({ target }) => setFramework(target.value)}>
        <option value="">All</option>
        {frameworks.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>{' '}
      <label htmlFor={`${id}-word`}>Word, number or step</label>{' '}
      <input id={`${id}-word`} type="search" value={word} onChange={({ target }) => setWord(target.value)} />
      <p aria-live="polite">
        {shown === undefined ? '' : `${shown} ${shown === 1 ? 'control' : 'controls'}`}
      </p>
    </fieldset>
  );
}
