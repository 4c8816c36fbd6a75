/** What is written into: a field on the screen, boxes or a line of the right size on paper. */
import type { ReactNode } from 'react';
import { type Field, isDigest, patternOf, sizeOf } from '../../audit/forms/form';

export interface BlankProps {
  readonly field: Field;
  /** Unique on the page. */
  readonly name: string;
  readonly value: string;
  /** Set in tables, where the heads of the columns are the labels. */
  readonly spoken?: string;
}

const boxed = ['hex', 'serial', 'date', 'time', 'initials'];
const samples: Readonly<Record<string, string>> = { date: 'YYYY-MM-DD', time: 'HH:MM' };

export default function Blank({ field, name, value, spoken }: BlankProps): ReactNode {
  const { id, kind, choices = [], label } = field;
  const size = sizeOf(field);
  if (kind === 'fixed') return <span data-field={id}>{value}</span>;
  if (kind === 'signature') return <span className="form-signature" />;
  if (kind === 'tick') {
    return (
      <input
        type="checkbox"
        data-field={id}
        name={name}
        aria-label={spoken}
        autoComplete="off"
        defaultChecked={value === 'yes'}
      />
    );
  }
  if (kind === 'choice') {
    return (
      <span className="form-choices" role="radiogroup" aria-label={spoken ?? label}>
        {choices.map((choice) => (
          <label key={choice}>
            <input
              type="radio"
              data-field={id}
              name={name}
              value={choice}
              autoComplete="off"
              defaultChecked={choice === value}
            />{' '}
            {choice}
          </label>
        ))}
      </span>
    );
  }
  const pattern = patternOf(field);
  const common = {
    'data-field': id,
    'data-pattern': pattern,
    'data-kind': field.after === undefined ? undefined : kind,
    'data-after': field.after,
    'data-days': field.days?.join(' '),
    'data-most': field.most,
    'data-cells': boxed.includes(kind) ? size : undefined,
    'data-digest': isDigest(field) ? '' : undefined,
    name,
    'aria-label': spoken,
    maxLength: size,
    defaultValue: value,
    autoComplete: 'off',
    spellCheck: false,
    placeholder: samples[kind],
    className: boxed.includes(kind) ? `cells cells-${kind}` : `ink ink-${kind}`,
  };
  // Text wraps, so that paper shows all of it.
  if (size > 32) return <textarea rows={kind === 'long' || size === 64 ? 2 : 1} {...common} />;
  return <input type="text" {...common} />;
}
