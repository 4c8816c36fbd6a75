/** What unpacked packages say of themselves: their licenses, by Debian's copyright files, and which others they need. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { type ImageLock, isInImage, type LockedPackage, uses } from './lock';
import { run, unpack } from './packages';

const FORMAT = /^Format: *https?:\/\/www\.debian\.org\/doc\/packaging-manuals\/copyright-format\/1\.0\/? *$/m;

/**
 * Names of the licenses in a copyright file of Debian's machine-readable format 1.0, each once. Which part of a package
 * has which, and where two are a choice, only the file says. Empty for a file in free text: people have to read it.
 */
export function licensesIn(text: string): string[] {
  if (!FORMAT.test(text)) return [];
  const terms = [...text.matchAll(/^License:[ \t]*(\S.*)$/gm)].flatMap(([, term = '']) =>
    term.trim().split(/,?\s+(?:and\/or|and|or)\s+/i),
  );
  return [...new Set(terms)].sort();
}

/** The copyright file of a package, in one of some folders with unpacked packages. Throws RangeError when there is none. */
export function copyrightOf(name: string, folders: readonly string[]): string {
  const documentation = (folder: string, of: string) => join(folder, 'usr/share/doc', of);
  // Packages of one source may share the folder of one of them, which another use of the lock may hold.
  const shared = folders
    .map((folder) => documentation(folder, name))
    .find((at) => lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink());
  const owner = shared === undefined ? name : basename(readlinkSync(shared));
  const file = folders.map((folder) => join(documentation(folder, owner), 'copyright')).find(existsSync);
  if (file === undefined) throw new RangeError(`${name}: the package has no copyright file`);
  return readFileSync(file, 'utf8');
}

/** Puts the copyright file of each package that is in the image into its system, also where only another package brought it. */
export function placeCopyrights(lock: ImageLock, room: string, folders: readonly string[]): void {
  for (const { name } of lock.packages.filter(isInImage)) {
    const at = join(room, 'usr/share/doc', name);
    if (existsSync(join(at, 'copyright'))) continue;
    const text = copyrightOf(name, folders);
    rmSync(at, { recursive: true, force: true });
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'copyright'), text);
  }
}

/** Names in a relation field of a package: `libc6 (>= 2.38), default-mta | exim4`. */
const related = (field: string): string[] =>
  field
    .split(/[,|]/)
    .map((each) => each.trim().replace(/[ :(].*$/, ''))
    .filter((name) => name !== '');

/** What each of some packages needs, by their relation fields: names of others among them, also where a name is one that another provides. */
export function needsOf(
  relations: readonly { readonly name: string; readonly needs: string; readonly provides: string }[],
): ReadonlyMap<string, string[]> {
  const givenBy = new Map<string, string[]>();
  for (const { name, provides } of relations)
    for (const given of [name, ...related(provides)])
      givenBy.set(given, [...(givenBy.get(given) ?? []), name]);
  return new Map(
    relations.map(({ name, needs }) => {
      const found = related(needs).flatMap((wanted) => givenBy.get(wanted) ?? []);
      return [name, [...new Set(found)].filter((other) => other !== name).sort()];
    }),
  );
}

/** The locked packages with what they say of themselves. `packages` has their files, `folders` has them unpacked. */
export function withFacts(lock: ImageLock, packages: string, folders: readonly string[]): ImageLock {
  const relations = lock.packages.map(({ name, sha256 }) => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own names of fields
    const format = '${Pre-Depends},${Depends}\n${Provides}';
    const shown = run('dpkg-deb', ['--show', `--showformat=${format}`, join(packages, `${sha256}.deb`)]);
    const [needs = '', provides = ''] = shown.split('\n');
    return { name, needs, provides };
  });
  const needs = needsOf(relations);
  const say = (each: LockedPackage): LockedPackage => ({
    ...each,
    needs: needs.get(each.name) ?? [],
    licenses: licensesIn(copyrightOf(each.name, folders)),
  });
  return { ...lock, packages: lock.packages.map(say) };
}

/** Unpacks all that is locked below a folder, and returns a folder for each use. */
export function unpackAll(lock: ImageLock, packages: string, into: string): string[] {
  return uses.map((use) => {
    const folder = join(into, use);
    unpack(lock, use, packages, folder);
    return folder;
  });
}

/** Reads what the packages in a folder say of themselves; they are unpacked below `scratch` for that time. */
export function readFacts(lock: ImageLock, packages: string, scratch: string): ImageLock {
  const folder = mkdtempSync(join(scratch, 'facts-'));
  try {
    return withFacts(lock, packages, unpackAll(lock, packages, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
