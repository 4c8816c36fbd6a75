/** Which scenarios can notice a mutant, the cheapest first. Pure. */
import { InvalidInput } from '../../src/deployment/problem';
import { compilePage, type Procedure } from '../../src/procedure/compile';
import type { ReadPartial } from '../../src/procedure/expand';
import type { Place } from '../../src/procedure/source';
import type { Step } from '../../src/procedure/step';
import type { Mutant } from './mutate';
import { applyMutant } from './mutate';
import { type Scenario, stepsOf } from './plan';
import { planned, type Setting } from './setting';

/** Files that an executed page is made of. */
export function sourcesOf(procedure: Procedure): Set<string> {
  return new Set([procedure.file, ...procedure.lines.map(({ file }) => file)]);
}

/** Pages that are executed. */
export function executedPages(procedures: readonly Procedure[]): Procedure[] {
  return procedures.filter(({ applies, page, steps }) => applies && page.drill && steps.length > 0);
}

function touches(step: Step, { file, line, count }: Mutant): boolean {
  const inside = (place: Place) =>
    place.file === file && place.line >= line && place.line < line + Math.max(count, 1);
  return (
    inside(step) ||
    (step.command !== undefined && [...step.command.lines, ...step.command.expected].some(inside))
  );
}

/** Seconds that a command of a tool takes, roughly: making a key takes longest. */
const cost = (step: Step) =>
  step.command?.lines.some(({ text }) => /create-key|keys create|type=rsa|--keypairgen/.test(text)) ? 20 : 1;

/**
 * The scenarios that execute what the mutant changes. Of those that differ in the quorum alone, the cheapest one
 * stands for all: the changed text is the same in each.
 */
export function likelyScenarios(setting: Setting, mutant: Mutant): Scenario[] {
  const found = new Map<string, { scenario: Scenario; price: number }>();
  for (const scenario of setting.scenarios) {
    const steps = scenario.procedures.flatMap((procedure) => stepsOf(scenario, procedure));
    const first = steps.findIndex((step) => touches(step, mutant));
    if (first < 0) continue;
    const price = steps.slice(0, first + 1).reduce((sum, step) => sum + cost(step), 0);
    const { tampering, expect, lost } = scenario;
    const touched = steps.filter((step) => touches(step, mutant)).map(({ id }) => id);
    const kind = JSON.stringify([
      scenario.procedures.map(({ file }) => file),
      tampering?.kind,
      typeof expect === 'string' ? expect : expect.message,
      lost,
      // A step that every scenario has is the same in all of them; one of a shard is that shard's own.
      touched,
    ]);
    const known = found.get(kind);
    if (!known || price < known.price) found.set(kind, { scenario, price });
  }
  return [...found.values()].sort((a, b) => a.price - b.price).map(({ scenario }) => scenario);
}

export type Compiled =
  | { readonly noticed: string; readonly setting?: undefined }
  | { readonly noticed?: undefined; readonly setting: Setting };

/** Compiles the pages that hold the mutant, and plans them again. A problem is what notices it. */
export function compileMutant(setting: Setting, mutant: Mutant, read: ReadPartial): Compiled {
  const mutated: ReadPartial = (file) => {
    const text = read(file);
    return text !== undefined && file === mutant.file ? applyMutant(text, mutant) : text;
  };
  try {
    const procedures = setting.procedures.map((procedure) => {
      if (!sourcesOf(procedure).has(mutant.file)) return procedure;
      return compilePage(procedure.file, mutated(procedure.file) ?? '', setting.deployment, mutated);
    });
    return { setting: planned(setting.root, setting.deployment, procedures) };
  } catch (error) {
    if (error instanceof InvalidInput) {
      const [first] = error.problems;
      return {
        noticed: first ? `${first.file}:${first.line}: ${first.rule}: ${first.message}` : 'does not compile',
      };
    }
    if (error instanceof RangeError) return { noticed: error.message };
    throw error;
  }
}
