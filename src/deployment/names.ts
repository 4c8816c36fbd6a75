/** Names that people read and compare: what they may hold, and how a text that somebody else wrote is shown. */

/**
 * Characters that cannot be seen, or that change how others are shown: controls, formats, private and unassigned ones,
 * those that programs show as nothing (Unicode's Default_Ignorable_Code_Point: zero width, direction, tags, fillers),
 * separators other than a blank, and the blank pattern of Braille.
 */
const unseen = /[\p{C}\p{DI}\p{Zl}\p{Zp}\u2800]|(?! )\p{Zs}/u;

const unseenAll = new RegExp(unseen.source, 'gu');

/** `U+200B` */
const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Text in double quotes and on one line, with everything unseen as its code point. For messages. */
export function shown(text: string): string {
  return `"${text.replace(unseenAll, (character) => `<${codePoint(character)}>`)}"`;
}

/** What a reader of a page, a shell or a spreadsheet takes for code in a name; the rest is quoted. */
const code = /[`\\<>{}$]/;

/** What is wrong with a name that people read, as "wanted …"; undefined where nothing is. */
export function nameFault(text: string): string | undefined {
  if (text.trim() === '') return 'wanted a name; this one is blank';
  const [character] = unseen.exec(text) ?? [];
  if (character !== undefined)
    return `wanted letters and signs that can be seen, without ${codePoint(character)}`;
  if (text !== text.trim()) return 'wanted no blank at its beginning or end';
  if (text.includes('  ')) return 'wanted single blanks, as two look like one';
  if (text !== text.normalize('NFC'))
    return 'wanted composed letters (Unicode NFC), as two spellings look the same';
  const [sign] = code.exec(text) ?? [];
  if (sign !== undefined) return `wanted a name without ${sign}, which pages and shells read as code`;
  if (/^[=+@-]/.test(text)) return `wanted a name that does not begin with ${text[0]}`;
  if (/^\p{M}/u.test(text)) return 'wanted a letter before its accent';
  if (/:\/\/|\bwww\.|\S@\S+\.\S/i.test(text)) return 'wanted a name, not an address';
  return undefined;
}
