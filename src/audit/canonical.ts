/** The canonical form of JSON: one text for one value, so that a digest is well defined. RFC 8785 (JCS). */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const LONE_SURROGATE = /\p{Surrogate}/u;

function canonicalString(text: string): string {
  if (LONE_SURROGATE.test(text))
    throw new RangeError('a text with half a surrogate pair has no canonical form');
  return JSON.stringify(text);
}

/**
 * Canonical text of a value (RFC 8785 §3.2): no white space, names sorted by UTF-16 code units, numbers as ECMAScript
 * writes them. Throws TypeError on what is not JSON, RangeError on a number that is not finite or a lone surrogate.
 */
export function canonical(value: Json): string {
  switch (typeof value) {
    case 'string':
      return canonicalString(value);
    case 'boolean':
      return String(value);
    case 'number':
      if (!Number.isFinite(value)) throw new RangeError('a number that is not finite has no canonical form');
      return JSON.stringify(value);
    case 'object': {
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
      const members = value as { readonly [name: string]: Json };
      const names = Object.keys(members).sort();
      return `{${names.map((name) => `${canonicalString(name)}:${canonical(members[name] as Json)}`).join(',')}}`;
    }
    default:
      throw new TypeError(`a ${typeof value} has no canonical form`);
  }
}

function isSorted(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isSorted);
  let before: string | undefined;
  for (const name of Object.keys(value)) {
    if (before !== undefined && name <= before) return false;
    if (!isSorted((value as Record<string, unknown>)[name])) return false;
    before = name;
  }
  return true;
}

/**
 * Tells whether `text` is the canonical form of `value`, which `JSON.parse(text)` gave. The quick way round holds
 * because a parsed object keeps the order of its text; names such as "10" do not, and take the long way.
 */
export function isCanonical(text: string, value: Json): boolean {
  if (!text.includes('\\u') && isSorted(value) && JSON.stringify(value) === text) return true;
  try {
    return canonical(value) === text;
  } catch {
    return false;
  }
}
