/** Compares what an operator typed and said with the steps of the page. Pure. */

import { distance } from '../../../src/deployment/edit-distance';
import { namesFile, placesOfKind } from '../../../src/procedure/rules/places';
import { placeOf, type Step } from '../../../src/procedure/steps/step';
import type { Act } from '../../../src/procedure/vocabulary/acts';
import { splitCommands } from '../shell/shell-lines';
import type { Carried } from './places';

/** Blanks, line ends and separators do not make another command. */
const packed = (text: string) => text.replace(/[\s;\\]+/g, '');

/** Acts that the room of an exercise knows: what people do by hand and a judge can see. */
export const roomActs: readonly Act[] = [
  'safe-open',
  'safe-close',
  'sheet-scan',
  'sheet-type',
  'sheet-print',
  'media-insert',
  'provider-repair',
  'network-off',
  'network-on',
  'key-load',
];

export interface Typed {
  readonly text: string;
  readonly status: number;
  /** Where it was typed; undefined where one machine serves for all. */
  readonly place?: string | undefined;
}

/** An act that was done, and the shard that it was about. */
export interface Acted {
  readonly act: Act;
  readonly shard: number | undefined;
  /** What was taken to another place. */
  readonly carried?: Carried;
}

/** How often everything was taken to everywhere that a step carries it. */
function timesCarried(step: Step, steps: readonly Step[], acted: readonly Acted[]): number {
  const { crossing } = step;
  if (!crossing) return 0;
  const sources = placesOfKind(crossing.from, step, steps);
  const counts = placesOfKind(crossing.to, step, steps).flatMap((target) =>
    crossing.files.map(
      (file) =>
        acted.filter(
          ({ carried }) =>
            carried?.to === target &&
            sources.includes(carried.from) &&
            carried.files.some((name) => namesFile(file, name)),
        ).length,
    ),
  );
  return counts.length === 0 ? 0 : Math.min(...counts);
}

function commandsOf(step: Step): string[] {
  const lines = (step.command?.lines ?? []).map(({ text }) => text);
  return splitCommands(lines).map(({ first, last }) => packed(lines.slice(first, last + 1).join('\n')));
}

/** At most this part of a command may be mistyped, and it is still taken for that command. */
const SLIP = 0.2;

/** The step that a command comes nearest to, and whether it is exactly its command. */
export function nearest(steps: readonly Step[], text: string): { step: Step; exact: boolean } | undefined {
  const typed = packed(text);
  if (typed.length < 4) return undefined;
  let best: { step: Step; far: number } | undefined;
  for (const step of steps) {
    for (const command of commandsOf(step)) {
      const limit = Math.floor(command.length * SLIP);
      if (Math.abs(command.length - typed.length) > limit) continue;
      const far = command === typed ? 0 : distance(command, typed);
      if (far <= limit && (!best || far < best.far)) best = { step, far };
    }
  }
  return best && { step: best.step, exact: best.far === 0 };
}

export interface Followed {
  readonly done: string[];
  readonly skipped: string[];
  readonly repeated: string[];
  /** Mistyped commands, each with the step that it comes nearest to. */
  readonly mistyped: { readonly text: string; readonly step: string }[];
  /** Commands that failed although their step does not say so. */
  readonly failed: string[];
  /** The first step that was not done, of those that this recovery needs. */
  readonly next: Step | undefined;
}

/**
 * Which of these steps were done, left out and repeated: those with commands by what was typed at their place, those of
 * people by what they did in the room. The quorum is what was begun.
 */
export function followed(
  steps: readonly Step[],
  typed: readonly Typed[],
  acted: readonly Acted[] = [],
): Followed {
  const counts = new Map<string, number>();
  const mistyped: { text: string; step: string }[] = [];
  const failed: string[] = [];
  const key = (place: string | undefined, text: string) => `${place ?? ''} ${text}`;
  for (const { text, status, place } of typed) {
    const found = nearest(
      steps.filter((step) => placeOf(step) === place),
      text,
    );
    if (found && !found.exact) mistyped.push({ text, step: found.step.id });
    const commands = found ? commandsOf(found.step) : [];
    const meant = commands.reduce(
      (a, b) => (distance(a, packed(text)) <= distance(b, packed(text)) ? a : b),
      commands[0] ?? packed(text),
    );
    // A step says how its last command ends.
    const exit = (meant === commands.at(-1) ? found?.step.command?.exit : undefined) ?? 0;
    if (status !== exit) failed.push(text);
    // A command that was mistyped, and did what its step says all the same, was done.
    const did = found?.exact || (found && status === exit) ? meant : packed(text);
    counts.set(key(place, did), (counts.get(key(place, did)) ?? 0) + 1);
  }
  const times = (step: Step): number => {
    if (step.command)
      return Math.min(...commandsOf(step).map((command) => counts.get(key(placeOf(step), command)) ?? 0));
    if (step.act === 'carry') return timesCarried(step, wanted, acted);
    return acted.filter(
      ({ act, shard }) =>
        act === step.act && (step.shard === undefined || shard === undefined || shard === step.shard),
    ).length;
  };
  const judged = steps.filter(
    ({ command, act }) => command || act === 'carry' || (act && roomActs.includes(act)),
  );
  let wanted = judged;
  const begun = new Set(
    judged.flatMap((step) => (step.shard !== undefined && times(step) > 0 ? step.shard : [])),
  );
  wanted = judged.filter(({ shard }) => shard === undefined || begun.size === 0 || begun.has(shard));
  const ids = (found: readonly Step[]) => [...new Set(found.map(({ id }) => id))];
  const missing = wanted.filter((step) => times(step) === 0);
  return {
    done: ids(wanted.filter((step) => times(step) > 0)),
    skipped: ids(missing),
    repeated: ids(wanted.filter((step) => step.command && times(step) > 1)),
    mistyped,
    failed,
    next: missing[0],
  };
}
