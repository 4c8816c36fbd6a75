/**
 * Tries mutants. A scenario is followed once for all mutants that it may notice: where one of them begins to differ, it
 * is tried in a copy of the room and of the shell, so that nothing before that place is done again.
 */
import type { ScenarioResult } from '../../../src/procedure/results/drill-results';
import { partialReader } from '../../../src/procedure/text/load-partial';
import type { Other, Spot } from '../drill/context';
import { runScenario } from '../drill/drill';
import { type WorkerDatabase, workThrough } from '../drill/workers';
import type { Scenario } from '../plan/scenario';
import type { Setting } from '../plan/setting';
import { failuresOf } from '../report/report';
import type { Tools } from '../world/tool-set';
import type { Mutant } from './mutate';
import { likelyScenarios, MutatedPages, noticedByBuild, spotOf } from './plan';
import type { MutantResult } from './report';

/** A command of a mutant that has not ended by then would not end well. */
const patienceSeconds = 15;

/** Mutants that one walk of a scenario tries: more would wait in memory for long, fewer would repeat the walk. */
const together = 100;

/** Scenarios that try a mutant whose survival is explained. */
const explainedTries = 3;

/** What noticed a mutant, and what it said. */
export type Notice = Pick<MutantResult, 'by' | 'detail'>;

export interface TrialOptions {
  readonly tools: Tools;
  readonly jobs: number;
  /** Mutants whose survival has a reason on record. */
  readonly isExplained?: (mutant: Mutant) => boolean;
  /** No mutant is begun after that time. */
  readonly until?: number;
  /** Called for each mutant when it was noticed, or by nothing. */
  readonly tried: (mutant: Mutant, notice: Notice | undefined, milliseconds: number) => void;
}

/** A mutant on its way through the scenarios that may notice it. */
class Trial {
  readonly pages: MutatedPages;
  /** Not yet tried, the likeliest first. */
  readonly scenarios: Scenario[];
  /** Nothing has tried it yet. */
  fresh = true;
  milliseconds = 0;

  constructor(
    readonly mutant: Mutant,
    readonly setting: Setting,
    private readonly options: TrialOptions,
  ) {
    this.pages = new MutatedPages(setting, mutant, partialReader(setting.root));
    // Who acts is a matter of the build alone: commands run the same for everybody.
    const scenarios = mutant.subject === 'contract' ? [] : likelyScenarios(setting, mutant);
    // That a drill cannot notice it is known: the likeliest are asked whether this still holds.
    this.scenarios = options.isExplained?.(mutant) ? scenarios.slice(0, explainedTries) : scenarios;
  }

  end(notice: Notice | undefined): void {
    this.options.tried(this.mutant, notice, this.milliseconds);
  }

  /** True when the build refuses what `work` does with the pages: that is the end of the trial. */
  refused(work: () => unknown): boolean {
    const started = performance.now();
    const detail = noticedByBuild(work);
    this.milliseconds += performance.now() - started;
    if (detail !== undefined) this.end({ by: 'build', detail });
    return detail !== undefined;
  }

  /** The next scenario with the mutant in it; undefined when the trial has ended, or nobody could tell it from the original. */
  next(original: Scenario): { scenario: Scenario; spot: Spot | undefined } | 'same' | undefined {
    let scenario: Scenario | undefined;
    const compile = () => {
      scenario = this.pages.scenario(original);
    };
    if (this.refused(compile)) return undefined;
    if (!scenario) {
      this.end({ by: 'plan', detail: `the scenario ${original.id} is gone` });
      return undefined;
    }
    const spot = spotOf(original, scenario);
    return spot === 'same' ? spot : { scenario, spot };
  }
}

/** Trials that wait. A worker takes those that one scenario can try together. */
class Waiting {
  private trials: Trial[] = [];
  private busy = 0;
  private wake: (() => void)[] = [];

  put(trial: Trial): void {
    this.trials.push(trial);
  }

