/** Finds the sandboxes of drills that were killed. Each names its owner: process id and start time, as ids are used again. */
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Start time in clock ticks since boot (proc(5)); empty where there is no /proc, or no such process. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Says in the folder that this process uses it. */
export function writeOwner(folder: string): void {
  writeFileSync(join(folder, 'owner'), `${process.pid} ${startTime(process.pid)}\n`, { mode: 0o600 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Time in which a folder may be without an owner: it is just being made. */
const graceMilliseconds = 60_000;

/** True when nobody uses the folder any more. */
export function isStale(folder: string): boolean {
  try {
    const [pid, started] = readFileSync(join(folder, 'owner'), 'utf8').trim().split(' ');
    return !isAlive(Number(pid)) || startTime(Number(pid)) !== (started ?? '');
  } catch {
    return Date.now() - lstatSync(folder).mtimeMs > graceMilliseconds;
  }
}

/** Ends what still runs with its HOME in the folder. */
function endProcesses(folder: string): void {
  let pids: string[] = [];
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  } catch {
    // Without /proc there is nothing to go by.
  }
  for (const pid of pids) {
    try {
      const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (variables.includes(`HOME=${join(folder, 'home')}`)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // Somebody else's process, or gone by now.
    }
  }
}

/** Removes stale sandboxes, only this user's own. Returns what was removed. */
export function sweepSandboxes(
  parents: readonly string[],
  prefix: string,
  remove: (folder: string) => void,
): string[] {
  const removed: string[] = [];
  for (const parent of parents) {
    for (const name of readdirSync(parent)) {
      const folder = join(parent, name);
      try {
        const status = lstatSync(folder);
        const own = status.isDirectory() && status.uid === process.getuid?.();
        if (!name.startsWith(prefix) || !own || !isStale(folder)) continue;
        endProcesses(folder);
        remove(folder);
        removed.push(folder);
      } catch {
        // Another drill has swept it in the meantime.
      }
    }
  }
  return removed;
}
