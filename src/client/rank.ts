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

function count(
  text: string,
  word: string,
  from: number,
): { readonly whole: number; readonly prefix: number } {
  let whole = 0;
  let prefix = 0;
  for (let at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + word.length)) {
    const before = text.charAt(at - 1);
    if (before !== '' && /[\p{L}\p{N}]/u.test(before)) continue;
    const after = text.charAt(at + word.length);
    if (after === '' || !/[\p{L}\p{N}]/u.test(after)) whole += 1;
    else prefix += 1;
    if (whole + prefix >= 8) break;
  }
  return { whole, prefix };
}

function fieldScore(text: string, word: string, weight: number): number {
  const own = wordScore(text, word, weight);
  if (own > 0) return own;
  return Math.max(0, ...(synonyms[word] ?? []).map((other) => wordScore(text, other, weight * 0.7)));
}

function wordScore(text: string, word: string, weight: number): number {
  const exact = count(text, word, 0);
  if (exact.whole > 0) return weight * (1 + Math.log2(exact.whole + 1) / 4);
  if (exact.prefix > 0) return weight * 0.75;
  const root = stem(word);
  if (root.length >= 3 && root !== word && count(text, root, 0).prefix > 0) return weight * 0.6;
  return 0;
}

interface Folded {
  readonly section: Section;
  readonly anchor: string;
  readonly page: string;
  readonly heading: string;
  readonly text: string;
}

/** Prepares sections once, so that each keystroke only compares. */
export function prepare(sections: readonly Section[]): Folded[] {
  return sections.map((section) => ({
    section,
    anchor: fold(section.url.split('#')[1] ?? ''),
    page: fold(
      `${section.page} ${section.url
        .split('#')[0]
        ?.replace(/\/?index\.html$/, '')
        .replace(/[/-]/g, ' ')}`,
    ),
    // The beginning of a page answers for the page, so its title counts as a heading.
    heading: fold(section.heading === '' ? section.page : section.heading),
    text: fold(section.text),
  }));
}

/** The text around the first word that matches, about 140 characters, cut at spaces. */
function snippetOf(section: Section, folded: string, asked: readonly string[]): string {
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

/** The best sections of each page before more of the same page. */
function spread(hits: readonly Hit[], most = 4): Hit[] {
  const seen = new Map<string, number>();
  const [first, rest]: [Hit[], Hit[]] = [[], []];
  for (const hit of hits) {
    const page = hit.section.url.split('#')[0] ?? '';
    const count = (seen.get(page) ?? 0) + 1;
    seen.set(page, count);
    (count <= most ? first : rest).push(hit);
  }
  return [...first, ...rest];
}

/**
 * Ranks sections for a query. A section must hold most of the words; rare words weigh more than common ones;
 * ids and headings weigh more than text; procedures of the emergency chapter come first among equals.
 */
export function rank(index: readonly Folded[], query: string, limit = 12): Hit[] {
  const asked = words(query);
  if (asked.length === 0) return [];
  const asksForMeaning = /^\s*(what|define|meaning)\b/i.test(query);
  const scores = index.map((entry) =>
    asked.map(
      (word) =>
        (entry.anchor === word ? 60 : entry.anchor.startsWith(word) && /\d/.test(word) ? 20 : 0) +
        fieldScore(entry.heading, word, 10) +
        fieldScore(entry.page, word, 5) +
        fieldScore(entry.text, word, 3),
    ),
  );
  const rarity = asked.map((_, place) => {
    const holding = scores.filter((row) => (row[place] ?? 0) > 0).length;
    return Math.log2(1 + index.length / (1 + holding));
  });
  const hits: Hit[] = [];
  for (const [place, entry] of index.entries()) {
    const row = scores[place] ?? [];
    const found = row.filter((score) => score > 0).length;
    if (found * 2 < asked.length || found === 0) continue;
    const coverage = (found / asked.length) ** 2;
    const sum = row.reduce((total, score, word) => total + score * (rarity[word] ?? 1), 0);
    const isDefinition = asksForMeaning && entry.section.url.startsWith('introduction/glossary');
    const urgency = isDefinition ? 3 : entry.section.url.startsWith('emergency/') ? 1.15 : 1;
    hits.push({ section: entry.section, score: sum * coverage * urgency, snippet: '' });
  }
  hits.sort((a, b) => b.score - a.score || a.section.url.localeCompare(b.section.url));
  return spread(hits)
    .slice(0, limit)
    .map((hit) => ({ ...hit, snippet: snippetOf(hit.section, fold(hit.section.text), asked) }));
}
