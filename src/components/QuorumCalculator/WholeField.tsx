/** A field for a whole number from 1 to a limit; what is not one is marked, and forgotten when the field is left. */
import { type ReactNode, useId, useState } from 'react';
import styles from './styles.module.css';

export interface WholeFieldProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly change: (value: number) => void;
  readonly enter?: () => void;
  readonly leave?: () => void;
}

export default function WholeField({ label, value, max, change, enter, leave }: WholeFieldProps): ReactNode {
  const id = useId();
  const [draft, setDraft] = useState<string>();
  const type = (text: string) => {
    const next = Number(text);
    const usable = Number.isInteger(next) && next >= 1 && next <= max;
    setDraft(usable ? undefined : text);
    if (usable) change(next);
  };
  return (
    <span className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        min={1}
        max={max}
        step={1}
        value={draft ?? String(value)}
        aria-invalid={draft === undefined ? undefined : true}
        onChange={(event) => type(event.target.value)}
        onFocus={enter}
        onBlur={() => {
          setDraft(undefined);
          leave?.();
        }}
      />
    </span>
  );
}
