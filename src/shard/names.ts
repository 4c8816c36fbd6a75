/** Names of people, holders and places that can be told apart by eye: what makes two of them look the same. */

/**
 * Characters that nobody sees, or that draw on a terminal: controls, Default_Ignorable_Code_Point, format characters,
 * every White_Space but the plain blank, blank symbols, private use and lone surrogates (Unicode 16, UAX 44).
 * As ranges, because compiling the Unicode properties takes longer than combining a key.
 */
const UNSEEN = new RegExp(
  `[${[
    '\\0-\\x1f\\x7f-\\xa0\\xad\\u034f\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2',
    '\\u115f\\u1160\\u1680\\u17b4\\u17b5\\u180b-\\u180f\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u2800\\u3000\\u3164',
    '\\ud800-\\udfff\\ue000-\\uf8ff\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\uffff',
    '\\u{110bd}\\u{110cd}\\u{13430}-\\u{1343f}\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{10ffff}',
  ].join('')}]`,
  'u',
);

/** True when the text holds a character that a reader can't see, or a blank other than the plain one. */
export const hasUnseen = (text: string): boolean => UNSEEN.test(text);

/** True for a name as it should be written: nothing unseen, and single blanks between its words only. */
export const isPlainName = (name: string): boolean =>
  name !== '' && !hasUnseen(name) && !/^ | $| {2}/.test(name);

/** Letters of other scripts that are drawn as Latin ones, each before its Latin twin (UTS 39, the common ones). */
const TWINS = new Map(
  [
    'АAВBЕEЅSІIЈJКKМMНHОOРPСCТTХXаaеeоoрpсcуyхxѕsіiјjԁdһhԛqԝwΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXοoνvιiαaρpυuᎪAᏴBᏟCᎠDᎬEᏀGᎻHᎫJᏦKᏞLᎷMᏢPᎡRᏚSᎢTᏙVᎳWᏃZօoսuհhոnցgıiɑaɡgɩi',
    "‐-‑-‒-–-—-―-⁃-−-’'‘'‛'′'ʹ'ʼ'ʻ'`'´'ˊ'“\"”\"„\"‟\"″\"‚,،,٬,․.·.∙.⁄/∕/ː:∶:꞉:",
  ]
    .join('')
    .match(/../gu)
    ?.map((pair) => [pair.charAt(0), pair.charAt(1)]),
);

/** Marks that are drawn over, under or through a letter and have no letter of their own with it. */
const MARKS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/;

/**
 * What a reader sees of a name: two names with the same appearance can't be told apart on a sheet. Compatibility forms
 * (full width, ligatures), letter case, blanks, invisible characters, loose marks, dashes, quotes, twins of Latin letters
 * in other scripts, and in many fonts I, l and 1, O and 0, rn and m, vv and w make no difference.
 */
export function appearanceOf(name: string): string {
  const see = (c: string) =>
    hasUnseen(c) ? (/\s/.test(c) ? ' ' : '') : MARKS.test(c) ? '' : (TWINS.get(c) ?? c);
  // ´ would become a blank and a mark.
  const seen = Array.from(name.replaceAll('´', "'").normalize('NFKC'), see).join('');
  const folded = seen.replace(/ +/g, ' ').trim().toLowerCase().normalize('NFKC');
  return folded.replace(/[i1|]/g, 'l').replaceAll('0', 'o').replaceAll('rn', 'm').replaceAll('vv', 'w');
}
