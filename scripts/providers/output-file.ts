/** Files that a stand-in writes where the operator works, with the permissions that the operator's shell gives them. */
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Shell } from './exit';

/**
 * Writes a file as a tool does that was started from the shell: a new one has `mode` without the bits of the shell's
 * umask (open(2)), whatever the umask of the process is that plays the tool; one that is there keeps its own.
 */
export function writeOutput(shell: Shell, path: string, content: string | Uint8Array, mode = 0o666): void {
  const file = resolve(shell.cwd, path);
  const isNew = !existsSync(file);
  writeFileSync(file, content, { mode: mode & ~shell.umask });
  if (isNew) chmodSync(file, mode & ~shell.umask);
}
