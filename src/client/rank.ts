/** Local search: finds the sections that answer what somebody types under stress. Pure functions, no DOM. */

/** A section of a page, or a step. `text` is what the reader sees there, white space collapsed. */
export interface Section {
  /** Address relative to the root of the site, with its anchor. */
  readonly url: string;
  readonly page: string;
  readonly heading: string;
  readonly text: string;
}

/** A section that matches, best first, with the stretch of text that says why. */
export interface Hit {
  readonly section: Section;
  readonly score: number;
  readonly snippet: string;
}

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

/** Splits a query into words; identifiers such as `us-east-1`, `CKR_PIN_LOCKED` and `UNS-04` stay whole. */
export function words(query: string): string[] {
  const all = fold(query).match(/[\p{L}\p{N}][\p{L}\p{N}_.:#/-]*/gu) ?? [];
  const trimmed = all.map((word) => word.replace(/[.:/-]+$/, '')).filter((word) => word !== '');
  const telling = trimmed.filter((word) => !noise.has(word));
  return [...new Set(telling.length > 0 ? telling : trimmed)];
}

/** Singular and plural, present and past meet in a common stem; identifiers are left alone. */
function stem(word: string): string {
  if (word.length < 5 || /[\d_-]/.test(word)) return word;
  return word.replace(/(?:ies|ied)$/, 'y').replace(/(?:ing|ed|es|s|e)$/, '');
}

interface Wanted {
  readonly word: string;
  /** What the word has in common with its other forms. */
  readonly root: string | undefined;
}

/** A word that was asked for, and what people also say for it. */
interface Asked extends Wanted {
  readonly others: readonly Wanted[];
}

function wanted(word: string): Wanted {
  const root = stem(word);
  return { word, root: root.length >= 3 && root !== word ? root : undefined };
}

function asking(word: string): Asked {
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

function fieldScore(text: string, asked: Asked, weight: number): number {
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

interface Folded {
  readonly section: Section;
  readonly anchor: string;
  readonly page: string;
  readonly heading: string;
  readonly text: string;
}

function prepared(section: Section): Folded {
  const [file = '', anchor = ''] = section.url.split('#');
  return {
    section,
    anchor: fold(anchor),
    page: fold(`${section.page} ${file.replace(/\/?index\.html$/, '').replace(/[/-]/g, ' ')}`),
    // The beginning of a page answers for the page, so its title counts as a heading.
    heading: fold(section.heading === '' ? section.page : section.heading),
    text: fold(section.text),
  };
}

/** Prepares sections once, so that each keystroke only compares. */
export function prepare(sections: readonly Section[]): Folded[] {
  return sections.map(prepared);
}

/** The text around the first word that matches, about 140 characters, cut at spaces. */
function snippetOf({ section, text: folded }: Folded, asked: readonly string[]): string {
  const places = asked
    .flatMap((word) => [folded.indexOf(word), folded.indexOf(stem(word))])
    .filter((place) => place >= 0);
  const first = places.length === 0 ? 0 : Math.min(...places);
  const start = first < 50 ? 0 : section.text.indexOf(' ', first - 50) + 1;
  const end =
    section.text.length - start <= 140 ? section.text.length : section.text.lastIndexOf(' ', start + 140);
  const cut = section.text.slice(start, end > start ? end : start + 140);
  return `${start > 0 ? '… ' : ''}${cut}${end < section.text.length ? ' …' : ''}`;
}

interface Scored {
  readonly entry: Folded;
  readonly score: number;
}

/** The best sections of each page before more of the same page. */
function spread(hits: readonly Scored[], most = 4): Scored[] {
  const seen = new Map<string, number>();
  const [first, rest]: [Scored[], Scored[]] = [[], []];
  for (const hit of hits) {
    const page = hit.entry.section.url.split('#')[0] ?? '';
    const count = (seen.get(page) ?? 0) + 1;
    seen.set(page, count);
    (count <= most ? first : rest).push(hit);
  }
  return [...first, ...rest];
}

function anchorScore(anchor: string, word: string): number {
  if (anchor === word) return 60;
  return anchor.startsWith(word) && /\d/.test(word) ? 20 : 0;
}

/**
 * Ranks sections for a query. A section must hold most of the words; rare words weigh more than common ones;
 * ids and headings weigh more than text; procedures of the emergency chapter come first among equals.
 */
export function rank(index: readonly Folded[], query: string, limit = 12): Hit[] {
  const asked = words(query);
  if (asked.length === 0) return [];
  const asksForMeaning = /^\s*(what|define|meaning)\b/i.test(query);
  const telling = asked.map(asking);
  const scores = index.map((entry) =>
    telling.map(
      (each) =>
        anchorScore(entry.anchor, each.word) +
        fieldScore(entry.heading, each, 10) +
        fieldScore(entry.page, each, 5) +
        fieldScore(entry.text, each, 3),
    ),
  );
  const rarity = asked.map((_, place) => {
    const holding = scores.filter((row) => (row[place] ?? 0) > 0).length;
    return Math.log2(1 + index.length / (1 + holding));
  });
  const hits: Scored[] = [];
  for (const [place, entry] of index.entries()) {
    const row = scores[place] ?? [];
    const found = row.filter((score) => score > 0).length;
    if (found * 2 < asked.length || found === 0) continue;
    const coverage = (found / asked.length) ** 2;
    const sum = row.reduce((total, score, word) => total + score * (rarity[word] ?? 1), 0);
    const isDefinition = asksForMeaning && entry.section.url.startsWith('introduction/glossary');
    const urgency = isDefinition ? 3 : entry.section.url.startsWith('emergency/') ? 1.15 : 1;
    hits.push({ entry, score: sum * coverage * urgency });
  }
  hits.sort((a, b) => b.score - a.score || (a.entry.section.url < b.entry.section.url ? -1 : 1));
  return spread(hits)
    .slice(0, limit)
    .map(({ entry, score }) => ({ section: entry.section, score, snippet: snippetOf(entry, asked) }));
}
