/** Site and printed edition of the kit: newer than what they are made from, and exactly what their digests say. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf } from '../ship/csp';

/** What the site is made from. */
const SOURCES = [
  'approvals.yaml',
  'attestations.yaml',
  'decisions.yaml',
  'deployment.yaml',
  'docs',
  'docusaurus.config.ts',
  'package-lock.json',
  'scripts/build.ts',
  'scripts/ship/csp.ts',
  'scripts/ship',
  'sidebars.ts',
  'src',
  'static',
  'tests/cases',
];

/** Newest change of a file or of anything in a folder; folders count, so that a deleted file is noticed. */
function changed(path: string): number {
  const own = statSync(path);
  if (!own.isDirectory()) return own.mtimeMs;
  const within = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return Math.max(own.mtimeMs, ...within.map((name) => statSync(join(path, name)).mtimeMs));
}

/** Whether build/ is there, and whether a source changed after it was finished. */
export function siteState(root: string): 'missing' | 'stale' | 'fresh' {
  // The digests are the last file that a build writes.
  const finished = join(root, 'build', 'SHA256SUMS');
  if (!existsSync(finished)) return 'missing';
  const built = statSync(finished).mtimeMs;
  const newer = SOURCES.some((name) => existsSync(join(root, name)) && changed(join(root, name)) > built);
  return newer ? 'stale' : 'fresh';
}

/** Runs `npm run build` for a site that lies in a folder. Returns whether it worked; it says itself why not. */
export function buildSite(root: string): boolean {
  const { SITE_BASE: _, ...env } = process.env;
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  return status === 0;
}

/**
 * The files of a folder that another command made: `build` or `print`.
 * @throws RangeError when a file is not what the folder's SHA256SUMS says, is not named there, or is named and missing.
 */
export function checkedFiles(root: string, folder: 'build' | 'print'): string[] {
  const wrong = (name: string, what: string) =>
    new RangeError(`${folder}/${name}: ${what}; somebody changed it after npm run ${folder}`);
  const list = join(root, folder, 'SHA256SUMS');
  if (!existsSync(list)) throw wrong('SHA256SUMS', 'missing');
  const sums = readFileSync(list, 'utf8').split('\n').slice(0, -1);
  const listed = new Map(sums.map((line) => [line.slice(66), line.slice(0, 64)]));
  const files = filesOf(join(root, folder));
  for (const name of files) {
    if (name === 'SHA256SUMS') continue;
    const wanted = listed.get(name);
    if (wanted === undefined) throw wrong(name, `not in ${folder}/SHA256SUMS`);
    const found = createHash('sha256')
      .update(readFileSync(join(root, folder, name)))
      .digest('hex');
    if (found !== wanted) throw wrong(name, `does not have the digest in ${folder}/SHA256SUMS`);
    listed.delete(name);
  }
  for (const name of listed.keys()) throw wrong(name, `in ${folder}/SHA256SUMS, but missing`);
  return files;
}

/** @throws RangeError when the printed edition is older than the site: a kit holds one edition. */
export function refuseOldPrint(root: string): void {
  const sums = (folder: string) => join(root, folder, 'SHA256SUMS');
  const made = (folder: string) => statSync(sums(folder)).mtimeMs;
  // A site that links its printed edition was written after it, and has the same one inside.
  const linked = sums('build/print');
  if (existsSync(linked) && readFileSync(linked).equals(readFileSync(sums('print')))) return;
  if (made('print') < made('build'))
    throw new RangeError('print/ is older than build/; run npm run print, or remove print/');
}
