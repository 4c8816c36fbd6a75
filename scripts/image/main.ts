/** `npm run image`: builds the image of the room's machine, or renews its lock. */
import { existsSync, mkdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { printError, printOut } from '../common/terminal';
import { makeKit } from '../kit/kit';
import { readLock } from '../kit/lock';
import { commitOf } from '../tabletop/report/summary';
import { buildImage } from './build';
import { readFacts } from './facts';
import { type ImageLock, lockChanges, lockFile, lockText, readImageLock, writeImageLock } from './lock';
import { bringPackages, resolvePackages } from './packages';
import { packagesDigest, type Recipe, readRecipe } from './recipe';

const ROOT = resolve(__dirname, '../..');

const USAGE = `npm run image -- [options]

Builds the image of the machine in the ceremony room, build-image/room.iso, from
scripts/image/recipe.yaml and the packages of scripts/image/lock.yaml, and beside
it sbom.cdx.json, its bill of materials (CycloneDX 1.6). The same lock, commit
and kit give the same bytes in every folder. Needs apt and dpkg-deb
of Debian or Ubuntu on amd64, and no rights; all else comes out of the lock.

Options:
  --out FOLDER        where the image goes (default build-image/)
  --packages FOLDER   where packages are kept (default build-image/packages/)
  --kit FOLDER        this kit goes into the image; without it one is made, without the site
  --mirror URL        another archive of Debian, such as a snapshot that has the locked packages
  --lock FILE         another lock (default scripts/image/lock.yaml)
  --update            renew the lock from the archives of today, say what changed, build nothing
  --help              this text

It ends with 3 when the archives no longer have a locked package, and says which
packages they have instead.

Example:
  npm run image -- --kit kit
`;

class Refused extends Error {
  constructor(
    message: string,
    readonly hint: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

const say = (message: string) => printOut(`image: ${message}\n`);

/** A digest in groups of four, as it is read aloud. */
const aloud = (digest: string) => (digest.match(/.{4}/g) ?? []).join(' ');

/** The recipe, with the archive of Debian at another address. */
function recipeFor(mirror: string | undefined): Recipe {
  const recipe = readRecipe(ROOT);
  if (mirror === undefined) return recipe;
  const [first, ...others] = recipe.archives;
  return first ? { ...recipe, archives: [{ ...first, url: mirror.replace(/\/$/, '') }, ...others] } : recipe;
}

/** Brings what is locked. Where the archives have moved on, says which packages differ today. */
function bring(recipe: Recipe, lock: ImageLock, packages: string, out: string): void {
  const gone = bringPackages(lock.packages, recipe.archives, packages);
  if (gone.length === 0) return;
  try {
    for (const change of lockChanges(lock, resolvePackages(recipe, join(out, 'apt')))) say(`today ${change}`);
  } catch (error) {
    say(`the archives do not answer: ${(error as Error).message}`);
  }
  throw new Refused(
    `the archives have no ${gone.join(', ')} as in the lock`,
    `--update renews the lock; --mirror URL takes a snapshot of ${lock.time.slice(0, 10)}`,
    3,
  );
}

function update(recipe: Recipe, file: string, packages: string, out: string): void {
  const before = existsSync(file) ? readImageLock(file) : undefined;
  const found = resolvePackages(recipe, join(out, 'apt'));
  bring(recipe, found, packages, out);
  const after = readFacts(found, packages, out);
  // A lock of the same packages keeps its date, and so the image its bytes.
  const same = before !== undefined && lockText({ ...after, time: before.time }) === lockText(before);
  if (!same) writeImageLock(file, after);
  for (const change of lockChanges(before, after)) say(change);
  say(same ? 'the lock has not changed' : 'the lock is new: build, compare, commit');
}

async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      out: { type: 'string', default: 'build-image' },
      packages: { type: 'string' },
      kit: { type: 'string' },
      mirror: { type: 'string' },
      lock: { type: 'string' },
      update: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    printOut(USAGE);
    return;
  }
  // Folders are meant as seen from where npm was called.
  const from = process.env.INIT_CWD ?? process.cwd();
  const out = resolve(from, values.out);
  const packages = values.packages === undefined ? join(out, 'packages') : resolve(from, values.packages);
  mkdirSync(out, { recursive: true });
  const recipe = recipeFor(values.mirror);
  const file = values.lock === undefined ? lockFile(ROOT) : resolve(from, values.lock);
  if (values.update) {
    update(recipe, file, packages, out);
    return;
  }
  const kit = values.kit === undefined ? join(out, 'kit') : resolve(from, values.kit);
  if (values.kit === undefined) {
    say('the kit, without the site');
    await makeKit({ root: ROOT, out: kit, site: false });
  } else if (!existsSync(join(kit, 'KIT.json')))
    throw new Refused(`${values.kit}: is no kit`, 'npm run kit makes one');
  say('packages of the lock');
  const lock = readImageLock(file);
  if (lock.recipe !== packagesDigest(recipe))
    throw new Refused('the lock is not of this recipe', '--update makes a lock of it');
  bring(recipe, lock, packages, out);
  const { version = '' } = readLock(ROOT).packages[''] ?? {};
  const { commit, dirty } = commitOf(ROOT);
  const state = dirty ? ', with changes that are not committed' : '';
  const name = `Room of the MasterKey Runbook ${version}, commit ${commit.slice(0, 12)}${state}`;
  const image = buildImage({ root: ROOT, lock, out, packages, kit, name, version, progress: say });
  const { sha256, bytes, bill } = image;
  say(`${relative(from, image.file)}: ${(bytes / 1e6).toFixed(0)} MB`);
  say(`${relative(from, bill.file)}: what it is made of; SHA-256 ${bill.sha256}`);
  say('SHA-256 of the image, to be written down and read aloud by two people:');
  printOut(`${sha256}\n${aloud(sha256)}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const { message, code } = error as NodeJS.ErrnoException;
  const wrongUse = code?.startsWith('ERR_PARSE_ARGS') ?? false;
  const hint = error instanceof Refused ? error.hint : 'npm run image -- --help explains the options';
  printError(`image: error: ${message.split('\n')[0]}\nimage: hint: ${hint}\n`);
  process.exitCode = wrongUse ? 2 : error instanceof Refused ? error.status : 1;
});
