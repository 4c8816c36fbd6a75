/** What a scenario leaves behind in its sandbox: files that nobody declared, open modes, secrets in any form. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Secret, secretFinder } from './secrets';

export interface Leak {
  /** Path from the sandbox's root. */
  readonly file: string;
  /** `unexpected`: made and not declared; `changed` or `removed`: was there before; `mode`; `secret`. */
  readonly kind: 'unexpected' | 'changed' | 'removed' | 'mode' | 'secret';
  /** One sentence without the secret. */
  readonly message: string;
}

export interface LeakCheck {
  /** Files and folders, from the sandbox's root, that the scenario may make, change or remove: `home/evidence/`. */
  readonly declared: readonly string[];
  readonly secrets: readonly Secret[];
}

/** Where the runner itself works. Searched for secrets, but not for changes. */
const ownFolders = ['world/', 'jobs/', 'bin/', 'owner'];

interface Entry {
  readonly file: string;
  readonly mode: number;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

function walk(root: string, folder = root): Entry[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    const status = lstatSync(path, { throwIfNoEntry: false });
    if (!status) return [];
    const kind = status.isFile()
      ? 'file'
      : status.isDirectory()
        ? 'folder'
        : status.isSymbolicLink()
          ? 'link'
          : 'other';
    const found: Entry = { file: relative(root, path), mode: status.mode & 0o777, kind };
    if (kind !== 'folder') return [found];
    // A folder without its modes cannot hide anything from root, and from nobody else either: it is reported.
    try {
      return [found, ...walk(root, path)];
    } catch {
      return [{ ...found, kind: 'other' }];
    }
  });
}

/** Paths of all files below a folder. */
export const filesBelow = (folder: string): string[] =>
  walk(folder).flatMap(({ file, kind }) => (kind === 'file' ? [join(folder, file)] : []));

const isOwn = (file: string) =>
  ownFolders.some((own) => file === own.replace(/\/$/, '') || file.startsWith(own));

function content(root: string, { file, kind }: Entry): Buffer {
  try {
    if (kind === 'file') return readFileSync(join(root, file));
    return Buffer.from(kind === 'link' ? readlinkSync(join(root, file)) : kind);
  } catch {
    return Buffer.from('unreadable');
  }
}

export type Fingerprint = ReadonlyMap<string, string>;

/** Digest of every entry outside the runner's own folders, by path. */
export function fingerprint(root: string): Fingerprint {
  const digest = (entry: Entry) =>
    createHash('sha256').update(entry.kind).update(content(root, entry)).digest('hex');
  return new Map(
    walk(root)
      .filter(({ file }) => !isOwn(file))
      .map((entry) => [entry.file, digest(entry)]),
  );
}

const octal = (mode: number) => `0${mode.toString(8).padStart(3, '0')}`;

/** Files that are not 0600 and folders that are not 0700 in the runtime folder. A file that its owner may only read is as private. */
export function looseModes(root: string, run: string): Leak[] {
  return walk(root, run).flatMap(({ file, mode, kind }): Leak[] => {
    const wanted = kind === 'folder' ? 0o700 : 0o600;
    if (kind === 'link' || mode === wanted || (kind === 'file' && mode === 0o400)) return [];
    return [{ file, kind: 'mode', message: `mode ${octal(mode)}, wanted ${octal(wanted)}` }];
  });
}

/** Entries of a folder that hold one of the secrets, in their contents or their name. */
export function holdersOf(root: string, folder: string, secrets: readonly Secret[]): Leak[] {
  const find = secretFinder(secrets);
  return walk(root, folder).flatMap((entry) =>
    [...new Set([...find(content(root, entry)), ...find(Buffer.from(entry.file))])].map((name) => ({
      file: entry.file,
      kind: 'secret' as const,
      message: `holds the ${name}`,
    })),
  );
}

/** Size, time and place of every entry, as one text that differs when a file has changed. */
export function stateOf(folders: readonly string[]): string {
  return folders
    .flatMap((folder) =>
      walk(folder).map(({ file }) => {
        const status = lstatSync(join(folder, file), { throwIfNoEntry: false });
        return `${folder}/${file} ${status?.size} ${status?.mtimeMs} ${status?.ctimeMs}`;
      }),
    )
    .join('\n');
}

/** What looks like a shard, whoever's: a set that a page has just made is known to nobody yet. */
const anyShard = /[Mm][Kk][Ss]1[02-9AC-HJ-NP-Zac-hj-np-z]{40}|bWtzM[A-Za-z0-9+/]{40}/;

/** First line of a private key in PEM (RFC 7468, 10). */
const pkcs8 = '-----BEGIN PRIVATE KEY-----';

/** Files below a folder that hold a private key. */
export const privateKeysBelow = (folder: string): Leak[] =>
  walk(folder).flatMap((entry): Leak[] =>
    entry.kind === 'file' && content(folder, entry).toString('latin1').includes(pkcs8)
      ? [{ file: entry.file, kind: 'secret', message: 'holds a private key' }]
      : [],
  );

/** True for text of any shard. */
export const looksLikePlain = (bytes: Buffer): boolean => anyShard.test(bytes.toString('latin1'));

/**
 * Files outside memory that hold a secret, any shard, or what was typed when a command asked for a PIN: also histories,
 * logs and caches of tools. To be called after every block, as a file that is gone again has lain on the disk all the same.
 */
export function plainOnDisk(
  disks: readonly string[],
  secrets: readonly Secret[],
  typed: Iterable<string>,
): Leak[] {
  const pins = [...typed].map(
    (pin) => new RegExp(`(?<![0-9])${pin.replace(/[^A-Za-z0-9]/g, '\\$&')}(?![0-9])`),
  );
  return disks.flatMap((disk) => [
    ...holdersOf(disk, disk, secrets),
    ...walk(disk).flatMap((entry): Leak[] => {
      if (entry.kind !== 'file') return [];
      const text = content(disk, entry).toString('latin1');
      const held = [
        ...(anyShard.test(text) ? ['text of a shard'] : []),
        // The session key of a recovery, which opens each shard that was wrapped for it.
        ...(text.includes(pkcs8) ? ['private key'] : []),
        ...(pins.some((pin) => pin.test(text)) ? ['PIN'] : []),
      ];
      return held.map((what) => ({ file: entry.file, kind: 'secret', message: `holds a ${what}` }));
    }),
  ]);
}

/** Everything that differs from `before` and was not declared, then loose modes, then secrets anywhere. */
export function searchLeaks(
  root: string,
  before: Fingerprint,
  check: LeakCheck,
  memories: readonly string[],
): Leak[] {
  const mayChange = (file: string) =>
    check.declared.some(
      (name) => file === name.replace(/\/$/, '') || (name.endsWith('/') && file.startsWith(name)),
    );
  const now = fingerprint(root);
  const leaks: Leak[] = [];
  for (const [file, digest] of now) {
    if (mayChange(file)) continue;
    const old = before.get(file);
    if (old === undefined)
      leaks.push({ file, kind: 'unexpected', message: 'left behind; no step declares it' });
    else if (old !== digest) leaks.push({ file, kind: 'changed', message: 'changed; no step declares that' });
  }
  for (const file of before.keys()) {
    if (!now.has(file) && !mayChange(file)) {
      leaks.push({ file, kind: 'removed', message: 'removed; no step declares that' });
    }
  }
  for (const memory of memories) leaks.push(...looseModes(root, memory));
  leaks.push(...holdersOf(root, root, check.secrets));
  return leaks;
}
