/** Numbers for people: probabilities without lost digits, times, and counts that do not fit a double. */

/** Below this a double may have lost digits, so only the bound is shown. The mathematics says whether 0 is meant. */
const smallest = 1e-290;

/**
 * A small probability with six significant digits: `0.00856000`, `9.99850e-12`. 0 only when it is exactly 0: a value
 * that is possible, but smaller than a double can hold, is shown by its bound.
 */
export function formatRisk(value: number, possible: boolean): string {
  if (value < smallest) return possible ? 'below 1e-290' : '0';
  return value >= 1e-3 ? value.toPrecision(6) : value.toExponential(5);
}

/** An availability with as many digits as its distance to 1 needs; beyond 15 digits as `1 − 1.26e-18`. */
export function formatAvailability(value: number, complement: number, complementPossible: boolean): string {
  if (!complementPossible) return '1';
  if (value < 1e-3) return formatRisk(value, true);
  const decimals = complement === 0 ? 400 : Math.max(6, Math.ceil(-Math.log10(complement)) + 2);
  return decimals > 15 ? `1 − ${formatRisk(complement, true)}` : value.toFixed(decimals);
}

/** Years with four significant digits. */
export function formatYears(value: number): string {
  return value >= 1e6 || value < 1e-3 ? value.toExponential(3) : String(Number(value.toPrecision(4)));
}

/** A large count: exact up to twelve digits, then its size. */
export function formatCount(value: bigint): string {
  const digits = String(value);
  if (digits.length <= 12) return digits.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${digits[0]}.${digits.slice(1, 4)}e${digits.length - 1}`;
}

/** `1, 3 and 5`. */
export function formatList(items: readonly (string | number)[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** `1 shard`, `2 shards`. */
export function formatMany(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** The kind of a domain in words: `identity-provider` is an identity provider. */
export function formatKind(kind: string): string {
  return kind.replaceAll('-', ' ');
}
