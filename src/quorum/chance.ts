/** A probability kept with its complement, so that neither loses digits when it is small. */

/** `hit` = P(it happens), `miss` = P(it does not); both as exact as a double can hold them. */
export interface Chance {
  readonly hit: number;
  readonly miss: number;
}

const decimal = /^(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i;

/**
 * Reads a probability from 0 to 1. Text such as `0.9999` or `1e-6`, and a number by its shortest decimal text:
 * the complement is taken on the decimal digits, so 0.9999 gives a miss of 1e-4 and not 1 - 0.9999.
 * Throws TypeError on another type, RangeError outside 0..1.
 */
export function chance(value: number | string): Chance {
  if (typeof value !== 'number' && typeof value !== 'string') {
    throw new TypeError(`probability: wanted a number or its text, got ${typeof value}`);
  }
  const text = String(value).trim();
  const match = decimal.exec(text);
  const hit = match ? Number(text) : Number.NaN;
  if (!match || !(hit >= 0 && hit <= 1)) {
    throw new RangeError(`probability: wanted a decimal number from 0 to 1, got ${text.slice(0, 40)}`);
  }
  const fraction = match[2] ?? '';
  const scale = fraction.length - Number(match[3] ?? 0);
  // Beyond this many places the complement is 1 to the last bit anyway.
  if (scale <= 0 || scale > 400) return { hit, miss: 1 - hit };
  const digits = 10n ** BigInt(scale) - BigInt((match[1] ?? '') + fraction);
  return { hit, miss: Number(`${digits}e-${scale}`) };
}

/** The opposite event. */
export function not({ hit, miss }: Chance): Chance {
  return { hit: miss, miss: hit };
}

/** At least one of two independent events. */
export function either(a: Chance, b: Chance): Chance {
  return { hit: a.hit + a.miss * b.hit, miss: a.miss * b.miss };
}

/**
 * Chance that something with a constant rate happens within a time: 1 - exp(-rate · time).
 * Rate per unit of time ≥ 0, time ≥ 0 in the same unit.
 */
export function chanceWithin(rate: number, time: number): Chance {
  for (const [name, value] of Object.entries({ rate, time })) {
    if (typeof value !== 'number') throw new TypeError(`${name}: wanted a number, got ${typeof value}`);
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`${name}: wanted a finite number ≥ 0, got ${value}`);
    }
  }
  return { hit: -Math.expm1(-rate * time), miss: Math.exp(-rate * time) };
}
