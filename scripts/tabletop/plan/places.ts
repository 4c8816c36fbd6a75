/** Which places a scenario has, and what the machine of each has: tools, sign-ins, a network. Pure. */
import type { Deployment, Shard } from '../../../src/deployment/deployment';
import type { Page } from '../../../src/procedure/steps/page';
import { placeOf, type Step } from '../../../src/procedure/steps/step';
import { kindOfPlace, shardOfPlace } from '../../../src/procedure/vocabulary/places';
import { standInOf, standIns } from '../../providers/stand-ins';

/** A place of a scenario. */
export interface ScenarioPlace {
  readonly name: string;
  /** Tools of the page that its steps call. */
  readonly tools: readonly string[];
  readonly offline: boolean;
}

const quote = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Tools of a page that a text calls. */
export function toolsIn(text: string, listed: readonly string[]): string[] {
  return listed.filter((tool) => new RegExp(`(?<![\\w./-])${quote(tool)}(?![\\w.-])`, 'm').test(text));
}

const registryLogin = '.pg_service.conf';

/** The shard whose workstation a place is. */
export const shardAt = (place: string, { shards }: Deployment): Shard | undefined =>
  shards[(shardOfPlace(place) ?? 0) - 1];

/** Sign-ins that a place has: a custodian has those of one shard, an administrator all, and a machine without a network none. */
export function loginsAt(place: string, deployment: Deployment): string[] {
  const every = Object.values(standIns).flatMap(({ logins }) => logins);
  switch (kindOfPlace(place)) {
    case 'workstation':
      return [...(standInOf(shardAt(place, deployment)?.provider ?? '')?.logins ?? []), registryLogin];
    case 'administrator':
      return every;
    case 'registry':
      return [registryLogin];
    default:
      return [];
  }
}

/** The places at which the steps are done, the one of the page first; undefined where all is done on one machine. */
export function scenarioPlaces(
  steps: readonly Step[],
  { tools: listed, place: home }: Pick<Page, 'tools' | 'place'>,
): ScenarioPlace[] | undefined {
  const found = [...new Set(steps.flatMap((step) => placeOf(step) ?? []))];
  const names = [...found.filter((name) => name === home), ...found.filter((name) => name !== home)];
  if (names.length === 0) return undefined;
  return names.map((name) => {
    const commands = steps
      .filter((step) => placeOf(step) === name)
      .flatMap(({ command }) => command?.lines ?? []);
    return {
      name,
      tools: toolsIn(commands.map(({ text }) => text).join('\n'), listed),
      offline: kindOfPlace(name) === 'air-gapped',
    };
  });
}
