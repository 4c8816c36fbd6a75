/** Small windows, large text and a reader's own colors: commands stay readable, what is current is marked. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { deployment, isOther, pages, startSite } from './site';

const site = startSite();

/** Words of commands that stand on two lines although they would fit on one. */
function brokenWords(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const broken: string[] = [];
    for (const line of document.querySelectorAll('.code-command code > span')) {
      const text = line.textContent ?? '';
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      const places: [Node, number][] = [];
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
        for (let at = 0; at < (node.textContent ?? '').length; at += 1) places.push([node, at]);
      const style = getComputedStyle(line);
      const room =
        line.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
      const pen = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D;
      pen.font = style.font;
      for (const { 0: word, index } of text.matchAll(/\S{2,}/g)) {
        if (pen.measureText(word).width > room) continue;
        const tops = [index, index + word.length - 1].map((at) => {
          const [node, offset] = places[at] as [Node, number];
          const range = document.createRange();
          range.setStart(node, offset);
          range.setEnd(node, offset + 1);
          return Math.round(range.getBoundingClientRect().top);
        });
        if (tops[0] !== tops[1]) broken.push(`${word} in ${text}`);
      }
    }
    return broken;
  });
}

test.each([320, 390])('at %i px no command breaks inside a word', async (width) => {
  const { page } = await site.open('index.html', { viewport: { width, height: 800 } });
  const broken: string[] = [];
  let commands = 0;
  for (const file of pages()) {
    await page.goto(site.url(file));
    commands += await page.locator('.code-command').count();
    broken.push(...(await brokenWords(page)).map((word) => `${file}: ${word}`));
  }
  expect(broken).toEqual([]);
  expect(commands).toBeGreaterThan(isOther ? 20 : 100);
  await page.context().close();
});

test('what is copied by hand is the command, letter by letter', async () => {
  const { page } = await site.open('emergency/unseal/index.html', { viewport: { width: 320, height: 800 } });
  for (const block of await page.locator('.code-command pre').all()) {
    const [copied, text] = await block.evaluate((pre) => {
      getSelection()?.selectAllChildren(pre);
      return [getSelection()?.toString().trimEnd(), pre.textContent?.trimEnd()];
    });
    expect(copied).toBe(text);
  }
  await page.context().close();
});

test('every Copy button says what it copies, and keeps its name after the click', async () => {
  const { page } = await site.open('emergency/unseal/index.html', { permissions: ['clipboard-write'] });
  const names = await page.$$eval('.code-copy', (buttons) => buttons.map((button) => button.textContent));
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain('Copy the command of UNS-04');
  const button = page.locator('#UNS-04 .code-copy');
  await button.click();
  await expect.poll(() => button.textContent()).toBe('Copied the command of UNS-04');
  await expect.poll(() => button.textContent(), { timeout: 5000 }).toBe('Copy the command of UNS-04');
  await page.context().close();
});

describe('W14', () => {
  test('W14: with colors of the reader, page, section and progress are marked', async () => {
    const { page } = await site.open('emergency/unseal/index.html', {
      viewport: { width: 1360, height: 900 },
      forcedColors: 'active',
    });
    const ground = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).backgroundColor);
    await page.locator('#unwrap').evaluate((heading) => heading.scrollIntoView());
    await page.waitForSelector('#contents [aria-current]');
    for (const [here, other] of [
      ['.chapter[aria-current]', '.chapter:not([aria-current])'],
      ['#menu [aria-current="page"]', '#menu a:not([aria-current])'],
      ['#contents [aria-current]', '#contents a:not([aria-current])'],
    ] as const)
      expect(await ground(here), here).not.toBe(await ground(other));
    const width = () =>
      page.evaluate(() =>
        Number.parseFloat(
          getComputedStyle(document.querySelector('.place-steps') as Element, '::after').width,
        ),
      );
    expect(await width()).toBe(0);
    await page.check('[data-step="UNS-01"]');
    await expect.poll(width).toBeGreaterThan(5);
    await page.context().close();
  });

  test.each([
    [320, 256],
    [640, 512],
    [1280, 1024],
  ])('W14: in a window of %i × %i the bar names the step that is read', async (width, height) => {
    const { page } = await site.open('emergency/unseal/index.html', { viewport: { width, height } });
    const ids = await page.$$eval('section.step', (steps) => steps.map((step) => step.id));
    expect(ids.length).toBeGreaterThan(10);
    for (const id of ['UNS-03', ids[Math.floor(ids.length / 2)] ?? '', 'UNS-01']) {
      await page.locator(`#${id}`).evaluate((step) => step.scrollIntoView());
      await expect
        .poll(() => page.textContent('[data-position]'), { message: id })
        .toMatch(new RegExp(`^${id}: step `));
    }
    await page.context().close();
  });
});

const needed = new RegExp(`\\d of ${deployment.shards.length} left, ${deployment.key.threshold} needed\\.`);

describe.each([320, 390])('the recovery matrix at %i px', (width) => {
  test('shows both boxes of every row, and the outcome while they are ticked', async () => {
    const { page, complaints } = await site.open('emergency/recovery-matrix/index.html', {
      viewport: { width, height: 700 },
    });
    const matrix = page.locator('[data-island="RecoveryMatrix"]');
    const table = matrix.locator('table').first();
    await table.scrollIntoViewIfNeeded();
    await page.waitForSelector('[data-island="RecoveryMatrix"][data-awake]');
    expect(
      await table.evaluate((element) => element.scrollWidth - (element.parentElement?.clientWidth ?? 0)),
    ).toBeLessThanOrEqual(0);
    const boxes = table.locator('tbody input');
    const out = await boxes.evaluateAll(
      (all) => all.filter((box) => box.getBoundingClientRect().right > innerWidth).length,
    );
    expect(out).toBe(0);
    for (const box of [boxes.first(), boxes.nth(4), boxes.last()]) {
      await box.check();
      const { top, bottom } = await matrix
        .locator('[class$="_now"]')
        .evaluate((line) => line.getBoundingClientRect());
      expect(top).toBeGreaterThan(0);
      expect(bottom).toBeLessThanOrEqual(700);
      expect(await matrix.locator('[class$="_now"]').textContent()).toMatch(needed);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
