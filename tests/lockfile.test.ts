/** The lock file must install anywhere: every optional platform package it names is locked, no registry is. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface LockEntry {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  optionalDependencies?: Record<string, string>;
}

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  overrides: Record<string, string>;
}

const read = <T>(file: string): T => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'));
const lock = read<{ version: string; packages: Record<string, LockEntry> }>('package-lock.json');
const manifest = read<Manifest>('package.json');
const entries = Object.entries(lock.packages).filter(([path]) => path !== '');

/** Node's lookup: nearest node_modules first, then each parent's. */
function isLocked(from: string, name: string): boolean {
  for (let at = from; ; ) {
    if (`${at === '' ? '' : `${at}/`}node_modules/${name}` in lock.packages) return true;
    if (at === '') return false;
    const cut = at.lastIndexOf('node_modules/');
    at = cut <= 0 ? '' : at.slice(0, cut - 1);
  }
}

test('every optional platform package named in the lock file is in it', () => {
  const missing = entries.flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !isLocked(path, name))
      .map((name) => `${path} wants ${name}`),
  );
  expect(missing).toEqual([]);
});

test('every package has an integrity hash and names no registry', () => {
  const bare = entries.filter(([, entry]) => entry.link !== true && entry.integrity === undefined);
  expect(bare.map(([path]) => path)).toEqual([]);
  const resolved = entries.filter(([, entry]) => entry.resolved !== undefined && entry.link !== true);
  expect(resolved.map(([path]) => path)).toEqual([]);
});

test('every version in package.json is exact and is the one that is locked', () => {
  for (const [name, version] of Object.entries({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.overrides,
  })) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
  }
  expect(lock.version).toBe(manifest.version);
});
