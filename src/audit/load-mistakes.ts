/** Reads the corpus of known mistakes from the project's folder. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mistake, parseMistake } from './mistakes';

/** Where the cases lie, from the root of the project. */
export const mistakesFolder = 'tests/cases';

/** Every case in the order of the ids; none without the folder. Throws InvalidInput with `file:line: rule: message`. */
export function loadMistakes(root: string): Mistake[] {
  const folder = join(root, mistakesFolder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => parseMistake(`${mistakesFolder}/${name}`, readFileSync(join(folder, name), 'utf8')));
}
