/**
 * Cleans up when the drill itself is killed: a small process that reads what to end and what to remove, and acts
 * when its input closes. Also after `kill -9` there is then no process and no plaintext left.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { findTool } from './tools';

const script = `
watched=
while IFS= read -r line; do
  case $line in
    +*) watched="$watched\${line#+}"$'\\n' ;;
    -*) watched=\${watched//"\${line#-}"$'\\n'/} ;;
  esac
done
while IFS= read -r line; do
  case $line in
    'server '*)
      read -r pid <"\${line#server }" || continue
      kill -QUIT "$pid" 2>/dev/null
      for _ in {1..40}; do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.05
      done
      kill -KILL "$pid" 2>/dev/null
      ;;
    'group '*) kill -KILL -- "-\${line#group }" 2>/dev/null ;;
    'folder '*)
      for environ in $(grep -alsF -- "HOME=\${line#folder }" /proc/[0-9]*/environ 2>/dev/null); do
        pid=\${environ#/proc/}
        kill -KILL "\${pid%/environ}" 2>/dev/null
      done
      rm -rf -- "\${line#folder }"
      ;;
  esac
done <<<"$watched"
`;

let watchdog: ChildProcess | undefined;

function tell(line: string): void {
  if (!watchdog || watchdog.exitCode !== null || watchdog.signalCode !== null) {
    watchdog = spawn(findTool('bash'), ['--noprofile', '--norc', '-c', script], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: process.env.PATH ?? '' },
      cwd: '/',
    });
    watchdog.unref();
    (watchdog.stdin as Socket).unref();
    watchdog.stdin?.on('error', () => undefined);
  }
  watchdog.stdin?.write(`${line}\n`);
}

/** `server`: the file in which PostgreSQL keeps its process id; it gives back shared memory when it is asked to quit. */
export type Watched = { readonly group: number } | { readonly folder: string } | { readonly server: string };

const describe = (what: Watched) =>
  Object.entries(what)
    .map(([kind, value]) => `${kind} ${value}`)
    .join();

/** From now on, the end of this process ends the process group or server, or removes the folder and kills what has its HOME in it. */
export function watch(what: Watched): void {
  if (
    'folder' in what &&
    (!what.folder.startsWith('/') || what.folder.includes('\n') || what.folder.length < 5)
  ) {
    throw new RangeError(`cannot watch the folder ${JSON.stringify(what.folder)}`);
  }
  tell(`+${describe(what)}`);
}

/** It has been cleaned up in the ordinary way. */
export function unwatch(what: Watched): void {
  if (watchdog) tell(`-${describe(what)}`);
}
