/** Paper: white from dark mode, every sheet numbered and named, steps whole, boxes for pen and ink. */

import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';
import { startSite } from './site';

const site = startSite();
const PROCEDURE = 'emergency/unseal/index.html';

/** Text of each sheet of a page's PDF. */
async function sheets(page: Page): Promise<string[]> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const data = new Uint8Array(await page.pdf({ preferCSSPageSize: true }));
  const document = await getDocument({ data, verbosity: 0 }).promise;
  const texts: string[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const content = await (await document.getPage(number)).getTextContent();
    texts.push(content.items.map((item) => ('str' in item ? item.str : '')).join(' '));
  }
  await document.destroy();
  return texts;
}

describe('a procedure printed from dark mode', () => {
  test('is black on white', async () => {
    const { page } = await site.open(PROCEDURE, {
      colorScheme: 'dark',
      viewport: { width: 700, height: 900 },
    });
    await page.emulateMedia({ media: 'print' });
    const image = PNG.sync.read(await page.screenshot());
    let light = 0;
    for (let at = 0; at < image.data.length; at += 4) {
      if ((image.data[at] ?? 0) > 230 && (image.data[at + 1] ?? 0) > 230) light += 1;
    }
    expect(light / (image.width * image.height)).toBeGreaterThan(0.85);
    await page.context().close();
  });

  test('has every step on a numbered and named sheet, none of them blank', async () => {
    const { page } = await site.open(PROCEDURE, { colorScheme: 'dark' });
    const ids = await page.$$eval('section.step', (steps) => steps.map((step) => step.id));
    expect(ids.length).toBeGreaterThan(10);
    const texts = await sheets(page);
    for (const [index, text] of texts.entries()) {
      expect(text).toContain(`Sheet ${index + 1} of ${texts.length}`);
      expect(text).toMatch(/MasterKey Runbook \d+\.\d+\.\d+ · commit \w+/);
      expect(text.length).toBeGreaterThan(150);
    }
    const all = texts.join(' ');
    for (const id of ids) expect(all).toContain(id);
    expect(all.match(/Time \(UTC\)/g)?.length).toBe(ids.length);
    await page.context().close();
  });

  test('keeps a step on one sheet', async () => {
    const { page } = await site.open(PROCEDURE);
    const ids = await page.$$eval('section.step', (steps) => steps.map((step) => step.id));
    const texts = await sheets(page);
    const heads = texts.join('').match(/\d+ of \d+ · \d+ min/g) ?? [];
    expect(heads.length).toBe(ids.length);
    // A step that is torn has its head on one sheet and its boxes on the next.
    for (const text of texts) {
      expect(text.match(/\d+ of \d+ · \d+ min/g)?.length ?? 0).toBe(text.match(/Time \(UTC\)/g)?.length ?? 0);
    }
    await page.context().close();
  });
});

test.each([true, false])(
  'paper names where a link leads, and has no link to a table file (script: %s)',
  async (on) => {
    const { page } = await site.open('introduction/threshold-mathematics/index.html', {
      javaScriptEnabled: on,
    });
    expect(await page.locator('a[href^="data:text/csv"]').count()).toBeGreaterThan(0);
    const { name, address } = await page
      .locator('.prose p > a[href$="/index.html"]')
      .first()
      .evaluate((link: HTMLAnchorElement) => ({
        name: link.innerText,
        address: link.getAttribute('href') ?? '',
      }));
    // The script knows where the page stands, and writes the address from the root of the site.
    const shown = on ? address.replace(/^(\.\.\/)+/, '').replace(/index\.html$/, '') : address;
    const text = (await sheets(page)).join(' ');
    expect(text.replace(/\s+/g, '').includes(`${name}(${shown})`.replace(/\s+/g, '')), shown).toBe(true);
    expect(text).not.toMatch(/data:text|Save .{0,20}CSV/);
    await page.context().close();
  },
);

test('forms on paper give each value its room: lines and boxes of 8 mm, one box a character', async () => {
  const { page } = await site.open('audit/templates/shard-receipt/index.html');
  await page.emulateMedia({ media: 'print' });
  const blanks = await page.$$eval('.form .ink, .form .cells, .form .form-signature', (all) =>
    all.map((blank) => {
      const { width, height } = blank.getBoundingClientRect();
      const style = getComputedStyle(blank);
      return {
        name: blank.getAttribute('name') ?? 'signature',
        high: (height / 96) * 25.4,
        // A blank in a table is the cell around it.
        boxes: blank.closest('td') === null ? width / Number.parseFloat(style.getPropertyValue('--box')) : 0,
        cells: Number(blank.getAttribute('data-cells') ?? 0),
      };
    }),
  );
  expect(blanks.length).toBeGreaterThan(10);
  for (const { name, high } of blanks) expect(high, name).toBeGreaterThanOrEqual(8);
  const counted = blanks.filter(({ cells, boxes }) => cells > 4 && boxes > 0);
  expect(counted.map(({ cells }) => cells)).toEqual([8, 8, 10]);
  for (const { name, cells, boxes } of counted) expect((boxes / 96) * 25.4, name).toBeCloseTo(cells, 0);
  await page.context().close();
});

test('printing leaves the screen as it was', async () => {
  const { page } = await site.open(PROCEDURE, { colorScheme: 'dark' });
  const seen = await page.evaluate(() => {
    dispatchEvent(new Event('beforeprint'));
    const during = document.documentElement.dataset.theme;
    dispatchEvent(new Event('afterprint'));
    return [during, document.documentElement.dataset.theme];
  });
  expect(seen).toEqual(['light', 'dark']);
  await page.context().close();
});
