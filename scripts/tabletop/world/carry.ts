/** What crosses from one place to another: files that a step names, and never plain text. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesFile } from '../../../src/procedure/rules/places';
import type { Step } from '../../../src/procedure/steps/step';
import type { PlaceKind } from '../../../src/procedure/vocabulary/places';
import { looksLikePlain } from '../secrets/leaks';
import { type Secret, secretFinder } from '../secrets/secrets';

/** The places of a room, as far as something is carried between them. */
export interface Ways {
  /** The working folder at a place. */
  readonly folderAt: (place: string) => string;
  /** Where files that come to a place are saved there. */
  readonly receivedAt: (place: string) => string;
  /** The places of a kind that a step is about. */
  readonly placesOf: (kind: PlaceKind, step: Step) => readonly string[];
}

const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** What a file holds that must not leave its place, in one word; undefined where it may. */
export function plainIn(bytes: Buffer, find: (bytes: Buffer) => string[]): string | undefined {
  const [secret] = find(bytes);
  if (secret !== undefined) return `the ${secret}`;
  if (looksLikePlain(bytes)) return 'text of a shard';
  return privateKey.test(bytes.toString('latin1')) ? 'a private key' : undefined;
}

/** Folder of a home into which files are saved that come from another place before a folder in memory is open. */
const receivedFolder = 'received';

/** Where files that come to a place are saved, of which the home and the working folder are these. */
export function savedIn(folder: string, home: string): string {
  if (statSync(folder).ino !== statSync(home).ino) return folder;
  // Files of the same names may lie in a home folder: nobody saves others among them.
  mkdirSync(join(home, receivedFolder), { recursive: true, mode: 0o700 });
  return join(home, receivedFolder);
}

/** A file on its way. */
export interface OnItsWay {
  readonly place: string;
  readonly file: string;
  readonly bytes: Buffer;
}

/** Saves files in the folders of other places. Throws RangeError, in one sentence, when one holds what must not leave its place: then none is saved. */
export function handOn(
  files: readonly OnItsWay[],
  folders: () => readonly string[],
  secrets: readonly Secret[],
): void {
  const find = secretFinder(secrets);
  for (const { place, file, bytes } of files) {
    const plain = plainIn(bytes, find);
    if (plain !== undefined)
      throw new RangeError(`${file} holds ${plain}, and nothing leaves ${place} in clear`);
  }
  for (const folder of folders())
    for (const { file, bytes } of files) writeFileSync(join(folder, file), bytes, { mode: 0o600 });
}

/** Carries what a step names. Throws RangeError, in one sentence, when a file is not there, or holds what must not leave its place. */
export function carry(
  { folderAt, receivedAt, placesOf }: Ways,
  step: Step,
  secrets: readonly Secret[],
): void {
  const { crossing } = step;
  if (!crossing) return;
  for (const name of crossing.files) {
    const found = placesOf(crossing.from, step).flatMap((place) => {
      const folder = folderAt(place);
      return readdirSync(folder)
        .filter((file) => namesFile(name, file))
        .map((file) => ({ place, file, bytes: readFileSync(join(folder, file)) }));
    });
    if (found.length === 0) throw new RangeError(`there is no ${name} at ${crossing.from} to be carried`);
    handOn(found, () => placesOf(crossing.to, step).map(receivedAt), secrets);
  }
}
