/**
 * Starts a program as an operator's machine would: as root or as an ordinary user, with a /dev/shm of its own, so that
 * what pages do there meets nobody else's files (mount_namespaces(7), user_namespaces(7)).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { lookUpTool } from './tools';

export type User = 'root' | 'ordinary';

/** Who an ordinary user is when the drill runs as root: `nobody`, who owns nothing. */
export const ordinaryId = 65_534;

const isRoot = () => process.getuid?.() === 0;

/** User and group id that a program runs under, as the file system outside sees them. */
export const idOf = (user: User): number =>
  isRoot() ? (user === 'root' ? 0 : ordinaryId) : (process.getuid?.() ?? ordinaryId);

/** Mounts `shm` over /dev/shm, with the folder around it in its place when that lies in /dev/shm too. */
const mounts = (path: string) => `set -e
own=$PATH
PATH='${path.replaceAll("'", "'\\''")}'
if [ "\${1#/dev/shm/}" != "$1" ]; then
  mkdir -p "$2/\${1#/dev/shm/}"
  mount --bind "$1" "$2/\${1#/dev/shm/}"
fi
mount --rbind "$2" /dev/shm
shift 2
PATH=$own
exec "$@"`;

/**
 * Words that start a program as `user`, who finds the folder `shm` at /dev/shm. `root` is the folder that holds it and
 * that stays where it is. Throws Error when a program for that is not installed.
 */
export function launcher(user: User, root: string, shm: string): string[] {
  const find = (name: string) => {
    const file = lookUpTool(name);
    if (file === undefined) throw new Error(`${name} is not installed`);
    return file;
  };
  const id = idOf(user);
  const become =
    user === 'root'
      ? []
      : isRoot()
        ? [find('setpriv'), `--reuid=${id}`, `--regid=${id}`, '--clear-groups']
        : [find('unshare'), '--user', `--map-user=${id}`, `--map-group=${process.getgid?.() ?? id}`];
  const space = isRoot() ? [] : ['--user', '--map-root-user'];
  return [
    find('unshare'),
    ...space,
    '--mount',
    '--propagation',
    'private',
    find('sh'),
    '-c',
    mounts(process.env.PATH ?? ''),
    'sh',
    root,
    shm,
    ...become,
  ];
}

let offline: readonly string[] | undefined;

/**
 * Words that start a program without any network (network_namespaces(7)); none where this machine allows no such thing.
 * Tried once.
 */
export function offlineWords(): readonly string[] {
  if (offline) return offline;
  const unshare = lookUpTool('unshare');
  const [node, script] = [process.execPath, 'process.exit(0)'];
  const words = [unshare ?? '', ...(isRoot() ? [] : ['--user', '--map-current-user']), '--net'];
  const [program = '', ...more] = words;
  const works = unshare !== undefined && spawnSync(program, [...more, node, '-e', script]).status === 0;
  offline = works ? words : [];
  return offline;
}

/** Why this machine cannot start a program so, in one line, or undefined. Tried once a user. */
export function launchUnavailable(user: User): string | undefined {
  const known = tried.get(user);
  if (known) return known.reason;
  const root = mkdtempSync(join(tmpdir(), 'launch-'));
  const shm = join(root, 'shm');
  mkdirSync(shm, { mode: 0o1777 });
  let reason: string | undefined;
  try {
    const [program = '', ...words] = launcher(user, root, shm);
    const node = process.execPath;
    const { status, stderr } = spawnSync(
      program,
      [...words, node, '-e', `require(${JSON.stringify(join(__dirname, '../../../package.json'))})`],
      {
        encoding: 'utf8',
        cwd: '/',
      },
    );
    if (status !== 0) reason = stderr.trim().split('\n')[0] || `${basename(program)} ended with ${status}`;
  } catch (error) {
    reason = (error as Error).message;
  } finally {
    rmdirSync(shm);
    rmdirSync(root);
  }
  tried.set(user, { reason });
  return reason;
}
const tried = new Map<User, { readonly reason: string | undefined }>();
