/** Compares what an operator typed with the steps of the page. Pure. */
import type { Procedure } from '../../src/procedure/compile';
import type { Step } from '../../src/procedure/step';
import { splitCommands } from './shell-lines';

/** Blanks, line ends and separators do not make another command. */
const packed = (text: string) => text.replace(/[\s;\\]+/g, '');

function commandsOf(step: Step): string[] {
  const lines = (step.command?.lines ?? []).map(({ text }) => text);
  return splitCommands(lines).map(({ first, last }) => packed(lines.slice(first, last + 1).join('\n')));
}

export interface Followed {
  readonly done: string[];
  readonly skipped: string[];
  readonly repeated: string[];
  /** The first step with a command that was not done, of those that this recovery needs. */
  readonly next: Step | undefined;
}

/** Which steps with commands were done, left out and repeated. The quorum is what was begun. */
export function followed(procedure: Procedure, typed: readonly string[]): Followed {
  const counts = new Map<string, number>();
  for (const text of typed.map(packed)) counts.set(text, (counts.get(text) ?? 0) + 1);
  const times = (step: Step) => Math.min(...commandsOf(step).map((command) => counts.get(command) ?? 0));
  const steps = procedure.steps.filter(({ command }) => command);
  const begun = new Set(
    steps.flatMap((step) => (step.shard !== undefined && times(step) > 0 ? step.shard : [])),
  );
  const wanted = steps.filter(({ shard }) => shard === undefined || begun.size === 0 || begun.has(shard));
  const ids = (found: readonly Step[]) => found.map(({ id }) => id);
  const missing = wanted.filter((step) => times(step) === 0);
  return {
    done: ids(wanted.filter((step) => times(step) > 0)),
    skipped: ids(missing),
    repeated: ids(wanted.filter((step) => times(step) > 1)),
    next: missing[0],
  };
}
