/** Parts that several forms have: who signs, and a step of the runbook. One list each, so that they stay the same. */
import type { Field, Section } from './form';

/** A step by its id. */
export const stepColumn: Field = { id: 'step', label: 'Step', kind: 'text', size: 11 };

const moments: Readonly<Record<'date' | 'time', Field>> = {
  date: { id: 'date', label: 'Date', kind: 'date' },
  time: { id: 'time', label: 'Time (UTC)', kind: 'time' },
};

/**
 * The signatures at the end of a form, one row a person.
 * @param when What stands beside the signature.
 * @param by Who signs and when, where no step does.
 */
export function signatures(
  when: readonly ('date' | 'time')[] = [],
  text?: string,
  blank = 3,
  by?: string,
): Section {
  return {
    id: 'signatures',
    title: 'Signatures',
    ...(text === undefined ? {} : { text }),
    ...(by === undefined ? {} : { by }),
    rows: {
      blank,
      columns: [
        { id: 'name', label: 'Name', kind: 'text', size: 60 },
        { id: 'role', label: 'Role', kind: 'text', size: 60 },
        ...when.map((moment) => moments[moment]),
        { id: 'signature', label: 'Signature', kind: 'signature' },
      ],
    },
  };
}
