/** The folder that becomes the system of the room: packages without what the recipe takes out, files, settings and the kit. */
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { imageFolder, type Recipe } from './recipe';

/** Every entry below a folder, folders after what is in them. */
function* entries(folder: string): Generator<string> {
  for (const each of readdirSync(folder, { withFileTypes: true })) {
    const at = join(folder, each.name);
    if (each.isDirectory()) yield* entries(at);
    yield at;
  }
}

/** Names below a folder that a path with `*` in its parts names. */
function matching(folder: string, [part, ...rest]: readonly string[]): string[] {
  if (part === undefined) return [folder];
  if (!existsSync(folder) || !lstatSync(folder).isDirectory()) return [];
  const pattern = new RegExp(`^${part.replace(/[.]/g, '\\.').replaceAll('*', '.*')}$`);
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .flatMap((name) => matching(join(folder, name), rest));
}

/** Takes out what the recipe says. Throws RangeError for a line that takes nothing out. */
export function prune(root: string, rules: Recipe['remove']): void {
  for (const { path, except } of rules) {
    const found = matching(root, path.split('/')).filter((file) => !except || !file.endsWith(`/${except}`));
    if (found.length === 0) throw new RangeError(`recipe.yaml: remove: nothing is at ${path}`);
    for (const file of found) rmSync(file, { recursive: true });
  }
}

/** Programs that may act as root whoever starts them. */
const SETUID = ['usr/bin/mount', 'usr/bin/umount'];

/** Same rights everywhere: nobody but root writes, and no other program than those of SETUID acts as root. */
export function plainModes(root: string): void {
  for (const file of [...entries(root), root]) {
    const { mode } = lstatSync(file);
    if (lstatSync(file).isSymbolicLink()) continue;
    const right = SETUID.some((name) => file === join(root, name)) ? 0o4755 : mode & 0o111 ? 0o755 : 0o644;
    chmodSync(file, right);
  }
}

/** Gives everything in a folder, and the folder, one date. */
export function dateAll(folder: string, seconds: number): void {
  for (const file of [...entries(folder), folder]) lutimesSync(file, seconds, seconds);
}

/** Folders that the start fills, or mounts something at. */
const FOLDERS = ['dev', 'proc', 'sys', 'run', 'tmp', 'home', 'opt', 'usr/local/bin', 'usr/lib/room'];

/** Names of programs that no package gives without its scripts. */
const LINKS: Readonly<Record<string, string>> = {
  'usr/bin/sh': 'bash',
  'usr/bin/awk': 'mawk',
  'usr/sbin/init': '../bin/busybox',
  'usr/local/bin/sss': '/opt/kit/sss.cjs',
  'etc/mtab': '/proc/self/mounts',
};

/** Adds the files of the recipe, its settings, the kit, and the name that the operator reads first. */
export function furnishRoom(project: string, root: string, recipe: Recipe, kit: string, name: string): void {
  for (const folder of FOLDERS) mkdirSync(join(root, folder), { recursive: true });
  for (const [link, to] of Object.entries(LINKS)) {
    rmSync(join(root, link), { force: true });
    symlinkSync(to, join(root, link));
  }
  for (const { from, to, mode } of recipe.files) {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    writeFileSync(join(root, to), readFileSync(join(imageFolder(project), 'files', from)));
    chmodSync(join(root, to), Number.parseInt(mode, 8));
  }
  writeFileSync(join(root, 'etc/hostname'), 'room\n');
  writeFileSync(join(root, 'usr/lib/room/name'), `${name}\n`);
  writeFileSync(join(root, 'usr/lib/room/settings'), recipe.settings.map(({ set }) => `${set}\n`).join(''));
  cpSync(kit, join(root, 'opt/kit'), { recursive: true });
}
