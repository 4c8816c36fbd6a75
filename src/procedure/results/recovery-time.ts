/** Recovery time: the floor that the machine sets, the plan with the minutes of people, and the target of the page. Pure. */
import type { Results, ScenarioResult } from './drill-results';

export interface RecoveryTime {
  /** Seconds that the commands took, with stand-ins: nobody is faster. */
  readonly floorSeconds: number;
  /** Floor and the minutes that the page gives to people. */
  readonly planMinutes: number;
  readonly targetMinutes: number | null;
}

type Timed = Pick<ScenarioResult, 'steps' | 'targetMinutes'>;

/** Times of one scenario. Steps that were skipped take none. */
export function rtoOf({ steps, targetMinutes }: Timed): RecoveryTime {
  const ran = steps.filter(({ verdict }) => verdict !== 'skipped');
  const floorSeconds = ran.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
  const people = ran.reduce((sum, { minutes }) => sum + minutes, 0);
  return { floorSeconds, planMinutes: people + floorSeconds / 60, targetMinutes };
}

/** The plan of a page that promises less time than its own steps take; undefined when it holds. */
export function brokenPromise(scenario: Timed): { wanted: string; found: string } | undefined {
  const { planMinutes, targetMinutes } = rtoOf(scenario);
  if (targetMinutes === null || planMinutes <= targetMinutes) return undefined;
  return { wanted: `a plan within ${targetMinutes} min`, found: `${Math.ceil(planMinutes)} min` };
}

/** A floor that jumps: most likely a step has begun to touch a provider that is down. Noise of a busy machine is less. */
const jump = { factor: 3, seconds: 5 };

const rungsOf = ({ steps }: Pick<ScenarioResult, 'steps'>) => steps.map(({ rung }) => rung).join('');

/** Scenarios whose floor has jumped since the last results, one line each. */
export function floorRegressions(
  before: Pick<Results, 'scenarios'> | undefined,
  now: Pick<Results, 'scenarios'>,
): string[] {
  const old = new Map(before?.scenarios.map((scenario) => [scenario.id, scenario]));
  return now.scenarios.flatMap((scenario) => {
    const last = old.get(scenario.id);
    if (last?.verdict !== 'passed' || scenario.verdict !== 'passed') return [];
    // The real tools are slower than stand-ins: that is no regression.
    if (rungsOf(last) !== rungsOf(scenario)) return [];
    const [was, is] = [rtoOf(last).floorSeconds, rtoOf(scenario).floorSeconds];
    if (is < was * jump.factor || is - was < jump.seconds) return [];
    const slowest = [...scenario.steps].sort((a, b) => b.milliseconds - a.milliseconds)[0];
    return [
      `tabletop: warning: ${scenario.id}: the floor rose from ${was.toFixed(1)} s to ${is.toFixed(1)} s; slowest: ${slowest?.id} (${slowest?.file}:${slowest?.line})`,
    ];
  });
}
