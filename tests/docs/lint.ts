/** Lints of the pages' text, for what a compiler of steps cannot see: plain language, notation, terms and reasons. */
import type { Procedure } from '../../src/procedure/compile';
import { median, paragraphs, sentenceLengths, sentences, words } from '../../src/procedure/prose';

/** What a lint needs of a page. */
export type Linted = Pick<Procedure, 'file' | 'lines' | 'steps'>;

/** Longest median of words a sentence on a page that is read in an emergency. */
export const sentenceWords = 14;
/** Most words of a page, code left out. */
export const pageWords = 2500;

function sentenceLength(page: Linted): string[] {
  if (!page.file.startsWith('docs/emergency/')) return [];
  const lengths = sentenceLengths(page);
  if (lengths.length === 0 || median(lengths) <= sentenceWords) return [];
  return [
    `${page.file}:1: the median sentence has ${median(lengths)} words; wanted ${sentenceWords} or fewer`,
  ];
}

function pageLength(page: Linted): string[] {
  const count = paragraphs(page).reduce((sum, { text }) => sum + words(text).length, 0);
  return count <= pageWords ? [] : [`${page.file}:1: ${count} words; wanted ${pageWords} or fewer`];
}

const sequence = /\b(?:and then|after that|afterwards|subsequently)\b|[,;] then\b/i;

function oneAction(page: Linted): string[] {
  return page.steps
    .filter(({ text }) => sequence.test(text))
    .map(
      ({ file, line, id, text }) =>
        `${file}:${line}: step ${id} orders two actions: "${sequence.exec(text)?.[0]}"`,
    );
}

/** A sentence of a step, after its actor, that begins with such a verb. */
const bareOrder = /(?:^|[.:]\s+)(?:destroy|shred|erase|zeroize|reinitialize|burn|delete|drop|purge)\b/im;

function bareVerb(page: Linted): string[] {
  return page.steps
    .filter(({ text, reversal }) => reversal === 'undo' && bareOrder.test(text))
    .map(
      ({ file, line, id }) =>
        `${file}:${line}: step ${id} orders something irreversible and calls it undoable`,
    );
}

const months = 'January|February|March|April|May|June|July|August|September|October|November|December';
const notations: readonly { pattern: RegExp; wanted: string }[] = [
  { pattern: /\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b/, wanted: 'dates as 2026-11-23' },
  {
    pattern: new RegExp(`\\b(?:\\d{1,2}\\.? (?:${months})|(?:${months}) \\d{1,2})\\b`),
    wanted: 'dates as 2026-11-23',
  },
  { pattern: /\b\d{1,2}(?::\d{2})? ?(?:[ap]\.m\.|[ap]m)\b/i, wanted: 'times as 14:05 UTC' },
  { pattern: /\b(?:[01]?\d|2[0-3]):[0-5]\d\b(?!:\d\d| UTC|Z)/, wanted: 'times as 14:05 UTC' },
  {
    pattern: /\b0X[0-9A-Fa-f]+\b|\b[0-9A-Fa-f]+h\b(?<=\d[A-Fa-f]h)/,
    wanted: 'hexadecimal as 0x1a or plain digits',
  },
];

function notation(page: Linted): string[] {
  return paragraphs(page).flatMap(({ text, line }) =>
    notations
      .filter(({ pattern }) => pattern.test(text))
      .map(({ pattern, wanted }) => `${page.file}:${line}: "${pattern.exec(text)?.[0]}": wanted ${wanted}`),
  );
}

/** Rules that stand alone give no reader a reason to follow them at 3 a.m. */
function reasonless(page: Linted): string[] {
  return paragraphs(page)
    .filter(({ kind }) => kind !== 'row')
    .filter(({ text }) => /^(?:Never|You must never|It must never)\b/.test(text))
    .filter(
      ({ text }) =>
        sentences(text).length < 2 && !/\bbecause\b|\bso that\b|[:;]|\bor\b.*\bwould\b/i.test(text),
    )
    .map(({ text, line }) => `${page.file}:${line}: a rule without its reason: "${text}"`);
}

/** Marks of states, checks and commands that the pages define where they stand. */
const marks = new Set([
  'AMBER',
  'BLACK',
  'GREEN',
  'RED',
  'FAIL',
  'LOOK',
  'TEST',
  'MANIFEST',
  'SHARD',
  'FILE',
  'OK',
]);

/**
 * Abbreviations of a page that stand neither in the glossary nor, spelled out, on the page itself. Numbered ids (S22,
 * P14) and the prefixes of step ids are links, not words.
 */
export function unexplainedTerms(page: Linted, glossary: string, prefixes: ReadonlySet<string>): string[] {
  const text = page.lines.map((line) => line.text).join('\n');
  return paragraphs(page).flatMap(({ text: paragraph, line }) =>
    [...new Set(paragraph.match(/\b[A-Z]{2,}(?=s?\b)/g) ?? [])]
      .filter((term) => !marks.has(term) && !prefixes.has(term))
      .filter(
        (term) => !new RegExp(`\\b${term}\\b`).test(glossary) && !new RegExp(`\\(${term}\\)`).test(text),
      )
      .map(
        (term) =>
          `${page.file}:${line}: "${term}" stands neither in the glossary nor spelled out on the page`,
      ),
  );
}

/** Waiting times of vendors that are typed instead of named: they age unseen. `source` is the page before expansion. */
export function typedVendorFacts(file: string, source: string): string[] {
  const window =
    /\b(?:deletion|destruction|destroyed|restored|pending)\b.*?\b\d+ (?:days|hours)\b|\b\d+ (?:days|hours)\b.*?\b(?:deletion window|can be restored)\b/i;
  return source
    .split('\n')
    .flatMap((text, index) =>
      /AWS|Google|KMS|Vault|HSM|provider/i.test(text) && window.test(text)
        ? [`${file}:${index + 1}: a vendor's waiting time is typed; name it as {{fact.…}}`]
        : [],
    );
}

export const lints = {
  'sentence length': sentenceLength,
  'page length': pageLength,
  'one action': oneAction,
  'bare irreversible verb': bareVerb,
  notation,
  'rule without reason': reasonless,
} as const;
