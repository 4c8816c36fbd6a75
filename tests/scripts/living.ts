/** What other processes are doing, as Linux shows it (proc(5)). A process that ends while it is looked at is none. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What is found in each other living process; undefined leaves it out. `read` gives a file of its folder in /proc. */
export function processesThat<Found>(
  look: (read: (file: 'cmdline' | 'comm' | 'environ' | 'stat') => string) => Found | undefined,
): Found[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    try {
      return look((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8')) ?? [];
    } catch {
      return [];
    }
  });
}

/** Waits until something is so, and says whether it became so in time. The time is a bound, not a measure: a busy machine may take long. */
export async function becomes(isSo: () => boolean, seconds = 60): Promise<boolean> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await sleep(20))
    if (isSo()) return true;
  return isSo();
}
