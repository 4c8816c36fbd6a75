/** The control map as files, beside its page and in the evidence pack: CSV for spreadsheets, OSCAL for compliance tools. */
import { spawnSync } from 'node:child_process';
import { controlsCsv, type LoggedStep, MAP_FILES } from '../audit/controls/map';
import { componentDefinition, type OscalSource } from '../audit/oscal';
import type { Procedure } from '../procedure/compile';
import { hrefOf } from './href';

/** Every step with the address of its page, which ends with a slash. */
export function loggedSteps(procedures: readonly Procedure[]): LoggedStep[] {
  return procedures.flatMap(({ file, steps }) =>
    steps.map(({ id, log }) => ({ id, page: `${hrefOf(file)}/`, log })),
  );
}

/** What OSCAL files say of their origin: the commit and its time, so that an export can be made again. */
export function oscalSource(root: string, procedures: readonly Procedure[], site: string): OscalSource {
  const git = (...args: string[]): string => {
    const { status, stdout } = spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' });
    return status === 0 ? stdout.trim() : '';
  };
  return {
    steps: loggedSteps(procedures),
    site: site.replace(/\/$/, ''),
    version: git('rev-parse', '--short=12', 'HEAD') || 'unknown',
    // Outside a git checkout nobody knows.
    modified: git('show', '-s', '--format=%cI', 'HEAD') || '1970-01-01T00:00:00Z',
  };
}

export const asJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Both files, by their path on the site. */
export function controlFiles(source: OscalSource): Map<string, string> {
  return new Map([
    [MAP_FILES.csv, controlsCsv(source.steps)],
    [MAP_FILES.oscal, asJson(componentDefinition(source))],
  ]);
}
