/** The lock of the image: every package with version and SHA-256, what it is for, its licenses, and what changed between two locks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readBySchema } from '../../src/deployment/read-by-schema';
import { imageFolder } from './recipe';

/** What a package is for: unpacked into the room, its kernel, its boot loader, or what builds it. */
export const uses = ['room', 'kernel', 'boot', 'tools'] as const;
export type Use = (typeof uses)[number];

const schema = z.strictObject({
  format: z.literal('mks-image-lock/2'),
  /** Time of the archive's lists, which dates every file of the image. */
  time: z.iso.datetime(),
  /** Digest of what the recipe asked for. */
  recipe: z.string().regex(/^[0-9a-f]{64}$/),
  packages: z.array(
    z.strictObject({
      name: z.string(),
      version: z.string(),
      use: z.array(z.enum(uses)).min(1),
      archive: z.string(),
      file: z.string().regex(/^pool\/[\w.+~%/-]+\.deb$/),
      size: z.int().positive(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      /** Locked packages that it needs. */
      needs: z.array(z.string()),
      /** Names of licenses in its copyright file; empty where that is free text. */
      licenses: z.array(z.string()),
    }),
  ),
});

export type ImageLock = z.infer<typeof schema>;
export type LockedPackage = ImageLock['packages'][number];

/** Whether a package is in the image: what has no use but as a tool only builds it. */
export const isInImage = ({ use }: LockedPackage): boolean => use.some((each) => each !== 'tools');

/** Where the lock of a project is. */
export const lockFile = (root: string): string => join(imageFolder(root), 'lock.yaml');

/** Reads a lock; `file` names it in messages. Throws InvalidInput with the line of each mistake. */
export const parseImageLock = (text: string, file = 'lock.yaml'): ImageLock =>
  readBySchema(text, file, schema).data;

/** Reads the lock in a file. */
export const readImageLock = (file: string): ImageLock => parseImageLock(readFileSync(file, 'utf8'), file);

/** The text of a lock, one line a package, so that a difference of two shows packages. */
export function lockText({ format, time, recipe, packages }: ImageLock): string {
  const lines = [...packages]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      ({ name, version, use, archive, file, size, sha256, needs, licenses }) =>
        `  - { name: ${name}, version: "${version}", use: [${use.join(', ')}], archive: ${archive}, file: "${file}", size: ${size}, sha256: "${sha256}", needs: [${needs.join(', ')}], licenses: ${JSON.stringify(licenses)} }`,
    );
  return [
    '# Every package of the image and of what builds it: made by npm run image -- --update.',
    `format: ${format}`,
    `time: "${time}"`,
    `recipe: "${recipe}"`,
    'packages:',
    ...lines,
    '',
  ].join('\n');
}

/** Stores a lock in a file. */
export const writeImageLock = (file: string, lock: ImageLock): void => writeFileSync(file, lockText(lock));

/** What is another package in the second lock, one line each; empty when both name the same. */
export function lockChanges(before: ImageLock | undefined, after: ImageLock): string[] {
  const old = new Map(before?.packages.map((each) => [each.name, each]));
  const now = new Map(after.packages.map((each) => [each.name, each]));
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((name) => {
    const [from, to] = [old.get(name), now.get(name)];
    if (from === undefined) return [`new: ${name} ${to?.version}`];
    if (to === undefined) return [`gone: ${name} ${from.version}`];
    if (from.version !== to.version) return [`changed: ${name} ${from.version} → ${to.version}`];
    if (from.sha256 !== to.sha256) return [`other bytes under the same version: ${name} ${to.version}`];
    return [];
  });
}
