/** The machines on which a page must keep its promises: every kind of home that an operator may really have. */
import { existsSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { launchUnavailable, type User } from './namespaces';

/** Where XDG_RUNTIME_DIR leads: nowhere, as after `su -`; to a disk; to memory, as after a login. */
export const runtimes = ['unset', 'disk', 'right'] as const;
export type Runtime = (typeof runtimes)[number];

export interface Home {
  readonly runtime: Runtime;
  readonly user: User;
  /** The shell stays open, or is closed in the middle of the page and before the folder is wiped. */
  readonly shell: 'kept' | 'reopened';
  /** The variables of the environment say nothing, or what an operator may have set for other work. */
  readonly variables: 'plain' | 'hostile';
}

/** Every pair of values of any two of its columns occurs in one of the homes. */
export const homes: readonly Home[] = [
  { runtime: 'unset', user: 'root', shell: 'kept', variables: 'hostile' },
  { runtime: 'unset', user: 'ordinary', shell: 'reopened', variables: 'plain' },
  { runtime: 'disk', user: 'root', shell: 'reopened', variables: 'hostile' },
  { runtime: 'disk', user: 'ordinary', shell: 'kept', variables: 'plain' },
  { runtime: 'right', user: 'root', shell: 'reopened', variables: 'plain' },
  { runtime: 'right', user: 'ordinary', shell: 'kept', variables: 'hostile' },
];

/** As tests and reports call a home. */
export const nameOf = ({ runtime, user, shell, variables }: Home): string =>
  `XDG_RUNTIME_DIR ${runtime}, ${user} user, shell ${shell}, ${variables} variables`;

/** tmpfs and ramfs, as statfs(2) numbers them. */
const memoryTypes = [0x01021994, 0x858458f6];

/** True for a folder whose files lie in memory. */
export const isMemory = (folder: string): boolean => memoryTypes.includes(statfsSync(folder).type);

const project = resolve(__dirname, '../../..');

/** A folder whose files lie on a disk, or undefined where this machine has none. */
export const onDisk = (): string | undefined =>
  [tmpdir(), resolve(project, 'node_modules/.cache'), project].find(
    (folder) => existsSync(folder) && !isMemory(folder),
  );

/** Why this machine cannot show a home, in one line, or undefined. */
export function homeUnavailable({ runtime, user }: Home): string | undefined {
  if (!existsSync('/dev/shm') || !isMemory('/dev/shm')) return '/dev/shm is no memory here';
  if (runtime === 'disk' && onDisk() === undefined) return 'every folder of this machine lies in memory';
  return launchUnavailable(user);
}
