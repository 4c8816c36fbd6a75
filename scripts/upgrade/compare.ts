/** Compares two editions of the pages by their compiled steps: what a person who follows a page does in another way. Pure. */
import type { ComparedPage, ComparedStep } from './edition';

export interface StepChange {
  readonly id: string;
  readonly kind: 'changed' | 'added' | 'removed' | 'moved';
  /** What of it is another; the instruction of a step that is new or gone. */
  readonly what: readonly string[];
}

export interface PageChange {
  readonly file: string;
  /** Where it stood, when it has moved. */
  readonly from: string | undefined;
  readonly title: string;
  /** `text`: its steps are the same, and only what stands around them is another. */
  readonly kind: 'changed' | 'added' | 'removed' | 'text';
  readonly steps: readonly StepChange[];
}

/** Items of `before` and `after` that keep their order: a longest common subsequence (Hunt and Szymanski 1977). */
function inOrder(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  const places = new Map(after.map((id, index) => [id, index]));
  const sequence = before.flatMap((id) => places.get(id) ?? []);
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [at, place] of sequence.entries()) {
    const length = ends.filter((end) => (sequence[end] ?? 0) < place).length;
    previous[at] = ends[length - 1] ?? -1;
    ends[length] = at;
  }
  const kept = new Set<string>();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1)
    kept.add(after[sequence[at] ?? -1] ?? '');
  return kept;
}

function changesOf(before: readonly ComparedStep[], after: readonly ComparedStep[]): StepChange[] {
  const [old, now] = [before, after].map((steps) => new Map(steps.map((step) => [step.id, step]))) as [
    Map<string, ComparedStep>,
    Map<string, ComparedStep>,
  ];
  const stays = inOrder([...old.keys()], [...now.keys()]);
  const present = after.flatMap((step): StepChange[] => {
    const { id } = step;
    const was = old.get(id);
    if (was === undefined) return [{ id, kind: 'added', what: [step.instruction ?? ''] }];
    // What only one of two releases tells apart is no change of the page.
    const what = Object.keys(step).filter((part) => part in was && was[part] !== step[part]);
    if (what.length > 0) return [{ id, kind: 'changed', what }];
    return stays.has(id) ? [] : [{ id, kind: 'moved', what: [] }];
  });
  const gone = before.filter(({ id }) => !now.has(id));
  return [
    ...present,
    ...gone.map(({ id, instruction = '' }): StepChange => ({ id, kind: 'removed', what: [instruction] })),
  ];
}

/**
 * What has changed from one edition to another, in the order of the files. A page is known by the prefix of its steps, or
 * else by its file.
 */
export function compareEditions(
  before: readonly ComparedPage[],
  after: readonly ComparedPage[],
): PageChange[] {
  const key = ({ prefix, file }: ComparedPage): string => prefix ?? file;
  const old = new Map(before.map((page) => [key(page), page]));
  const now = new Set(after.map(key));
  const changes = after.flatMap((page): PageChange[] => {
    const { file, title } = page;
    const was = old.get(key(page));
    if (was === undefined)
      return [{ file, from: undefined, title, kind: 'added', steps: changesOf([], page.steps) }];
    const from = was.file === file ? undefined : was.file;
    const steps = changesOf(was.steps, page.steps);
    if (steps.length > 0) return [{ file, from, title, kind: 'changed', steps }];
    return was.digest === page.digest && from === undefined
      ? []
      : [{ file, from, title, kind: 'text', steps }];
  });
  const removed = before
    .filter((page) => !now.has(key(page)))
    .map(
      ({ file, title, steps }): PageChange => ({
        file,
        from: undefined,
        title,
        kind: 'removed',
        steps: changesOf(steps, []),
      }),
    );
  return [...changes, ...removed].sort((a, b) => (a.file < b.file ? -1 : 1));
}
