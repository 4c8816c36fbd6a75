/** Keeps the sandbox of a scenario that failed, so that somebody can look at what the operator would have found. */
import { cpSync, lstatSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from './sandbox';

/** Files, folders and links can be copied; a socket or a pipe of a stand-in means nothing without its process. */
const isCopied = (path: string) => {
  const entry = lstatSync(path);
  return entry.isFile() || entry.isDirectory() || entry.isSymbolicLink();
};

/**
 * Copies a sandbox into a private folder that nothing removes. A drill holds TEST sets only, so that no secret is kept.
 * @returns the folder, in which `home`, `run` and `world` lie as the last step left them.
 */
export function keepSandbox(sandbox: Sandbox, id: string): string {
  const folder = mkdtempSync(join(tmpdir(), `kept-${id.replaceAll('/', '-').slice(0, 60)}-`));
  cpSync(sandbox.root, folder, { recursive: true, verbatimSymlinks: true, filter: isCopied });
  return folder;
}
