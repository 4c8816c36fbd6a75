/** One question of the triage: a choice with "cannot tell", or a count. */
import { type ReactNode, useId, useState } from 'react';
import type { Answer } from './answers';
import { strings } from './strings';
import styles from './styles.module.css';

const choices: readonly Answer[] = ['yes', 'no', 'unknown'];

export function Choice(props: { label: string; value: Answer; change: (value: Answer) => void }): ReactNode {
  const name = useId();
  return (
    <fieldset className={styles.question}>
      <legend>{props.label}</legend>
      {choices.map((choice) => (
        <label key={choice} className={styles.choice}>
          <input
            type="radio"
            name={name}
            checked={props.value === choice}
            onChange={() => props.change(choice)}
          />
          {strings[choice]}
        </label>
      ))}
    </fieldset>
  );
}

export interface CountProps {
  readonly label: string;
  readonly value: number;
  /** 255 shards at most, whatever the set. */
  readonly max?: number;
  readonly change: (value: number) => void;
}

export function Count({ label, value, max = 255, change }: CountProps): ReactNode {
  const id = useId();
  const [draft, setDraft] = useState<string>();
  const type = (text: string) => {
    const next = Number(text);
    const usable = text.trim() !== '' && Number.isInteger(next) && next >= 0 && next <= max;
    setDraft(usable ? undefined : text);
    if (usable) change(next);
  };
  return (
    <p className={styles.question}>
      <label htmlFor={id}>{label}</label>{' '}
      <input
        id={id}
        className={styles.count}
        type="number"
        min={0}
        max={max}
        step={1}
        value={draft ?? String(value)}
        aria-invalid={draft === undefined ? undefined : true}
        onChange={(event) => type(event.target.value)}
        onBlur={() => setDraft(undefined)}
      />
    </p>
  );
}
