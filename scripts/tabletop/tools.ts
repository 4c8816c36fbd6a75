/** Finds programs of this machine by name, as a shell does along PATH. */
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Absolute path of a program, or undefined. Folders that are not absolute are passed over. */
export function lookUpTool(name: string, path = process.env.PATH ?? ''): string | undefined {
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
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
