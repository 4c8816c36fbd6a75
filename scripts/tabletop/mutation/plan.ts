/** Which scenarios can notice a mutant, the cheapest first. Pure. */
import { InvalidInput } from '../../../src/deployment/problem';
import { compilePage, type Procedure } from '../../../src/procedure/compile';
import type { Step } from '../../../src/procedure/steps/step';
import type { Place, ReadPartial } from '../../../src/procedure/text/source';
import type { Spot } from '../drill/context';
import { checkIssued } from '../plan/issued';
import { planScenarios } from '../plan/plan';
import { type Scenario, stepsOf } from '../plan/scenario';
import { planned, type Setting } from '../plan/setting';
import type { Mutant } from './mutate';
import { applyMutant } from './mutate';

const sources = new WeakMap<Procedure, Set<string>>();

/** Files that an executed page is made of. */
export function sourcesOf(procedure: Procedure): Set<string> {
  const known = sources.get(procedure);
  if (known) return known;
  const found = new Set([procedure.file, ...procedure.lines.map(({ file }) => file)]);
  sources.set(procedure, found);
  return found;
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
    (step.command !== undefined &&
      [
        ...step.command.lines,
        ...step.command.expected,
        ...step.command.instead.flatMap(({ expected }) => expected),
      ].some(inside))
  );
}

const steps = new WeakMap<Scenario, readonly Step[]>();

/** The steps of all pages of a scenario that is asked about often. */
function allSteps(scenario: Scenario): readonly Step[] {
  const known = steps.get(scenario);
  if (known) return known;
  const found = scenario.procedures.flatMap((procedure) => stepsOf(scenario, procedure));
  steps.set(scenario, found);
  return found;
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
    if (!scenario.procedures.some((procedure) => sourcesOf(procedure).has(mutant.file))) continue;
    const steps = allSteps(scenario);
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

/** What the build says of a mutant, in one line; undefined when it says nothing. Other errors are thrown. */
export function noticedByBuild(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof InvalidInput) {
      const [first] = error.problems;
      return first ? `${first.file}:${first.line}: ${first.rule}: ${first.message}` : 'does not compile';
    }
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

/** The pages with a mutant in them. Each is compiled when it is asked for: most mutants are noticed by the first. */
export class MutatedPages {
  private readonly compiled = new Map<string, Procedure>();
  private readonly read: ReadPartial;

  constructor(
    private readonly setting: Setting,
    private readonly mutant: Mutant,
    read: ReadPartial,
  ) {
    this.read = (file) => {
      const text = read(file);
      return text !== undefined && file === mutant.file ? applyMutant(text, mutant) : text;
    };
  }

  /** True for a page that the mutated text is part of. */
  holds(procedure: Procedure): boolean {
    return sourcesOf(procedure).has(this.mutant.file);
  }

  /** A page as the mutant makes it. Throws InvalidInput or RangeError when it is no procedure any more. */
  page(procedure: Procedure): Procedure {
    if (!this.holds(procedure)) return procedure;
    const known = this.compiled.get(procedure.file);
    if (known) return known;
    const { file } = procedure;
    const made = compilePage(file, this.read(file) ?? '', this.setting.deployment, this.read);
    this.compiled.set(file, made);
    return made;
  }

  /** Compiles and plans everything. Throws InvalidInput or RangeError with what the build would say. */
  build(): Setting {
    const { root, deployment, procedures } = this.setting;
    checkIssued(root, this.read);
    return planned(
      root,
      deployment,
      procedures.map((procedure) => this.page(procedure)),
      { life: false },
    );
  }

  /** A scenario over the mutated pages; undefined when there is none by this name any more. Throws as `page`. */
  scenario({ id, procedures }: Scenario): Scenario | undefined {
    const pages = procedures.map((procedure) => this.page(procedure));
    return planScenarios(pages, this.setting.deployment).find((scenario) => scenario.id === id);
  }
}

export type Compiled =
  | { readonly noticed: string; readonly setting?: undefined }
  | { readonly noticed?: undefined; readonly setting: Setting };

/** Compiles and plans everything with a mutant in it. A problem is what notices it. */
export function compileMutant(setting: Setting, mutant: Mutant, read: ReadPartial): Compiled {
  let built: Setting | undefined;
  const noticed = noticedByBuild(() => {
    built = new MutatedPages(setting, mutant, read).build();
  });
  return built ? { setting: built } : { noticed: noticed ?? '' };
}

/** What of a scenario or a step can be seen by doing it. */
const seen = (what: unknown) =>
  JSON.stringify(what, (key, value) => (key === 'line' || key === 'file' ? undefined : value));

/**
 * The first step that differs between a scenario and the same with a mutant in it. `same`: nobody could tell them apart
 * by doing them. Undefined: they differ from the beginning, or are no work of commands.
 */
export function spotOf(original: Scenario, mutated: Scenario): Spot | 'same' | undefined {
  const frame = ({ procedures, ...scenario }: Scenario) =>
    seen([scenario, procedures.map(({ page }) => page)]);
  if (frame(original) !== frame(mutated)) return undefined;
  for (const [page, procedure] of original.procedures.entries()) {
    const other = mutated.procedures[page];
    const [steps, others] = [stepsOf(original, procedure), other ? stepsOf(mutated, other) : []];
    for (let step = 0; step < Math.max(steps.length, others.length); step++)
      if (seen(steps[step]) !== seen(others[step]))
        return original.world === 'room' ? undefined : { page, step };
  }
  return 'same';
}
