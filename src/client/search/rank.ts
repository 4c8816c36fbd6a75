/** Local search: finds the sections that answer what somebody types under stress. Pure functions, no DOM. */
import type { Folded } from './prepare';
import type { Section } from './sections';
import { anchorScore, understood } from './understood';
import { asking, fieldScore, stem, stepKey } from './words';

/** A section that matches, best first, with the stretch of text that says why. */
export interface Hit {
  readonly section: Section;
  readonly score: number;
  readonly snippet: string;
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
  /** Part of the words that were asked for. */
  readonly coverage: number;
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

/** Who searches is more often in trouble than auditing. */
const urgencies: Readonly<Record<string, number>> = { emergency: 1.15, audit: 0.8 };

/**
 * Ranks sections for a query. A section must hold most of the words; rare words weigh more than common ones;
 * ids and headings weigh more than text; procedures of the emergency chapter come first among equals.
 */
export function rank(
  index: readonly Folded[],
  query: string,
  asked: readonly string[] = understood(index, query),
  limit = 12,
): Hit[] {
  if (asked.length === 0) return [];
  const asksForMeaning = /^\s*(what|define|meaning)\b/i.test(query);
  const telling = asked.map(asking);
  const scores = index.map((entry) =>
    telling.map(
      (each) =>
        anchorScore(entry, each.word) +
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
    const coverage = found / asked.length;
    const sum = row.reduce((total, score, word) => total + score * (rarity[word] ?? 1), 0);
    const isDefinition = asksForMeaning && entry.section.url.startsWith('introduction/glossary');
    const urgency = isDefinition ? 3 : (urgencies[entry.section.url.split('/')[0] ?? ''] ?? 1);
    const opening = entry.anchor === '' ? 1.3 : 1;
    hits.push({ entry, score: sum * coverage ** 2 * urgency * opening, coverage });
  }
  hits.sort((a, b) => b.score - a.score || (a.entry.section.url < b.entry.section.url ? -1 : 1));
  return arranged(hits, asked)
    .slice(0, limit)
    .map(({ entry, score }) => ({ section: entry.section, score, snippet: snippetOf(entry, asked) }));
}

/** Of the hits that hold the same part of the words: what is named by its id, then pages and their headings, then steps. */
function arranged(hits: readonly Scored[], asked: readonly string[]): Scored[] {
  const tier = ({ entry: { step } }: Scored): number =>
    step === undefined ? 1 : asked.some((word) => stepKey(word) === step) ? 0 : 2;
  const most = Math.max(...hits.map(({ coverage }) => coverage));
  return [
    hits.filter(({ coverage }) => coverage === most),
    hits.filter(({ coverage }) => coverage < most),
  ].flatMap((some) => {
    const [named, pages, steps] = [0, 1, 2].map((wanted) =>
      spread(some.filter((hit) => tier(hit) === wanted)),
    );
    // Where there are steps, some of them are shown.
    return [
      ...(named ?? []),
      ...(pages ?? []).slice(0, PAGES_FIRST),
      ...(steps ?? []),
      ...(pages ?? []).slice(PAGES_FIRST),
    ];
  });
}

/** Pages and headings before the first step. */
const PAGES_FIRST = 8;
