/** The signs by which an emergency is found, from the list of the emergency start page: the menu is grouped by them. */
import { posix } from 'node:path';
import { hrefOf } from './href';

/** A sign as the page names it, and the pages that it leads to, as addresses without the base path. */
export interface Sign {
  readonly title: string;
  readonly pages: readonly string[];
}

/**
 * Reads `### A safe … {#sign-people}` and the links of the list below it.
 * @param file Path of the page, from the root of the project.
 * @param lines The page as compiled. A page under two signs stays with the first.
 */
export function signsOf(file: string, lines: readonly { readonly text: string }[]): Sign[] {
  const signs: { title: string; pages: string[] }[] = [];
  const placed = new Set<string>();
  let sign: (typeof signs)[number] | undefined;
  for (const { text } of lines) {
    const heading = /^#{2,} (.+?)(?:\s*\{#([\w-]+)\})?\s*$/.exec(text);
    if (heading !== null) {
      sign = heading[2]?.startsWith('sign-') ? { title: heading[1] ?? '', pages: [] } : undefined;
      if (sign !== undefined) signs.push(sign);
    }
    const link = /^- .*?\]\(([^)#:]+\.mdx?)/.exec(text)?.[1];
    if (sign === undefined || link === undefined) continue;
    const page = hrefOf(posix.join(posix.dirname(file), link));
    if (!placed.has(page)) sign.pages.push(page);
    placed.add(page);
  }
  return signs.filter(({ pages }) => pages.length > 0);
}
