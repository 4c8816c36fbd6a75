/** Debian's packages: which ones a recipe needs today, and the locked ones brought and unpacked. Uses apt and dpkg-deb. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ImageLock, LockedPackage, Use } from './lock';
import { type Archive, packagesDigest, type Recipe } from './recipe';

/** Runs a program to its end and gives what it printed. Throws Error with its last line when it fails. */
export function run(
  program: string,
  words: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string; input?: string | Buffer } = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    ...options,
    env: { ...process.env, LC_ALL: 'C', ...options.env },
    encoding: 'utf8',
    maxBuffer: 256 << 20,
  });
  if (status === 0) return stdout;
  const last = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
  throw new Error(`${basename(program)} failed: ${last || `status ${status}`}`);
}

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Settings of apt that touch nothing of this machine: its own lists, an empty status, no recommended packages. */
function aptSettings(folder: string, archives: readonly Archive[]): NodeJS.ProcessEnv {
  for (const name of ['state/lists/partial', 'cache/archives/partial', 'etc/parts'])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'status'), '');
  const sources = archives.map(
    ({ url, suite }) => `deb [arch=amd64 signed-by=${KEYRING}] ${url} ${suite} main\n`,
  );
  writeFileSync(join(folder, 'etc/sources.list'), sources.join(''));
  const settings = {
    'Dir::State': join(folder, 'state'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Etc::sourcelist': join(folder, 'etc/sources.list'),
    'Dir::Etc::sourceparts': join(folder, 'etc/parts'),
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': join(folder, 'etc/parts'),
    'APT::Architecture': 'amd64',
    'APT::Architectures': 'amd64',
    'APT::Install-Recommends': 'false',
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::ForceHash': 'sha256',
    'Acquire::Retries': '2',
  };
  const text = Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`);
  writeFileSync(join(folder, 'apt.conf'), text.join(''));
  return { APT_CONFIG: join(folder, 'apt.conf') };
}

/** One line of `apt-get --print-uris`: 'ADDRESS' NAME_VERSION_ARCH.deb SIZE SHA256:DIGEST. */
function lockedPackage(line: string, archives: readonly Archive[], use: Use): LockedPackage {
  const [, address = '', label = '', size = '', sha256 = ''] =
    /^'([^']+)' (\S+) (\d+) SHA256:([0-9a-f]{64})$/.exec(line) ?? [];
  const archive = archives.find(({ url }) => address.startsWith(`${url}/`));
  if (archive === undefined) throw new Error(`apt names a package that cannot be locked: ${line}`);
  const [name = '', version = ''] = label.split('_');
  const file = address.slice(archive.url.length + 1);
  return {
    name,
    version: decodeURIComponent(version),
    use: [use],
    archive: archive.name,
    file,
    size: Number(size),
    sha256,
    needs: [],
    licenses: [],
  };
}

/** Asks the archives, whose lists apt verifies, which packages the recipe needs today. What these say of themselves is not read yet. */
export function resolvePackages(recipe: Recipe, folder: string): ImageLock {
  if (!existsSync(KEYRING))
    throw new RangeError('the keys of Debian’s archive are missing: install debian-archive-keyring');
  const { archives } = recipe;
  const env = aptSettings(folder, archives);
  run('apt-get', ['update', '-q=2', '-o', 'APT::Update::Error-Mode=any'], { env });
  const lines = (...words: string[]) =>
    run('apt-get', ['-q=2', '--print-uris', ...words], { env })
      .trim()
      .split('\n');
  const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);
  const leftOut = new Set(names(recipe.left_out));
  const withNeeds = (use: Use, wanted: readonly string[]) =>
    lines('install', ...wanted).map((line) => lockedPackage(line, archives, use));
  const room = withNeeds('room', names(recipe.packages));
  const idle = [...leftOut].filter((name) => !room.some((each) => each.name === name));
  if (idle.length > 0) throw new RangeError(`recipe.yaml: left_out: nothing asks for ${idle.join(', ')}`);
  // The package without a number only names the current one.
  const kernels = withNeeds('kernel', [recipe.kernel.package]).filter(({ name }) =>
    /^linux-image-[0-9]/.test(name),
  );
  const boot = lines('download', ...names(recipe.boot)).map((line) => lockedPackage(line, archives, 'boot'));
  const found = new Map<string, LockedPackage>();
  for (const each of [
    ...room.filter(({ name }) => !leftOut.has(name)),
    ...kernels,
    ...boot,
    ...withNeeds('tools', names(recipe.tools)),
  ]) {
    const known = found.get(each.name);
    found.set(each.name, known ? { ...known, use: [...known.use, ...each.use] } : each);
  }
  return {
    format: 'mks-image-lock/2',
    time: timeOf(folder),
    recipe: packagesDigest(recipe),
    packages: [...found.values()],
  };
}

/** The newest date of the archives' lists. */
function timeOf(folder: string): string {
  const lists = join(folder, 'state/lists');
  const dates = readdirSync(lists)
    .filter((name) => name.endsWith('InRelease'))
    .map((name) => /^Date: (.+)$/m.exec(readFileSync(join(lists, name), 'utf8'))?.[1] ?? '');
  const newest = Math.max(...dates.map((date) => Date.parse(date)));
  return new Date(newest).toISOString().replace('.000Z', 'Z');
}

const sha256Of = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Brings the locked packages into a folder. Returns the names of those that the archives no longer have. */
export function bringPackages(
  packages: readonly LockedPackage[],
  archives: readonly Archive[],
  folder: string,
): string[] {
  mkdirSync(folder, { recursive: true });
  const helper = '/usr/lib/apt/apt-helper';
  if (!existsSync(helper)) throw new RangeError('this machine has no apt: build on Debian or Ubuntu');
  const missing = packages.filter(({ sha256 }) => !existsSync(join(folder, `${sha256}.deb`)));
  return missing.flatMap(({ name, archive, file, sha256 }) => {
    const at = archives.find((each) => each.name === archive);
    if (at === undefined) throw new RangeError(`lock.yaml: ${name}: no archive "${archive}" in recipe.yaml`);
    const part = join(folder, `${sha256}.part`);
    rmSync(part, { force: true });
    const words = ['-o', 'APT::Sandbox::User=root', 'download-file', `${at.url}/${file}`, part];
    const { status } = spawnSync(helper, [...words, `SHA256:${sha256}`], { stdio: 'ignore' });
    if (status !== 0) return [name];
    renameSync(part, join(folder, `${sha256}.deb`));
    return [];
  });
}

/** Unpacks packages of one use into a folder. No script of theirs is run. Throws RangeError when one is not what is locked. */
export function unpack(lock: ImageLock, use: Use, folder: string, into: string): void {
  mkdirSync(into, { recursive: true });
  for (const { name, sha256, use: used } of lock.packages) {
    if (!used.includes(use)) continue;
    const file = join(folder, `${sha256}.deb`);
    if (sha256Of(file) !== sha256) throw new RangeError(`${file}: is not ${name} as it is locked; delete it`);
    run('dpkg-deb', ['--extract', file, into]);
  }
}
