/** Prints how time grows with size: the figure by which "linear" can be judged. */

/** One line: size, time, and how much both grew since the size before. `measured` holds size and seconds, in order. */
export function growth(unit: string, measured: readonly (readonly [number, number])[]): string {
  const [[size = 0, seconds = 0] = [], before] = [measured.at(-1), measured.at(-2)];
  const line = `${String(size).padStart(6)} ${unit.padEnd(10)} ${seconds.toFixed(1).padStart(7)} s  ${((1000 * seconds) / size).toFixed(0).padStart(6)} ms each`;
  if (before === undefined) return `${line}\n`;
  const [[less, earlier]] = [before];
  return `${line}   × ${(size / less).toFixed(1)} in size, × ${(seconds / earlier).toFixed(1)} in time\n`;
}
