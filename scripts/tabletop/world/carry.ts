/** What crosses from one place to another: files that a step names, and never plain text. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
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

/** What must not leave a place, in one word; undefined where it may. */
function plainIn(bytes: Buffer, find: (bytes: Buffer) => string[]): string | undefined {
  const [secret] = find(bytes);
  if (secret !== undefined) return `the ${secret}`;
  if (looksLikePlain(bytes)) return 'text of a shard';
  return privateKey.test(bytes.toString('latin1')) ? 'a private key' : undefined;
}

/** Carries what a step names. Throws RangeError, in one sentence, when a file is not there, or holds what must not leave its place. */
export function carry(
  { folderAt, receivedAt, placesOf }: Ways,
  step: Step,
  secrets: readonly Secret[],
): void {
  const { crossing } = step;
  if (!crossing) return;
  const find = secretFinder(secrets);
  for (const name of crossing.files) {
    const found = placesOf(crossing.from, step).flatMap((place) => {
      const folder = folderAt(place);
      return readdirSync(folder)
        .filter((file) => namesFile(name, file))
        .map((file) => ({ place, file, bytes: readFileSync(join(folder, file)) }));
    });
    if (found.length === 0) throw new RangeError(`there is no ${name} at ${crossing.from} to be carried`);
    for (const { place, file, bytes } of found) {
      const plain = plainIn(bytes, find);
      if (plain !== undefined)
        throw new RangeError(`${file} holds ${plain}, and nothing leaves ${place} in clear`);
      for (const target of placesOf(crossing.to, step))
        writeFileSync(join(receivedAt(target), file), bytes, { mode: 0o600 });
    }
  }
}
