/** Folders below node_modules/.cache for what is made anew only when what it follows from has changed. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Versions of the code whose results are kept: of two branches, or of a fork that shares its packages. */
const keptVersions = 4;

/** The folder of one version, made where it is missing; then the oldest of the others are removed. Throws where nothing can be written. */
export function keptFolder(parent: string, version: string): string {
  const folder = join(parent, version);
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    const made = (other: string) => statSync(join(parent, other), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const others = readdirSync(parent).filter((other) => other !== version);
    for (const old of others.sort((a, b) => made(b) - made(a)).slice(keptVersions - 1))
      rmSync(join(parent, old), { recursive: true, force: true });
  }
  return folder;
}

/** Keeps a text, whole or not at all. Where it cannot be kept, it is made again next time. */
export function keep(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch {
    rmSync(draft, { force: true });
  }
}
