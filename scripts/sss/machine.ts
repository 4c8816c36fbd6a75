/** What a Linux machine can tell about its own fitness for a ceremony, read from /proc, /sys and /dev. */
import * as fs from 'node:fs';
import path from 'node:path';

/** `look`: the machine can't know, so a person must. */
export interface Item {
  item: string;
  verdict: 'pass' | 'fail' | 'look';
  found: string;
}

const verdict = (item: string, bad: readonly string[], none: string): Item => ({
  item,
  verdict: bad.length === 0 ? 'pass' : 'fail',
  found: bad.length === 0 ? none : bad.join(', '),
});

/** The items of one machine; `root` is `/` except in tests. A place that can't be read is never a pass. */
export function machineItems(root: string): Item[] {
  const text = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
  const list = (folder: string): string[] => fs.readdirSync(path.join(root, folder)).sort();
  const exists = (file: string): boolean => fs.existsSync(path.join(root, file));
  const checks: [item: string, check: (item: string) => Item][] = [
    [
      'network interfaces',
      (item) =>
        verdict(
          item,
          list('sys/class/net').filter((name) => name !== 'lo'),
          'none but the loopback',
        ),
    ],
    [
      'swap',
      (item) =>
        verdict(
          item,
          text('proc/swaps')
            .trim()
            .split('\n')
            .slice(1)
            .map((l) => l.split(/\s+/)[0] ?? ''),
          'off',
        ),
    ],
    [
      'core dumps',
      (item) => {
        const limit = /^Max core file size\s+(\S+)/m.exec(text('proc/self/limits'))?.[1];
        // A handler behind a pipe gets the core whatever the limit is.
        const piped = text('proc/sys/kernel/core_pattern').startsWith('|');
        const bad = [...(limit === '0' ? [] : [`limit ${limit}`]), ...(piped ? ['a handler is set'] : [])];
        return verdict(item, bad, 'off');
      },
    ],
    [
      'disks mounted writable',
      (item) => {
        const mounts = text('proc/self/mounts')
          .split('\n')
          .map((line) => line.split(' '));
        const bad = mounts.filter(
          ([from, , , how]) => from?.startsWith('/dev/') && /^rw(,|$)/.test(how ?? ''),
        );
        return verdict(item, [...new Set(bad.map(([, at]) => at ?? ''))], 'none');
      },
    ],
    [
      'cameras',
      (item) =>
        verdict(
          item,
          list('dev').filter((name) => /^video\d/.test(name)),
          'none',
        ),
    ],
    [
      'microphones',
      (item) => {
        // Without a sound system there is no such file; without /proc nothing is known.
        list('proc/self');
        const lines = exists('proc/asound/pcm') ? text('proc/asound/pcm').split('\n') : [];
        return verdict(
          item,
          lines.filter((line) => line.includes('capture')).map((line) => line.slice(0, 5)),
          'none',
        );
      },
    ],
    [
      'removable media',
      (item) => {
        const flag = (disk: string, name: string) => text(`sys/block/${disk}/${name}`).trim();
        const disks = list('sys/block').filter(
          (d) => flag(d, 'removable') === '1' && flag(d, 'size') !== '0',
        );
        const found = disks.length === 0 ? 'none' : `${disks.join(', ')}: nothing but the known ones?`;
        return { item, verdict: disks.length === 0 ? 'pass' : 'look', found };
      },
    ],
  ];
  return checks.map(([item, check]) => {
    try {
      return check(item);
    } catch {
      return { item, verdict: 'look', found: 'this system does not tell' };
    }
  });
}

/** The items of the running program: Node's options, debugger, shell history. */
export function processItems(env: Record<string, string | undefined>, execArgv: readonly string[]): Item[] {
  const risky = execArgv.filter((arg) =>
    /^--(inspect|report|heapsnapshot|heap-prof|cpu-prof|trace)/.test(arg),
  );
  const options = env.NODE_OPTIONS ? ['NODE_OPTIONS is set'] : [];
  const history = env.HISTFILE === '/dev/null';
  return [
    verdict('debugger and Node options', [...risky, ...options], 'none'),
    {
      item: 'shell history',
      verdict: history ? 'pass' : 'look',
      found: history ? 'off' : 'run: export HISTFILE=/dev/null',
    },
  ];
}

/** A time in UTC to the second, as an operator writes it; undefined when it is no time. */
export const isoTime = (milliseconds: number): string | undefined =>
  Number.isNaN(milliseconds) ? undefined : `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

/** Compares the clock with a time that people read elsewhere; 60 seconds is the most that may differ. */
export function clockItem(now: number, reference: number | undefined): Item {
  const item = 'clock';
  if (reference === undefined) {
    return {
      item,
      verdict: 'look',
      found: `${isoTime(now)}: right? (--time compares)`,
    };
  }
  const seconds = Math.round((now - reference) / 1000);
  const found = `${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} the given time`;
  return { item, verdict: Math.abs(seconds) <= 60 ? 'pass' : 'fail', found };
}
