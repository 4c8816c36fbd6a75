/** Reads `attestations.yaml` from the project's folder, where an adopter keeps one. */
import { existsSync } from 'node:fs';
import { readWritten } from '../deployment/load';
import { readYaml } from '../deployment/yaml';
import { type Attestations, parseAttestations } from './attestations';
import type { PresentSet } from './duties';

/** What an adopter keeps beside the deployment. */
export const attestationsFile = 'attestations.yaml';

/** The attestations of a project; none without the file. Throws InvalidInput with `file:line: rule: message`. */
export function loadAttestations(file: string, wanted: PresentSet): Attestations {
  return existsSync(file)
    ? parseAttestations(readWritten(file).text, attestationsFile, wanted)
    : { attestations: [] };
}

/** What the build says while the entries are those of the example. Throws as `loadAttestations` does. */
export function attestationWarnings(file: string, wanted: PresentSet): string[] {
  if (!loadAttestations(file, wanted).example) return [];
  const line = readYaml(readWritten(file).text, attestationsFile).lineOf(['example']);
  return [
    `${attestationsFile}:${line}: EXAMPLE: the entries are made up, and the pages say so; once the set is yours, remove "example: true" with them and begin with attestations: []`,
  ];
}
