/** One question of the triage: a choice or a count, either with "I do not know". Nothing is answered before somebody answers it. */
import { type ReactNode, useId } from 'react';
import { type Answer, countOf } from './answers';
import { strings } from './strings';
import styles from './styles.module.css';

const choices: readonly Answer[] = ['yes', 'no', 'unknown'];

export interface ChoiceProps {
  readonly label: string;
  readonly value: Answer | undefined;
  readonly change: (value: Answer) => void;
  /** How to find out. */
  readonly find: ReactNode;
}

export function Choice(props: ChoiceProps): ReactNode {
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
      {props.find ? <p className={styles.find}>{props.find}</p> : null}
    </fieldset>
  );
}

export interface CountProps {
  readonly label: string;
  /** As it was typed: what is no count stays in the field and is marked. */
  readonly text: string;
  readonly max: number;
  readonly change: (text: string) => void;
  readonly unknown: boolean;
  readonly setUnknown: (unknown: boolean) => void;
  /** How to find out. */
  readonly find: ReactNode;
}

export function Count({ label, text, max, change, unknown, setUnknown, find }: CountProps): ReactNode {
  const id = useId();
  const isWrong = text.trim() !== '' && countOf(text, max) === undefined;
  return (
    <fieldset className={styles.question}>
      <legend>{label}</legend>
      <input
        id={id}
        aria-label={label}
        className={styles.count}
        type="text"
        inputMode="numeric"
        autoComplete="off"
        size={4}
        maxLength={20}
        value={text}
        aria-invalid={isWrong ? true : undefined}
        aria-describedby={isWrong ? `${id}-wrong` : undefined}
        onChange={(event) => change(event.target.value)}
      />
      <label className={styles.choice}>
        <input type="checkbox" checked={unknown} onChange={({ target }) => setUnknown(target.checked)} />
        {strings.unknown}
      </label>
      {isWrong ? (
        <span id={`${id}-wrong`} className={styles.wrong}>
          {`${strings.wanted} 0 ${strings.to} ${max}`}
        </span>
      ) : null}
      {find ? <p className={styles.find}>{find}</p> : null}
    </fieldset>
  );
}
