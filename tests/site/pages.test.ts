/** Every page: silent, self-contained, within its budget of bytes, accessible in light, in dark and on paper, fit for a small phone. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { besides, budgets, kindInBrowser, wakeIslands, weightOf, wireBytes } from '../../scripts/weight';
import { BUILD, layoutShift, pages, startSite } from './site';

const site = startSite();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Violations of WCAG 2.2 A and AA and of best practice, one line each. */
async function violations(page: Page, hasMath: boolean, only?: readonly string[]): Promise<string[]> {
  const options: RunOptions = {
    resultTypes: ['violations'],
    ...(only === undefined ? {} : { runOnly: [...only] }),
    ...(only === undefined
      ? {
          rules: {
            // It takes a header that holds a formula for an empty one, as it does not read MathML.
            'empty-table-header': { enabled: !hasMath },
            'td-has-header': { enabled: true },
          },
        }
      : {}),
  };
  const { violations: found } = await page.evaluate(
    (given) =>
      (globalThis as unknown as { axe: { run(how: RunOptions): Promise<AxeResults> } }).axe.run(given),
    options,
  );
  return found.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html.slice(0, 160)}`);
}

/** Rules whose verdict depends on style sheets; the others see the same markup on every medium. */
const styled = [
  'color-contrast',
  'link-in-text-block',
  'scrollable-region-focusable',
  'target-size',
  'aria-hidden-focus',
];

/** How far the page reaches beyond the window, in pixels. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

test.concurrent.each(pages())('%s is silent, light and accessible, and fits', async (file) => {
  const { page, complaints, requested } = await site.open(file, { colorScheme: 'light' });
  await wakeIslands(page);
  const kind = await page.evaluate(kindInBrowser);
  const hasMath = kind === 'math' || kind === 'both';
  expect(await layoutShift(page), 'layout shift').toBe(0);
  const weight = weightOf(BUILD, file, kind, requested);
  expect(weight.html, 'bytes of HTML').toBeLessThanOrEqual(budgets.html);
  expect(besides(weight), `bytes beside the HTML of a page of kind ${kind}`).toBeLessThanOrEqual(
    budgets[kind],
  );
  // Not through the DOM, which the Content Security Policy rightly refuses.
  await page.evaluate(axe);
  expect(await violations(page, hasMath), 'light').toEqual([]);

  await page.setViewportSize({ width: 320, height: 640 });
  await page.evaluate(() => {
    document.documentElement.dataset.theme = 'dark';
  });
  expect(await overflow(page), 'wider than a small phone').toBe(0);
  expect(await violations(page, hasMath, styled), 'dark, on a small phone').toEqual([]);

  await page.emulateMedia({ media: 'print', colorScheme: 'light' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  expect(await violations(page, hasMath, ['color-contrast', 'link-in-text-block']), 'on paper').toEqual([]);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await page.emulateMedia({ media: 'screen' });

  await page.setViewportSize({ width: 640, height: 640 });
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%';
  });
  expect(await overflow(page), 'with text of twice the size').toBe(0);
  expect(complaints).toEqual([]);
  await page.context().close();

  if (kind === 'text' || kind === 'diagrams') return;
  // What comes late can break a line on a phone that it does not break on a wide screen.
  const phone = await site.open(file, { viewport: { width: 360, height: 900 } });
  await wakeIslands(phone.page);
  expect(await layoutShift(phone.page), 'layout shift on a phone').toBe(0);
  await phone.page.context().close();
});

test('the index of the search is within its budget', () => {
  expect(wireBytes(join(BUILD, 'search-index.js'))).toBeLessThanOrEqual(budgets.search);
});
