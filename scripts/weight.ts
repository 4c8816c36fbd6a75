/** Weight of a first visit: Brotli bytes of a page's own HTML and of everything else that it loads, by kind of page. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';

/** What a page holds decides what it may load. */
export type PageKind = 'text' | 'procedure' | 'math' | 'diagrams' | 'interactive' | 'both';

/** Bytes over the wire on a first visit with an empty cache. */
export interface Weight {
  readonly file: string;
  readonly kind: PageKind;
  readonly html: number;
  readonly style: number;
  readonly script: number;
  readonly font: number;
  readonly image: number;
}

/**
 * Largest first visit in bytes, beside the page's own HTML, by kind; the largest HTML; and what the first search loads.
 * 1 kB is 1000 bytes.
 */
export const budgets: Readonly<Record<PageKind | 'html' | 'search', number>> = {
  text: 13_000,
  // Steps or a form, with whatever is drawn between them.
  procedure: 20_000,
  math: 42_000,
  diagrams: 13_000,
  interactive: 30_000,
  // Formulas and a calculator on one page: what each of them brings, the shared part once.
  both: 63_000,
  html: 40_000,
  search: 170_000,
};

/**
 * First visits to Astro Starlight in bytes with the page's own HTML, measured in November 2026 on content of 20 pages:
 * 11 of prose, 4 with formulas, 4 with diagrams (drawn at build time, its better case), 1 with a React component.
 */
export const starlight: Readonly<
  Record<Exclude<PageKind, 'both' | 'procedure'>, readonly [pages: number, bytes: number]>
> = {
  text: [11, 62_000],
  math: [4, 144_000],
  diagrams: [4, 68_000],
  interactive: [1, 124_000],
};

/** Median first visit of each kind beside Starlight's, and the same for its 20 pages together, in bytes. */
export function besideStarlight(
  weights: readonly Weight[],
): readonly { readonly kind: string; readonly own: number; readonly other: number }[] {
  const rows = Object.entries(starlight).map(([kind, [pages, other]]) => {
    const all = weights
      .filter((weight) => weight.kind === kind)
      .map((weight) => weight.html + besides(weight))
      .sort((a, b) => a - b);
    const [low = 0, high = 0] = [all[(all.length - 1) >> 1], all[all.length >> 1]];
    return { kind, pages, own: (low + high) / 2, other };
  });
  const sum = (of: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((total, row) => total + row.pages * of(row), 0);
  return [...rows, { kind: 'the 20 pages', own: sum(({ own }) => own), other: sum(({ other }) => other) }];
}

const known = new Map<string, number>();

/** Bytes of a file over the wire. Fonts and images are compressed already; servers send them as they are. */
export function wireBytes(file: string): number {
  const before = known.get(file);
  if (before !== undefined) return before;
  const bytes = compressed(file);
  known.set(file, bytes);
  return bytes;
}

function compressed(file: string): number {
  const bytes = readFileSync(file);
  if (/\.(woff2?|png|jpe?g|ico)$/.test(file)) return bytes.length;
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

/** All bytes beside the HTML. */
export function besides(weight: Weight): number {
  return weight.style + weight.script + weight.font + weight.image;
}

/** Tells in the page what kind it is; runs in the browser. */
export function kindInBrowser(): PageKind {
  const hasMath = document.querySelector('.katex') !== null;
  if (document.querySelector('[data-island]') !== null) return hasMath ? 'both' : 'interactive';
  if (hasMath) return 'math';
  if (document.querySelector('[data-run], [data-form]') !== null) return 'procedure';
  return document.querySelector('.diagram svg') === null ? 'text' : 'diagrams';
}

/** Comes near every component that reacts, as a reader who scrolls does, and waits until all are awake. */
export async function wakeIslands(page: Page): Promise<void> {
  for (const island of await page.$$('[data-island]')) {
    await island.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await page.waitForFunction((element) => (element as HTMLElement).dataset.awake !== undefined, island);
  }
  await page.evaluate(() => scrollTo(0, 0));
}

/** Most bytes that a procedure fetches after load, when the browser is idle. */
const idleBytes = 10_000;

/**
 * Adds up the files that a page asked for.
 * @param site Folder of the build.
 * @param requested Resource type as the browser calls it, by path from the root of the site.
 */
export function weightOf(
  site: string,
  file: string,
  kind: PageKind,
  requested: ReadonlyMap<string, string>,
): Weight {
  const sums: Record<string, number> = {};
  const html = readFileSync(join(site, file), 'utf8');
  // The script of a run comes after load, when the browser is idle, and is no part of the first visit; it has a bound of its own.
  const later = basename(/data-run-script="([^"]+)"/.exec(html)?.[1] ?? '');
  let idle = 0;
  for (const [path, type] of requested) {
    if (type === 'document') continue;
    if (type === 'script' && basename(path) === later) {
      idle += wireBytes(join(site, path));
      if (idle <= idleBytes) continue;
    }
    const group = type === 'stylesheet' ? 'style' : type === 'script' || type === 'font' ? type : 'image';
    sums[group] = (sums[group] ?? 0) + wireBytes(join(site, path));
  }
  const { style = 0, script = 0, font = 0, image = 0 } = sums;
  return { file, kind, html: wireBytes(join(site, file)), style, script, font, image };
}

/**
 * Opens a page in a fresh context and weighs the files that it asked for.
 * @param url Where the folder `site` is served, with its slash.
 */
export async function weighPage(browser: Browser, site: string, url: string, file: string): Promise<Weight> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const requested = new Map<string, string>();
  page.on('request', (request) => {
    if (request.url().startsWith(url)) requested.set(request.url().slice(url.length), request.resourceType());
  });
  await page.goto(url + file, { waitUntil: 'load' });
  await wakeIslands(page);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const kind = await page.evaluate(kindInBrowser);
  await context.close();
  return weightOf(site, file, kind, requested);
}
