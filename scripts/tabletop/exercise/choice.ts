/** Which exercises a project has, by name, and which of them is dealt. */
import type { Procedure } from '../../../src/procedure/compile';
import type { Scenario } from '../plan/scenario';
import type { Setting } from '../plan/setting';

/** Pages of emergencies: those of their chapter, and those elsewhere that the list of scenarios numbers. */
export const isEmergency = ({ file, page }: Pick<Procedure, 'file' | 'page'>): boolean =>
  file.startsWith('docs/emergency/') || /^S\d\d /.test(page.title);

/** Scenarios for people: every emergency page that the drill follows with commands, for each lost shard once. */
export function exercisesOf(setting: Setting): Scenario[] {
  const found = new Map<string, Scenario>();
  for (const scenario of setting.scenarios) {
    const [procedure] = scenario.procedures;
    if (!procedure || !isEmergency(procedure) || scenario.world !== 'fixture') continue;
    if (typeof scenario.expect !== 'string') continue;
    const key = `${procedure.file}/${scenario.lost ?? ''}`;
    if (!found.has(key)) found.set(key, scenario);
  }
  return [...found.values()];
}

/** Whether something is wrong beside the missing key: a provider, a shard, the registry, or the tool itself. */
export const hasFault = ({ faults, lost, tampering, procedures }: Scenario): boolean =>
  Object.keys(faults).length > 0 ||
  lost !== undefined ||
  tampering !== undefined ||
  procedures.some(({ page }) => !page.tools.includes('sss'));

/** The name of an exercise: its page's, and the shard that is lost. */
export const nameOf = ({ procedures, lost }: Scenario) =>
  `${procedures[0]?.file.replace(/^docs\/[^/]+\/|\.mdx?$/g, '')}${lost === undefined ? '' : `-${lost}`}`;

/** The exercise of that name, or the one that the seed deals. Throws RangeError on an unknown name. */
export function chooseExercise(
  setting: Setting,
  { name, seed }: { readonly name: string | undefined; readonly seed: number },
): Scenario {
  const all = exercisesOf(setting);
  const dealt = all.filter(hasFault);
  const matching = all.filter((each) => nameOf(each) === name || nameOf(each).includes(name ?? ''));
  const exact = matching.find((each) => nameOf(each) === name);
  const chosen = name === undefined ? dealt[seed % Math.max(dealt.length, 1)] : (exact ?? matching[0]);
  if (!chosen)
    throw new RangeError(`no exercise is called "${name}"; there are ${all.map(nameOf).join(', ')}`);
  return chosen;
}
