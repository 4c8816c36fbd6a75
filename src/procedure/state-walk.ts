/** Follows L, H and E through the steps of every page that declares them: what a page promises must follow from what it does. */
import type { Deployment } from '../deployment/deployment';
import { InvalidInput, type Problem } from '../deployment/problem';
import type { Procedure } from './compile';
import {
  afterActions,
  eitherOf,
  type KeyState,
  readAfter,
  readBefore,
  type Size,
  stateText,
} from './rules/key-state';
import { isDone, type Step } from './steps/step';

/** M and N of a deployment. */
export const sizeOf = ({ key, shards }: Deployment): Size => ({
  threshold: key.threshold,
  shards: shards.length,
});

/** Pages by the prefix of their step ids. */
export type Pages = ReadonlyMap<string, Procedure>;

export function pagesByPrefix(procedures: readonly Procedure[]): Pages {
  return new Map(procedures.flatMap((each) => (each.page.prefix ? [[each.page.prefix, each]] : [])));
}

/** What a call of another page leaves. `RPL*` follows it once for each lost shard; `none` is the way on without any. */
function called(word: string, state: KeyState, pages: Pages, size: Size): KeyState {
  if (word === 'none') return state;
  const declared = pages.get(word.replace('*', ''))?.page.state;
  if (!declared) throw new RangeError(`calls "${word}", and no page with that prefix declares its state`);
  const after = readAfter(declared.after, size, state);
  return word.endsWith('*') ? { ...after, healthy: { low: size.shards, high: size.shards } } : after;
}

/** The state after the steps, from the one that the page declares before them. Throws RangeError. */
export function endState(procedure: Procedure, steps: readonly Step[], pages: Pages, size: Size): KeyState {
  const { state } = procedure.page;
  if (!state) throw new RangeError('declares no state');
  return steps.reduce(
    (now, step) => {
      const logged = afterActions(now, step.log, size);
      return step.calls.length === 0
        ? logged
        : eitherOf(step.calls.map((word) => called(word, logged, pages, size)));
    },
    readBefore(state.before, size),
  );
}

/** The state that the page promises. Throws RangeError; InvalidInput never: the page has compiled. */
export function promisedState({ page }: Procedure, size: Size): KeyState {
  if (!page.state) throw new RangeError('declares no state');
  return readAfter(page.state.after, size, readBefore(page.state.before, size));
}

/** Steps of one run: a page about one lost shard does those of one shard, the first that can be lost. */
function oneRun(steps: readonly Step[]): Step[] {
  const lost = steps.find((step) => step.lost !== undefined)?.lost;
  const down = steps.find((step) => step.down !== undefined)?.down;
  return steps.filter((step) => isDone(step, { lost, down }));
}

/** Pages whose steps do not lead to the state that they declare. */
export function stateProblems(procedures: readonly Procedure[], size: Size): Problem[] {
  const pages = pagesByPrefix(procedures);
  return procedures.flatMap((procedure) => {
    const { file, page, applies } = procedure;
    if (!applies || !page.state) return [];
    const report = (message: string) => [{ file, line: 1, rule: 'STATE', message }];
    try {
      const promised = stateText(promisedState(procedure, size));
      const found = stateText(endState(procedure, oneRun(procedure.steps), pages, size));
      return found === promised
        ? []
        : report(`promises ${promised} at its end, and its steps lead to ${found}`);
    } catch (error) {
      if (error instanceof InvalidInput) throw error;
      return report((error as Error).message);
    }
  });
}
