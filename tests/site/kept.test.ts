/** What a reader did or asked for is still there when they come back, go on or print (W07, W09, W12). */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { isOther, startSite } from './site';

const site = startSite();
const UNSEAL = 'emergency/unseal/index.html';

/** Moves the open run into the past: its start and the tick of its first step, in hours before now. */
function age(page: Page, started: number, ticked: number): Promise<void> {
  return page.evaluate(
    ([start, tick]) => {
      const ago = (hours: number) =>
        `${new Date(Date.now() - hours * 3_600_000).toISOString().slice(0, 19)}Z`;
      const key = Object.keys(localStorage).find((name) => name.startsWith('runbook.run:')) ?? '';
      const run = JSON.parse(localStorage.getItem(key) ?? '');
      run.started = ago(start as number);
      run.steps['UNS-01'].time = ago(tick as number);
      localStorage.setItem(key, JSON.stringify(run));
    },
    [started, ticked],
  );
}

test('W07: a run lives for a day from its last tick, and an expired one is named', async () => {
  const { page, complaints } = await site.open(UNSEAL);
  await page.check('[data-step="UNS-01"]');
  await age(page, 30, 23);
  await page.reload();
  expect(await page.isChecked('[data-step="UNS-01"]')).toBe(true);
  expect(await page.textContent('[data-run-status]')).toBe('');
  await age(page, 30, 25);
  await page.reload();
  expect(await page.isChecked('[data-step="UNS-01"]')).toBe(false);
  expect(await page.textContent('[data-run-status]')).toMatch(
    /^Run “Run of .*” is not open: nothing was ticked in it since \d{4}-\d\d-\d\d \d\d:\d\d UTC, more than a day ago\./,
  );
  await page.click('[data-run] summary');
  await page.selectOption('[data-run-choice]', { index: 1 });
  expect(await page.isChecked('[data-step="UNS-01"]')).toBe(true);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test.skipIf(isOther)('W09: what was ticked in the matrix is printed with its outcome', async () => {
  const { page } = await site.open('emergency/recovery-matrix/index.html');
  const matrix = page.locator('[data-island="RecoveryMatrix"]');
  await matrix.scrollIntoViewIfNeeded();
  await page.waitForSelector('[data-island="RecoveryMatrix"][data-awake]');
  await matrix.getByLabel('Down: AWS KMS us-east-1 (shard)').check();
  await matrix.getByLabel('Breached: Paper safe-a (shard)').check();
  const shown = async () => (await matrix.locator('dl:visible').allTextContents()).join();
  expect(await shown()).toBe('');
  await page.emulateMedia({ media: 'print' });
  expect(await shown()).toBe(
    'DownAWS KMS us-east-1 (shard)BreachedPaper safe-a (shard)A running process still holds the keyyes',
  );
  await page.context().close();
});

test('W12: a link to a row that the filter has left out shows it', async () => {
  const { page, complaints } = await site.open('audit/control-map/index.html');
  const group = page.locator('[data-filter-group]');
  await group.selectOption({ index: 2 });
  // The first link of an artifact that leads to a row of another framework.
  const target = await page.$$eval('[id^="evidence-"] a[href^="#"]', (links) => {
    const hrefs = links.map((link) => link.getAttribute('href') ?? '');
    return hrefs.find((href) => document.getElementById(href.slice(1))?.hidden) ?? '';
  });
  const link = page.locator(`[id^="evidence-"] a[href="${target}"]`).first();
  const row = page.locator(`[id="${target.slice(1)}"]`);
  expect(await row.isVisible()).toBe(false);
  await link.click();
  expect(await row.isVisible()).toBe(true);
  expect(await group.inputValue()).toBe('');
  const { top } = await row.evaluate((row) => row.getBoundingClientRect());
  expect(top).toBeGreaterThanOrEqual(0);
  expect(top).toBeLessThan(900);
  // Back and forward lead there as well.
  await page.goBack();
  await group.selectOption({ index: 2 });
  await page.goForward();
  await expect.poll(() => row.isVisible()).toBe(true);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('W12: the filter finds rows that hold every word', async () => {
  const { page } = await site.open('audit/control-map/index.html');
  const shown = () =>
    page.$$eval('#control-table tr[data-framework]:not([hidden])', (rows) => rows.map(({ id }) => id));
  for (const words of ['split knowledge', 'knowledge split ', '3.7.6 dual']) {
    await page.fill('[data-filter-word]', words);
    expect((await shown()).join(), words).toContain('3.7.6');
    expect((await shown()).length, words).toBeLessThan(10);
  }
  await page.context().close();
});
