/** Reads partials of docs/ from the file system. Apart from `load.ts`, because the site's configuration must not load a parser. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadPartial } from './source';

/** A reader of partials below the project's root. */
export function partialReader(root: string): ReadPartial {
  return (file) => {
    try {
      return readFileSync(join(root, file), 'utf8');
    } catch {
      return undefined;
    }
  };
}
