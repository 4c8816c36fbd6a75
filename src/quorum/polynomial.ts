/** Products and sums of generating functions in buffers that are longer than what they hold; the hot loops of the conditioning. */

/**
 * Writes factor·a·b into `into` and returns how many terms it has. `aLength` and `bLength` terms are in use; neither may
 * share its buffer with `into`. Up to four terms of the shorter one are taken at once, which saves loads and stores.
 */
export function multiply(
  into: Float64Array,
  factor: number,
  a: Float64Array,
  aLength: number,
  b: Float64Array,
  bLength: number,
): number {
  if (aLength > bLength) return multiply(into, factor, b, bLength, a, aLength);
  const size = aLength + bLength - 1;
  for (let k = 0; k < size; k++) into[k] = 0;
  for (let t = 0; t < aLength; t += 4) {
    const terms = aLength - t;
    const a0 = factor * (a[t] as number);
    if (terms === 1) {
      for (let k = 0; k < bLength; k++) into[t + k] = (into[t + k] as number) + a0 * (b[k] as number);
      break;
    }
    const a1 = factor * (a[t + 1] as number);
    const a2 = terms > 2 ? factor * (a[t + 2] as number) : 0;
    const a3 = terms > 3 ? factor * (a[t + 3] as number) : 0;
    let b1 = 0;
    let b2 = 0;
    let b3 = 0;
    for (let k = 0; k < bLength; k++) {
      const b0 = b[k] as number;
      into[t + k] = (into[t + k] as number) + (a0 * b0 + a1 * b1 + a2 * b2 + a3 * b3);
      b3 = b2;
      b2 = b1;
      b1 = b0;
    }
    const end = t + bLength;
    into[end] = (into[end] as number) + (a1 * b1 + a2 * b2 + a3 * b3);
    if (terms > 2) into[end + 1] = (into[end + 1] as number) + (a2 * b1 + a3 * b2);
    if (terms > 3) into[end + 2] = (into[end + 2] as number) + a3 * b1;
  }
  return size;
}

/** Adds factor·terms to the last `length` of the first `size` terms of `into`. */
export function addScaled(
  into: Float64Array,
  size: number,
  terms: Float64Array,
  length: number,
  factor: number,
): void {
  const shift = size - length;
  for (let k = 0; k < length; k++) {
    into[shift + k] = (into[shift + k] as number) + factor * (terms[k] as number);
  }
}