  /** First each in its likeliest scenario, then in the scenario that most of them still have before them. */
  private take(): Group | undefined {
    const [first] = this.trials;
    if (!first) return undefined;
    const fresh = this.trials.find(({ fresh }) => fresh);
    const counts = new Map<Scenario, number>();
    if (!fresh)
      for (const scenario of this.trials.flatMap(({ scenarios }) => scenarios))
        counts.set(scenario, (counts.get(scenario) ?? 0) + 1);
    const [most] = [...counts].sort(([, a], [, b]) => b - a);
    const scenario = fresh ? fresh.scenarios[0] : most?.[0];
    const fits = ({ scenarios, fresh: first }: Trial) =>
      scenario === undefined
        ? scenarios.length === 0
        : fresh
          ? first && scenarios[0] === scenario
          : scenarios.includes(scenario);
    const trials = this.trials.filter(fits).slice(0, together);
    this.trials = this.trials.filter((trial) => !trials.includes(trial));
    return { scenario, trials };
  }

  /** Works until nothing waits and nobody works who could put something back. */
  async empty(work: (group: Group) => Promise<void>): Promise<void> {
    for (;;) {
      const group = this.take();
      if (!group && this.busy === 0) break;
      if (!group) {
        await new Promise<void>((resolve) => this.wake.push(resolve));
        continue;
      }
      this.busy++;
      try {
        await work(group);
      } finally {
        this.busy--;
        for (const wake of this.wake.splice(0)) wake();
      }
    }
  }
}

/** Trials of one scenario; without one, those that only the build is left to judge. */
interface Group {
  readonly scenario: Scenario | undefined;
  readonly trials: readonly Trial[];
}

const keyOf = ({ page, step }: Spot) => `${page}/${step}`;

/** Tries each mutant until something notices it. What is left when the time is over is not reported. Throws Error when a page fails without any mistake. */
export async function tryMutants(
  setting: Setting,
  mutants: readonly Mutant[],
  options: TrialOptions,
): Promise<void> {
  const { tools, jobs, until = Number.POSITIVE_INFINITY } = options;
  const waiting = new Waiting();
  for (const mutant of mutants) waiting.put(new Trial(mutant, setting, options));

  /** What the drill says of a scenario with the mutant in it; where it says nothing, the next scenario is asked. */
  const judge = (trial: Trial, result: ScenarioResult) => {
    trial.milliseconds += result.milliseconds;
    const [failed] = failuresOf(result);
    if (!failed) return waiting.put(trial);
    const { failure, step } = failed;
    const where = `${failure.file}:${failure.line}${step ? `: step ${step.id}` : ''}`;
    const detail = `${where}: ${failure.rule}: wanted ${failure.wanted}, found ${failure.found}`;
    trial.end({ by: result.id, detail });
  };

  const walk = async ({ scenario: original, trials }: Group, database: WorkerDatabase) => {
    const context = { ...setting, ...database, tools, impatientSeconds: patienceSeconds };
    const others = new Map<string, { trial: Trial; other: Other }[]>();
    for (const trial of trials) {
      if (Date.now() > until) return;
      // The other worker reads its tools' answers in between.
      await new Promise(setImmediate);
      if (!original) {
        if (!trial.refused(() => trial.pages.build())) trial.end(undefined);
        continue;
      }
      trial.scenarios.splice(trial.scenarios.indexOf(original), 1);
      trial.fresh = false;
      const next = trial.next(original);
      if (next === 'same') waiting.put(trial);
      if (next === 'same' || !next) continue;
      const { scenario, spot } = next;
      if (!spot) {
        let { procedures } = setting;
        if (scenario.world === 'room' && trial.refused(() => ({ procedures } = trial.pages.build())))
          continue;
        judge(trial, await runScenario(scenario, { ...context, procedures }));
        continue;
      }
      const here = others.get(keyOf(spot)) ?? [];
      const other = { scenario, ended: (result: ScenarioResult) => judge(trial, result) };
      others.set(keyOf(spot), [...here, { trial, other }]);
    }
    if (!original || others.size === 0) return;
    const othersAt = (spot: Spot) => {
      if (others.size === 0 || Date.now() > until) return undefined;
      const here = others.get(keyOf(spot)) ?? [];
      others.delete(keyOf(spot));
      return here.map(({ other }) => other);
    };
    const result = await runScenario(original, { ...context, othersAt });
    const [failed] = failuresOf(result);
    if (failed)
      throw new Error(
        `${original.id} fails without any mistake: ${failed.failure.file}:${failed.failure.line}: found ${failed.failure.found}`,
      );
    // Where the scenario does not come, there is no difference.
    if (Date.now() <= until) for (const { trial } of [...others.values()].flat()) waiting.put(trial);
  };

  await workThrough(Array.from({ length: jobs }), jobs, (_, database) =>
    waiting.empty((group) => walk(group, database)),
  );
}
