/** Digests as words that can be read aloud: proquints (Wilkerson 2009), five letters for each 16 bits. */

const CONSONANTS = 'bdfghjklmnprstvz';
const VOWELS = 'aiou';

/**
 * Spells lower-case hex digits (a multiple of four) as proquints: consonant 4 bits, vowel 2, consonant 4, vowel 2, consonant 4.
 * A 256-bit digest gives 16 words. There is no word list to agree on or to mistype.
 * @throws TypeError when it is no string, RangeError for anything but such digits.
 */
export function spell(hex: string): string[] {
  if (typeof hex !== 'string') throw new TypeError(`hex must be a string, found ${typeof hex}`);
  if (!/^([0-9a-f]{4})*$/.test(hex)) throw new RangeError('wanted a multiple of four lower-case hex digits');
  return (hex.match(/[0-9a-f]{4}/g) ?? []).map((quad) => {
    const bits = Number.parseInt(quad, 16);
    const pick = (letters: string, shift: number) => letters[(bits >> shift) & (letters.length - 1)] ?? '';
    return (
      pick(CONSONANTS, 12) + pick(VOWELS, 10) + pick(CONSONANTS, 6) + pick(VOWELS, 4) + pick(CONSONANTS, 0)
    );
  });
}

/** The same in pairs, as people read it aloud: `lusab-babad`, each for eight hex digits. */
export const spellPairs = (hex: string): string[] =>
  spell(hex).flatMap((word, i, words) => (i % 2 === 0 ? `${word}-${words[i + 1]}` : []));

/** Half of a digest in words, enough for a key: nobody finds another one with the same 128 bits. */
export const fingerprintWords = (digest: string): string => spellPairs(digest.slice(0, 32)).join(' ');
