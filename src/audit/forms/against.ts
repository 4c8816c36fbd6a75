/** Whether a field agrees with the others of its section or row: times in their order, a number within another. */
import type { Field } from './form';

/** Hours after which a time that stands before another is not taken for one of the next day. */
const NIGHT = 12;

const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/**
 * The field that another one contradicts; undefined when it agrees with all, or one of them is empty.
 * Times may pass midnight: by their days where the form asks for them, else within 12 hours.
 * @param field Its description. @param value What stands in it. @param other What stands in a field of the same section or row.
 */
export function contradicted(
  { kind, after, days, most }: Pick<Field, 'kind' | 'after' | 'days' | 'most'>,
  value: string,
  other: (id: string) => string | undefined,
): string | undefined {
  if (value === '') return undefined;
  const [before, limit] = [other(after ?? '') ?? '', other(most ?? '') ?? ''];
  if (most !== undefined && limit !== '' && Number(value) > Number(limit)) return most;
  if (after === undefined || before === '' || value >= before) return undefined;
  if (kind === 'date') return after;
  if (days !== undefined) {
    const [from = '', to = ''] = days.map(other);
    return from !== '' && to > from ? undefined : after;
  }
  return minutes(value) + 24 * 60 - minutes(before) > NIGHT * 60 ? after : undefined;
}
