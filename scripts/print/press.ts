/** Prints pages of a built site with one browser, several at a time, at addresses that are the same on every machine. */
import { existsSync, readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { unlinked } from './pages';

/** Sizes in the words of Chromium. */
export const papers = { a4: 'A4', letter: 'Letter' } as const;
export type Paper = keyof typeof papers;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Opens a context in which the site stands at `origin`; nothing leaves the machine. `extra` pages stand beside its files. */
export async function openSite(
  browser: Browser,
  site: string,
  origin: string,
  extra: ReadonlyMap<string, string>,
): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 1000 } });
  await context.route('**/*', (route) => {
    const url = new URL(route.request().url());
    const path = normalize(decodeURIComponent(url.pathname)).slice(1);
    const made = extra.get(path);
    if (made !== undefined) return route.fulfill({ body: made, contentType: types['.html'] ?? '' });
    const file = join(site, path.endsWith('/') || path === '' ? `${path}index.html` : path);
    if (!url.href.startsWith(origin) || !existsSync(file)) return route.abort();
    const isPage = extname(file) === '.html';
    return route.fulfill({
      body: isPage ? unlinked(readFileSync(file, 'utf8')) : readFileSync(file),
      contentType: types[extname(file)] ?? 'application/octet-stream',
    });
  });
  return context;
}

/** Milliseconds that a page may take to load: all pages in one book are long, and a busy machine takes its time. */
const patience = 600_000;

async function printWith(
  context: BrowserContext,
  url: string,
  options: Parameters<Page['pdf']>[0],
): Promise<Buffer> {
  const page = await context.newPage();
  try {
    await page.goto(url, { waitUntil: 'load', timeout: patience });
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    return await page.pdf(options);
  } finally {
    await page.close();
  }
}

/** Prints one page, tagged (ISO 32000-1, 14.8) and with bookmarks. */
export function printPage(context: BrowserContext, url: string, paper: Paper): Promise<Buffer> {
  return printWith(context, url, { format: papers[paper], tagged: true, outline: true });
}

/** Prints a page only to see which sheet what stands on: without tags it takes a third of the time. */
export function printDraft(context: BrowserContext, url: string, paper: Paper): Promise<Buffer> {
  return printWith(context, url, { format: papers[paper], tagged: false, outline: false });
}

/** Runs jobs with so many hands; the first failure ends it. */
export async function inParallel<T>(
  jobs: readonly T[],
  hands: number,
  work: (job: T) => Promise<void>,
): Promise<void> {
  const waiting = [...jobs];
  const hand = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await work(job);
  };
  await Promise.all(Array.from({ length: hands }, hand));
}
