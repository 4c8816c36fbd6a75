/** Finds programs of this machine by name, as a shell does along PATH. */
import { accessSync, closeSync, constants, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** True for a script that looks for its interpreter along PATH, as version managers put them there: a drill's PATH has none. */
function isShim(file: string): boolean {
  const start = Buffer.alloc(14);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, start, 0, start.length, 0);
  closeSync(descriptor);
  return start.toString('latin1') === '#!/usr/bin/env';
}

/** Absolute path of a program, or undefined. Shims are passed over. Folders that are not absolute are passed over. */
export function lookUpTool(name: string, path = process.env.PATH ?? ''): string | undefined {
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile() && !isShim(file)) return file;
    } catch {
      // Not here; the next folder may have it.
    }
  }
  return undefined;
}

/** Absolute path of a program. Throws Error when PATH has none. */
export function findTool(name: string, path = process.env.PATH ?? ''): string {
  const found = lookUpTool(name, path);
  if (!found) throw new Error(`the program "${name}" is not installed: no folder of PATH has it`);
  return found;
}

/** The file behind all symbolic links. */
export function realTool(file: string): string {
  return realpathSync(file);
}
