/** Parts of a page: its headings of the second level, and which of them each step stands under. */
import type { SourceLine } from './source';

/** Step id → text of the heading `## …` above it; headings below that level do not end a part. */
export function partsOf(lines: readonly SourceLine[]): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  let part = '';
  let fence = false;
  for (const { text } of lines) {
    if (/^\s*```/.test(text)) fence = !fence;
    if (fence) continue;
    const heading = /^## (.+?)\s*(?:\{#[^}]*\})?\s*$/.exec(text)?.[1];
    if (heading !== undefined) part = heading;
    const id = /^\s*<Step\s+id="([^"]+)"/.exec(text)?.[1];
    if (id !== undefined) parts.set(id, part);
  }
  return parts;
}
