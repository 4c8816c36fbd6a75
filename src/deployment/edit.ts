/** Changes of a deployment, one entry of the file at a time. */
import type { Deployment } from './deployment';

export type Path = readonly (string | number)[];

/** One entry of the file in another form: another value, one more in a list, or gone. */
export interface Edit {
  readonly path: Path;
  /** Undefined takes the entry out of its list. */
  readonly value: unknown;
}

/** Stands for a person who is not in the file yet. */
export const newcomer = 'somebody-new';

function edited<T>(value: T, [key, ...rest]: Path, to: unknown): T {
  if (key === undefined) return to as T;
  if (Array.isArray(value)) {
    const copy = [...value];
    if (rest.length === 0 && to === undefined) copy.splice(Number(key), 1);
    else copy[Number(key)] = edited(copy[Number(key)], rest, to);
    return copy as T;
  }
  const record = (value ?? {}) as Record<string, unknown>;
  return { ...record, [key]: edited(record[String(key)], rest, to) } as T;
}

/** The deployment with changes made, and with the newcomer among the people where one is named. */
export function withEdits(deployment: Deployment, edits: readonly Edit[]): Deployment {
  const isNew =
    edits.some(({ value }) => value === newcomer) && deployment.people.every(({ id }) => id !== newcomer);
  const people = isNew
    ? [...deployment.people, { id: newcomer, name: newcomer, organization: 'elsewhere' }]
    : deployment.people;
  // From the last entry of a list to the first, so that what is taken out moves nothing that is still to be changed.
  const last = (path: Path) => Number(path.at(-1)) || 0;
  return [...edits]
    .sort((a, b) => last(b.path) - last(a.path))
    .reduce<Deployment>((file, { path, value }) => edited(file, path, value), {
      ...deployment,
      people,
    });
}
