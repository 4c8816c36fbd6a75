/** What is promised of the image of the room's machine, and how a figure is shown beside its promise. Pure. */

/** Something measured, and what it may be at most. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly most: number;
}

/** The three promises, each for what was measured. */
export const promised = {
  bytes: (bytes: number): Figure => ({ what: 'size of the image, MB', value: bytes / 1e6, most: 500 }),
  start: (seconds: number): Figure => ({
    what: 'power-on to prompt, emulated by software alone, s',
    value: seconds,
    most: 150,
  }),
  memory: (mebibytes: number): Figure => ({
    what: 'memory in use at the prompt, MiB',
    value: mebibytes,
    most: 2048,
  }),
};

/** Whether a figure is what was promised; one that was not measured is not. */
export const kept = ({ value, most }: Figure): boolean => value <= most;

/** One line of the result. */
export const figureLine = ({ what, value, most }: Figure): string =>
  `${what.padEnd(52)} ${value.toFixed(1).padStart(8)}   wanted: at most ${most}\n`;

/**
 * MiB that a machine with so much memory has in use, by its /proc/meminfo: all that no program could get, the kernel and
 * the packed system among it. Throws RangeError when the text does not say what is available.
 */
export function memoryUsed(meminfo: string, mebibytes: number): number {
  const [, available] = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo) ?? [];
  if (available === undefined) throw new RangeError('the machine does not say how much memory is available');
  return mebibytes - Number(available) / 1024;
}
