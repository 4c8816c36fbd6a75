/** `npx tsx scripts/docs/readability.ts`: how easily each how-to page reads (Flesch reading ease, 1948). Reported, not gated. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { flesch } from 'flesch';
import { syllable } from 'syllable';
import { loadDeployment } from '../../src/deployment/load';
import { loadProcedures } from '../../src/procedure/load';
import {
  median,
  type Prose,
  paragraphs,
  sentenceLengths,
  sentences,
  words,
} from '../../src/procedure/text/prose';
import { printOut } from '../common/terminal';

/** How a page reads. */
export interface Readability {
  readonly file: string;
  /** Flesch reading ease: 60 to 70 is plain English, 30 and below is hard. */
  readonly ease: number;
  /** Words in the middle sentence. */
  readonly median: number;
  readonly words: number;
}

/** Reading ease of the sentences of a page, tables and code left out. Throws RangeError when it has none. */
export function readability(page: Prose & { readonly file: string }): Readability {
  const text = paragraphs(page)
    .filter(({ kind }) => kind !== 'row')
    .flatMap((paragraph) => sentences(paragraph.text));
  const all = text.flatMap(words);
  if (all.length === 0) throw new RangeError(`${page.file} has no sentence`);
  const syllables = all.reduce((sum, word) => sum + Math.max(syllable(word), 1), 0);
  return {
    file: page.file,
    ease: flesch({ sentence: text.length, word: all.length, syllable: syllables }),
    median: median(sentenceLengths(page)),
    words: all.length,
  };
}

/** Every how-to page of a project, the hardest first. */
export function readabilities(root: string): Readability[] {
  return loadProcedures(root, loadDeployment(join(root, 'deployment.yaml')))
    .filter(
      ({ page, applies, lines }) =>
        applies && page.kind === 'how-to' && sentenceLengths({ lines }).length > 0,
    )
    .map(readability)
    .sort((a, b) => a.ease - b.ease);
}

/** The report as Markdown. */
export function readabilityTable(pages: readonly Readability[]): string {
  const rows = pages.map(
    ({ file, ease, median: middle, words: count }) =>
      `| ${file} | ${ease.toFixed(1)} | ${middle} | ${count} |`,
  );
  const head =
    '| Page | Flesch reading ease | Median sentence, words | Words |\n| --- | ---: | ---: | ---: |';
  return `${head}\n${rows.join('\n')}\n`;
}

if (require.main === module) {
  const root = resolve(__dirname, '../..');
  const table = readabilityTable(readabilities(root));
  mkdirSync(join(root, 'reports'), { recursive: true });
  writeFileSync(join(root, 'reports', 'readability.md'), table);
  printOut(table);
}
