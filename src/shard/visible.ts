/** Foreign text as it may be shown: what would move a cursor, hide or turn characters stands there as its code (Unicode TR 36, 3.1). */

/** Printable ASCII needs no second look; compiling the Unicode classes takes longer than combining a key. */
const PLAIN = /^[\n\x20-\x7e]*$/;
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** One `\uXXXX` for each UTF-16 code unit, so that JSON stays the same JSON. */
function coded(character: string): string {
  const units = Array.from({ length: character.length }, (_, place) => character.charCodeAt(place));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/**
 * Text for a terminal or a page: control characters (C0, DEL, C1), marks of direction, line separators and everything
 * that is drawn as nothing become `\uXXXX`. Line feeds stay. Idempotent; JSON text keeps its value.
 */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(UNSEEN, (character) => (character === '\n' ? character : coded(character)));
}

/** The same for text that is one line: a line feed in it would let foreign text begin a line of its own. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll('\n', '\\u000a');
}
