/** What a query means in this index: ids written otherwise, and words with typing mistakes. */
import type { Folded } from './prepare';
import { allowedEdits, editsBetween } from './typos';
import { asking, fieldScore, stepKey, words } from './words';

/** What the id of a section adds to its words: more than words can, where it names a step or a case and is no word itself. */
export function anchorScore({ anchor, step }: Folded, word: string): number {
  if (step !== undefined && step === stepKey(word)) return 60;
  if (anchor === word) return /\d/.test(word) ? 60 : 10;
  return anchor.startsWith(word) && /\d/.test(word) ? 20 : 0;
}

/** The words of a query as the index knows them: `uns 04` is one step, and a word that is nowhere the one it may have been meant for. */
export function understood(index: readonly Folded[], query: string): string[] {
  const steps = new Set(index.map(({ step }) => step));
  const asked: string[] = [];
  for (const word of words(query)) {
    const before = asked.at(-1) ?? '';
    if (/^\d{1,2}$/.test(word) && steps.has(stepKey(before + word))) asked.splice(-1, 1, before + word);
    else asked.push(word);
  }
  return asked.map((word) => (steps.has(stepKey(word)) || isKnown(index, word) ? word : meant(index, word)));
}

function isKnown(index: readonly Folded[], word: string): boolean {
  const asked = asking(word);
  return index.some((entry) =>
    [entry.anchor, entry.heading, entry.page, entry.text].some((text) => fieldScore(text, asked, 1) > 0),
  );
}

const vocabularies = new WeakMap<readonly Folded[], ReadonlyMap<string, number>>();

/** The words of titles and headings, and how often each stands there. */
function vocabularyOf(index: readonly Folded[]): ReadonlyMap<string, number> {
  const known = vocabularies.get(index);
  if (known !== undefined) return known;
  const often = new Map<string, number>();
  for (const { heading, page } of index)
    for (const word of `${heading} ${page}`.match(/\p{L}{4,}/gu) ?? [])
      often.set(word, (often.get(word) ?? 0) + 1);
  vocabularies.set(index, often);
  return often;
}

/** The nearest word of titles and headings, the most frequent of those that are equally near; else the word itself. */
function meant(index: readonly Folded[], word: string): string {
  let best = { word, edits: allowedEdits(word), often: 0 };
  for (const [known, often] of vocabularyOf(index)) {
    const edits = editsBetween(word, known, best.edits);
    if (edits < best.edits || (edits === best.edits && often > best.often))
      best = { word: known, edits, often };
  }
  return best.word;
}
