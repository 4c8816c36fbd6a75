/** The words of a query, and how well a text holds them. */

/** Words that people type around what they mean. */
const noise = new Set(
  'a an and are at be by do does for from has have how i if in is it its my of on or our that the there they this to was we what when where which who whom whose why with you'.split(
    ' ',
  ),
);

/** Lower case, accents off, typographic quotes and dashes as on a keyboard. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[‘’]/g, "'")
    .replace(/[‐‑–—]/g, '-')
    .toLowerCase();
}

/** What people say for what the pages say. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  broken: ['wrong', 'fails'],
  compromised: ['bad', 'breach', 'exposed'],
  down: ['outage', 'unavailable'],
  hacked: ['breach', 'exposed', 'compromise'],
  leaked: ['exposed'],
  left: ['gone'],
  missing: ['lost', 'gone'],
  rebuild: ['recover', 'unseal'],
  restore: ['recover', 'unseal'],
  stolen: ['exposed', 'lost'],
  wipe: ['wipe', 'destroy'],
};

/** `uns04`, `uns-4` and `UNS-04` are the same step. */
export function stepKey(word: string): string {
  return word.replace(/-/g, '').replace(/^([a-z]{3})(\d)$/, '$10$2');
}

/** Splits a query into words; identifiers such as `us-east-1`, `CKR_PIN_LOCKED` and `UNS-04` stay whole. */
export function words(query: string): string[] {
  const all = fold(query).match(/[\p{L}\p{N}][\p{L}\p{N}_.:#/-]*/gu) ?? [];
  const trimmed = all.map((word) => word.replace(/[.:/-]+$/, '')).filter((word) => word !== '');
  const telling = trimmed.filter((word) => !noise.has(word));
  return [...new Set(telling.length > 0 ? telling : trimmed)];
}

/** Singular and plural, present and past meet in a common stem; identifiers are left alone. */
export function stem(word: string): string {
  if (word.length < 5 || /[\d_-]/.test(word)) return word;
  return word.replace(/(?:ies|ied)$/, 'y').replace(/(?:ing|ed|es|s|e)$/, '');
}

interface Wanted {
  readonly word: string;
  /** What the word has in common with its other forms. */
  readonly root: string | undefined;
}

/** A word that was asked for, and what people also say for it. */
export interface Asked extends Wanted {
  readonly others: readonly Wanted[];
}

function wanted(word: string): Wanted {
  const root = stem(word);
  return { word, root: root.length >= 4 && root !== word ? root : undefined };
}

/** A word of a query with its other forms. */
export function asking(word: string): Asked {
  return { ...wanted(word), others: (synonyms[word] ?? []).map(wanted) };
}

/** Whether a letter or a digit stands there. Folded text is nearly all ASCII, and every keystroke asks this of every place. */
function isInWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
  return code >= 128 && /[\p{L}\p{N}]/u.test(text.charAt(at));
}

function count(text: string, word: string): { readonly whole: number; readonly prefix: number } {
  let whole = 0;
  let prefix = 0;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    if (isInWord(text, at - 1)) continue;
    if (isInWord(text, at + word.length)) prefix += 1;
    else whole += 1;
    if (whole + prefix >= 8) break;
  }
  return { whole, prefix };
}

/** How well a folded text holds a word; 0 when it does not. `weight` is that of the text. */
export function fieldScore(text: string, asked: Asked, weight: number): number {
  const own = wordScore(text, asked, weight);
  if (own > 0 || asked.others.length === 0) return own;
  return Math.max(...asked.others.map((other) => wordScore(text, other, weight * 0.7)));
}

function wordScore(text: string, { word, root }: Wanted, weight: number): number {
  const exact = count(text, word);
  if (exact.whole > 0) return weight * (1 + Math.log2(exact.whole + 1) / 4);
  if (exact.prefix > 0) return weight * 0.75;
  if (root !== undefined && count(text, root).prefix > 0) return weight * 0.6;
  return 0;
}
