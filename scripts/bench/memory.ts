/** How much memory this process and everything that it has started hold at most, by /proc (proc(5)). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Resident memory of a process in MiB, shared pages by their share; 0 where it has ended. */
function mebibytes(pid: number): number {
  try {
    const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return Number(kibibytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Ids of a process and its descendants. */
function family(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It has ended since.
    }
  }
  const found = [root];
  for (let at = 0; at < found.length; at++) found.push(...(children.get(found[at] as number) ?? []));
  return found;
}

/** Samples from now on. `stop` gives the largest sum in MiB; undefined where there is no /proc. */
export function watchMemory(everyMilliseconds = 200): { stop(): number | undefined } {
  if (!existsSync('/proc/self/smaps_rollup')) return { stop: () => undefined };
  let most = 0;
  const sample = () => {
    most = Math.max(
      most,
      family(process.pid).reduce((sum, pid) => sum + mebibytes(pid), 0),
    );
  };
  sample();
  const timer = setInterval(sample, everyMilliseconds);
  return {
    stop: () => {
      clearInterval(timer);
      return most;
    },
  };
}
