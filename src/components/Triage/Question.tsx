/** One question of the triage: a choice with "cannot tell", or a count. Nothing is answered before somebody answers it. */
import { type ReactNode, useId } from 'react';
import { type Answer, countOf } from './answers';
import { strings } from './strings';
import styles from './styles.module.css';

const choices: readonly Answer[] = ['yes', 'no', 'unknown'];

export interface ChoiceProps {
  readonly label: string;
  readonly value: Answer | undefined;
  readonly change: (value: Answer) => void;
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
    </fieldset>
  );
}

export interface CountProps {
  readonly label: string;
  /** As it was typed: what is no count stays in the field and is marked. */
  readonly text: string;
  readonly max: number;
  readonly change: (text: string) => void;
}

export function Count({ label, text, max, change }: CountProps): ReactNode {
  const id = useId();
  const isWrong = text.trim() !== '' && countOf(text, max) === undefined;
  return (
    <p className={styles.question}>
      <label htmlFor={id}>{label}</label>{' '}
      <input
        id={id}
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
      {isWrong ? (
        <span id={`${id}-wrong`} className={styles.wrong}>
          {`${strings.wanted} 0 ${strings.to} ${max}`}
        </span>
      ) : null}
    </p>
  );
}
