/** Reads package-lock.json (npm's lockfile version 3): what is locked, and what a package resolves its imports to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One entry; its key in the lock is the folder below the project. */
export interface LockEntry {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  /** Subresource Integrity digests, divided by spaces. */
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface Lock {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockEntry>>;
}

/** @throws RangeError when the file is of another lockfile version. */
export function readLock(root: string): Lock {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  if (lock.lockfileVersion !== 3)
    throw new RangeError(`package-lock.json: lockfileVersion ${lock.lockfileVersion}, wanted 3`);
  return lock;
}

/** Name of the package in a folder of the lock: `node_modules/a/node_modules/@b/c` → `@b/c`. */
export function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** The folder of the lock that a file of a package is in, or undefined for a file of the project. */
export function folderOf(file: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];
}

/** The folder that `from` loads `name` from: Node looks in its own node_modules first, then in each parent's. */
export function resolveIn(lock: Lock, from: string, name: string): string | undefined {
  for (let at = from; ; ) {
    const folder = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (folder in lock.packages) return folder;
    if (at === '') return undefined;
    const cut = at.lastIndexOf('node_modules/');
    at = cut <= 0 ? '' : at.slice(0, cut - 1);
  }
}
