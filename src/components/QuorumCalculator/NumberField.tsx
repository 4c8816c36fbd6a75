/** A labeled field for a probability or a positive number; it keeps the text as typed, and says when it is not usable. */
import { type ReactNode, useId } from 'react';
import { chance } from '../../quorum/chance';
import styles from './styles.module.css';

export interface NumberFieldProps {
  readonly label: string;
  /** What the number belongs to, for the accessible name. */
  readonly of?: string;
  readonly value: string;
  /** A list of numbers; anything goes while typing. */
  readonly list?: boolean;
  readonly change: (text: string) => void;
  readonly leave?: () => void;
}

function usable(text: string, { list, of }: NumberFieldProps): boolean {
  if (list) return true;
  if (of === undefined) return Number(text) > 0 && Number.isFinite(Number(text));
  try {
    chance(text);
    return true;
  } catch {
    return false;
  }
}

export default function NumberField(props: NumberFieldProps): ReactNode {
  const { label, of, value, list, change, leave } = props;
  const id = useId();
  return (
    <span className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode={list ? 'text' : 'decimal'}
        size={list ? 10 : 9}
        maxLength={60}
        autoComplete="off"
        spellCheck={false}
        value={value}
        aria-label={of === undefined ? undefined : `${label}: ${of}`}
        aria-invalid={usable(value, props) ? undefined : true}
        onChange={(event) => change(event.target.value)}
        onBlur={leave}
      />
    </span>
  );
}
