/** Reads `attestations.yaml` from the project's folder, where an adopter keeps one. */
import { existsSync, readFileSync } from 'node:fs';
import { type Attestations, parseAttestations } from './attestations';

/** The attestations of a project; none without the file. Throws InvalidInput with `file:line: rule: message`. */
export function loadAttestations(file: string): Attestations {
  return existsSync(file)
    ? parseAttestations(readFileSync(file, 'utf8'), 'attestations.yaml')
    : { attestations: [] };
}
