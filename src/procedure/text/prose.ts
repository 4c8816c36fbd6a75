/** The prose of a page: paragraphs without markup, sentences and words (Unicode UAX 29 text segmentation). */
import type { SourceLine } from './source';

/** What is read of a page. */
export interface Prose {
  readonly lines: readonly SourceLine[];
}

/** A paragraph, with the place of its first line. */
export interface Paragraph {
  readonly text: string;
  readonly file: string;
  readonly line: number;
  readonly kind: 'prose' | 'item' | 'row';
}

/** Text of a line without markup: links keep their words, code and mathematics become one word. */
function plain(text: string): string {
  return text
    .replace(/`[^`]*`|\$[^$]*\$/g, 'code')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\{#[^}]*\}/g, '')
    .replace(/\*\*|__|(?<=\s|^)[*_](?=\w)|(?<=\w)[*_](?=\s|[.,;:)]|$)/g, '')
    .trim();
}

/** Paragraphs, list items and table rows of a page: no front matter, code, tags, headings or mathematics. */
export function paragraphs({ lines }: Prose): Paragraph[] {
  const found: Paragraph[] = [];
  let open: (Omit<Paragraph, 'text'> & { text: string[] }) | undefined;
  let skip: RegExp | undefined;
  const close = () => {
    if (open) found.push({ ...open, text: open.text.join(' ') });
    open = undefined;
  };
  const matter = lines.findIndex((line, index) => index > 0 && line.text === '---');
  let inTag = false;
  for (const { text, file, line } of lines.slice(matter + 1)) {
    if (skip) {
      if (skip.test(text)) skip = undefined;
      continue;
    }
    if (/^\s*(```|\$\$)/.test(text)) {
      close();
      skip =
        text.trim() === '$$' || text.includes('```')
          ? new RegExp(`^\\s*${text.includes('```') ? '```' : '\\$\\$'}`)
          : undefined;
      continue;
    }
    if (inTag || /^\s*<\/?[A-Z]/.test(text)) {
      close();
      inTag = !/>\s*$/.test(text);
      continue;
    }
    if (/^\s*(#|:::|>|$)/.test(text)) {
      close();
      continue;
    }
    if (/^\s*\|/.test(text)) {
      close();
      if (!/^[\s|:-]+$/.test(text)) found.push({ text: plain(text), file, line, kind: 'row' });
      continue;
    }
    const item = /^\s*(?:[-*]|\d+\.)\s+(.*)$/.exec(text);
    if (item) {
      close();
      open = { text: [plain(item[1] ?? '')], file, line, kind: 'item' };
    } else if (open) open.text.push(plain(text));
    else open = { text: [plain(text)], file, line, kind: 'prose' };
  }
  close();
  return found;
}

const sentenceSegmenter = new Intl.Segmenter('en-US', { granularity: 'sentence' });
const wordSegmenter = new Intl.Segmenter('en-US', { granularity: 'word' });

/** Sentences of a text. A colon at the end of an actor's name ends none. */
export function sentences(text: string): string[] {
  return [...sentenceSegmenter.segment(text)]
    .map(({ segment }) => segment.trim())
    .filter((sentence) => /[A-Za-z]{2}/.test(sentence));
}

/** Words of a text; numbers count, signs do not. */
export function words(text: string): string[] {
  return [...wordSegmenter.segment(text)]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment);
}

/** The middle of some numbers; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Words of each sentence of a page; tables are no sentences. */
export function sentenceLengths(page: Prose): number[] {
  return paragraphs(page)
    .filter(({ kind }) => kind !== 'row')
    .flatMap(({ text }) => sentences(text).map((sentence) => words(sentence).length));
}
