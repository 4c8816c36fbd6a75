/** Paper: white from dark mode, every sheet numbered and named, steps whole, boxes for pen and ink. */

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { spell } from '../../src/shard/words';
import { draw } from './draw';
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
  test('is black on white on every sheet, and reads without color', async () => {
    const { page } = await site.open(PROCEDURE, { colorScheme: 'dark' });
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
    const pdf = await page.pdf({ format: 'A4', printBackground: true });
    const browser = page.context().browser();
    if (browser === null) throw new Error('no browser');
    const images = await draw(browser, pdf, 50);
    expect(images.length).toBeGreaterThan(10);
    for (const [sheet, image] of images.entries()) {
      let [white, colored] = [0, 0];
      for (let at = 0; at < image.data.length; at += 4) {
        const [red = 0, green = 0, blue = 0] = image.data.subarray(at, at + 3);
        if (Math.min(red, green, blue) > 250) white += 1;
        if (Math.max(red, green, blue) - Math.min(red, green, blue) > 24) colored += 1;
      }
      expect(white / (image.width * image.height), `sheet ${sheet + 1}`).toBeGreaterThan(0.75);
      expect(colored, `sheet ${sheet + 1}`).toBe(0);
    }
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

test('a procedure has a head to fill in, and a line for every role to sign', async () => {
  const { page } = await site.open(PROCEDURE);
  expect(await page.locator('.sheet-head:visible, .sheet-people:visible').count()).toBe(0);
  const roles = (await page.innerText('.plan-roles dd')).split(', ');
  expect(roles.length).toBeGreaterThan(3);
  const texts = await sheets(page);
  for (const blank of ['Incident number', 'Date (UTC)', 'Begin (UTC)', 'End (UTC)'])
    expect(texts[0]).toContain(blank);
  const last = texts.at(-1) ?? '';
  for (const text of [...roles, 'Name in capitals', 'Initials', 'Signature']) expect(last).toContain(text);
  await page.emulateMedia({ media: 'print' });
  const rows = await page.$$eval('.sheet-people tbody tr', (all) =>
    all.map((row) => (row.getBoundingClientRect().height / 96) * 25.4),
  );
  expect(rows).toHaveLength(roles.length + 1);
  for (const high of rows) expect(high).toBeGreaterThanOrEqual(9);
  await page.context().close();
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
  expect(counted.map(({ cells }) => cells)).toEqual([8, 8, 10, 5, 5, 10]);
  for (const { name, cells, boxes } of counted) expect((boxes / 96) * 25.4, name).toBeCloseTo(cells, 0);
  await page.context().close();
});

test('a form that was filled in prints what was typed, and its digest as words', async () => {
  const { page } = await site.open('audit/templates/shard-receipt/index.html', { colorScheme: 'dark' });
  const typed = {
    'shard.label': '9F3A-005',
    'shard.kcv': '4f2a90c1',
    'shard.serial': '0012345678',
    'shard.safe': 'safe A, second shelf',
    'signatures.0.name': 'Elena Example',
  };
  for (const [name, text] of Object.entries(typed)) await page.fill(`[name="${name}"]`, text);
  const [paper = '', ...others] = await sheets(page);
  expect(others).toEqual([]);
  const dense = paper.replace(/\s+/g, '');
  for (const text of [...Object.values(typed), spell('4f2a90c1').join(' ')])
    expect(dense).toContain(text.replace(/\s+/g, ''));
  // A whole digest stands in two lines of 32 boxes, none of it cut off.
  await page.goto(site.url('audit/templates/ceremony-log/index.html'));
  const digest = '0123456789abcdeffedcba98765432100f1e2d3c4b5a69788796a5b4c3d2e1f0';
  await page.fill('[name="values.manifest"]', digest);
  expect((await sheets(page)).join('').replace(/\s+/g, '')).toContain(digest);
  await page.context().close();
});

test('a browser without boxes in the margin names the sheets at their edge', async () => {
  for (const isOld of [true, false]) {
    const { page } = await site.open('index.html');
    if (isOld) await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'CSSMarginRule'));
    await page.goto(site.url(PROCEDURE));
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    const edge = page.locator('.sheet-edge');
    expect(await edge.count()).toBe(isOld ? 1 : 0);
    if (isOld) {
      const digest = await page.textContent('.page-digest');
      expect(await edge.textContent()).toMatch(
        new RegExp(`^MasterKey Runbook [\\d.]+ · commit \\w+\\+? · page ${digest} · Sheet \\.+ of \\.+$`),
      );
      expect(await edge.isVisible()).toBe(false);
      // Chromium repeats it as well.
      const texts = await sheets(page);
      expect(texts.length).toBeGreaterThan(5);
      // Two letters f of a digest are one sign on paper, which is read back with blanks around it.
      for (const text of texts) expect(text.replace(/\s/g, '').split(`page${digest}`).length).toBe(3);
    }
    await page.context().close();
  }
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
