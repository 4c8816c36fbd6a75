/** Logarithmic axes for probabilities. */

/** No plot goes further down: what lies below stands on its lower edge, and in the table. */
const lowest = -24;

export interface Axis {
  /** Power of ten at the lower end; the upper end is 10⁰. */
  readonly floor: number;
  /** Powers of ten with a line. */
  readonly ticks: readonly number[];
}

/** An axis from 1 down to the smallest value above 0, at most six lines. */
export function logAxis(values: readonly number[]): Axis {
  const exponents = values.filter((value) => value > 0).map((value) => Math.floor(Math.log10(value)));
  const floor = Math.max(lowest, Math.min(-1, ...exponents));
  const step = Math.max(1, Math.ceil(-floor / 6));
  const ticks = Array.from({ length: Math.floor(-floor / step) + 1 }, (_, index) => 0 - index * step);
  return { floor, ticks };
}

/** Where a probability stands on the axis, from 0 at the lower end to 1 at the upper end. */
export function place(axis: Axis, value: number): number {
  if (!(value > 0)) return 0;
  return Math.min(1, Math.max(0, 1 - Math.log10(value) / axis.floor));
}

/** 1..n, thinned to about `most` of them, the last one always included. */
export function everyNth(n: number, most: number): number[] {
  const step = Math.max(1, Math.ceil(n / most));
  const picked = Array.from({ length: n }, (_, index) => index + 1).filter(
    (value) => (n - value) % step === 0,
  );
  return picked;
}
