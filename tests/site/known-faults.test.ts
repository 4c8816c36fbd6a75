/** What the site once got wrong in a reader's hands (W01 to W05), done as a person does it on a phone and on a desk. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { isOther, startSite } from './site';

const site = startSite();
const START = 'emergency/index.html';
const MATRIX = 'emergency/recovery-matrix/index.html';
const UNSEAL = 'emergency/unseal/index.html';
const widths = [320, 390, 1360] as const;

async function open(path: string, width: number, more = {}) {
  const opened = await site.open(path, { viewport: { width, height: 800 }, ...more });
  return opened;
}

const isNarrow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

describe.skipIf(isOther).each(widths)('at %i px', (width) => {
  test('W01: the triage has no verdict before every question is answered', async () => {
    const { page, complaints } = await open(START, width);
    const triage = page.locator('[data-island="Triage"]');
    const status = triage.locator('[role=status]');
    await triage.scrollIntoViewIfNeeded();
    // A click before that is kept and done again (held.test.ts), so that it shows a moment late.
    await page.waitForSelector('[data-island="Triage"][data-awake]');
    expect(await triage.locator('[role=status] [data-state]').count()).toBe(0);
    expect(await status.textContent()).toMatch(/^No verdict yet\. Not answered: /);
    expect(await triage.locator('input:checked').count()).toBe(0);
    await triage
      .getByRole('group', { name: /key itself/ })
      .getByLabel('no', { exact: true })
      .check();
    const count = (name: RegExp) => triage.getByRole('textbox', { name });
    // One question at a time, in the order of the page.
    expect(await count(/^H:/).count()).toBe(0);
    await count(/^E:/).fill('0');
    await triage.getByRole('group', { name: /^L:/ }).getByLabel('yes', { exact: true }).check();
    await count(/^H:/).fill('5');
    expect(await status.locator('[data-state]').count()).toBe(0);
    await count(/^S:/).fill('0');
    await expect.poll(() => status.locator('[data-state]').getAttribute('data-state')).toBe('GREEN');
    expect(await isNarrow(page)).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('W02: a field without a count takes the verdict away, says why, and keeps what was typed', async () => {
    const { page } = await open(START, width);
    const triage = page.locator('[data-island="Triage"]');
    const status = triage.locator('[role=status]');
    await triage.scrollIntoViewIfNeeded();
    // A click before that is kept and done again (held.test.ts), so that it shows a moment late.
    await page.waitForSelector('[data-island="Triage"][data-awake]');
    await triage
      .getByRole('group', { name: /key itself/ })
      .getByLabel('no', { exact: true })
      .check();
    const count = (name: RegExp) => triage.getByRole('textbox', { name });
    await count(/^E:/).fill('0');
    await triage.getByRole('group', { name: /^L:/ }).getByLabel('yes', { exact: true }).check();
    await count(/^H:/).fill('5');
    await count(/^S:/).fill('0');
    const field = count(/^H:/);
    await expect.poll(() => status.locator('[data-state]').count()).toBe(1);
    for (const [typed, why] of [
      ['', 'Not answered: H.'],
      ['many', 'Not a count that this set can have: H.'],
    ] as const) {
      await field.fill(typed);
      await page.keyboard.press('Tab');
      await expect.poll(() => status.textContent()).toBe(`No verdict yet. ${why}`);
      expect(await field.inputValue()).toBe(typed);
    }
    expect(await triage.getByText('wanted: a whole number from 0 to 5').isVisible()).toBe(true);
    expect(await isNarrow(page)).toBe(true);
    await page.context().close();
  });

  test('W03: the matrix shows every row, shards first, and its head stays', async () => {
    const { page } = await open(MATRIX, width);
    const matrix = page.locator('[data-island="RecoveryMatrix"]');
    const table = matrix.locator('table').first();
    await table.scrollIntoViewIfNeeded();
    const kinds = await table.locator('tbody tr td:nth-child(4)').allTextContents();
    expect(kinds.slice(0, 5)).toEqual(Array(5).fill('shard'));
    expect(kinds.slice(5)).not.toContain('shard');
    const box = await table.evaluate((element) => {
      const region = element.parentElement as HTMLElement;
      return {
        inner: region.scrollHeight - region.clientHeight,
        rows: element.querySelectorAll('tbody tr').length,
      };
    });
    expect(box.inner).toBeLessThanOrEqual(0);
    expect(box.rows).toBe(kinds.length);
    expect(await matrix.locator('[role=status] [data-state]').count()).toBe(0);
    expect(await isNarrow(page)).toBe(true);
    await page.context().close();
  });

  test('W04: a choice that is no quorum is refused with the reason', async () => {
    for (const [asked, reason] of [
      ['1,2', 'The address asks for 2 shards, and a quorum has exactly 3: all are shown.'],
      ['1', 'The address asks for 1 shard, and a quorum has exactly 3: all are shown.'],
      ['1,2,3,4', 'The address asks for 4 shards, and a quorum has exactly 3: all are shown.'],
      ['1,2,2', 'The address names shard 2 twice: all are shown.'],
      ['1,2,9', 'The address asks for shard 9, which this page does not have: all are shown.'],
    ] as const) {
      const { page } = await open(`${UNSEAL}?shards=${asked}`, width);
      expect(await page.textContent('[data-run-filter]')).toBe(reason);
      expect(await page.isVisible('[data-run-filter]')).toBe(true);
      expect(await page.locator('section.step:not(:visible)').count()).toBe(0);
      await page.context().close();
    }
  });

  test('W05: one count and one choice, on the page, in its contents, in the bar and in the run', async () => {
    const { page, complaints } = await open(`${UNSEAL}?shards=1,2,4`, width);
    const visible = await page.locator('section.step:visible').count();
    const all = await page.locator('section.step').count();
    expect(visible).toBeLessThan(all);
    const plans = await page.locator('section.step:visible .step-plan').allTextContents();
    expect(plans.map((plan) => /^\d+ of \d+/.exec(plan)?.[0])).toEqual(
      plans.map((_, index) => `${index + 1} of ${visible}`),
    );
    expect(await page.textContent('[data-position]')).toContain(`of ${visible}`);
    expect(await page.textContent('[data-plan="steps"]')).toBe(String(visible));
    expect(await page.textContent('[data-plan="time"]')).toMatch(/^(\d h )?\d+ min$/);
    if (width < 1200) await page.locator('.place-contents').click();
    const listed = await page.locator('#contents a:visible').allTextContents();
    expect(listed.filter((text) => /^Shard \d/.test(text)).map((text) => text.slice(0, 7))).toEqual([
      'Shard 1',
      'Shard 2',
      'Shard 4',
    ]);
    if (width < 1200) await page.keyboard.press('Escape');
    await page.check('#UNS-01 [data-step]');
    const stored = () =>
      page.evaluate(() => {
        const key = Object.keys(localStorage).find((name) => name.startsWith('runbook.run:')) ?? '';
        return (JSON.parse(localStorage.getItem(key) ?? '{}') as { shards?: number[] }).shards;
      });
    expect(await stored()).toEqual([1, 2, 4]);
    // The bare page opens with the run, and so with its choice.
    await page.goto(site.url(UNSEAL));
    expect(await page.isVisible('#shard-3')).toBe(false);
    expect(await page.locator('section.step:visible').count()).toBe(visible);
    expect(await page.textContent('[data-run-filter]')).toBe(
      'Shown: the steps of shards 1, 2, 4. Hidden: shards 3, 5. Show all shards',
    );
    // A link to a step of another shard shows all, says so, and leaves the choice as it is.
    await page.evaluate(() => {
      location.hash = '#shard-3';
    });
    await expect.poll(() => page.isVisible('#shard-3')).toBe(true);
    expect(await page.textContent('[data-run-filter]')).toContain(
      'a shard that was not chosen: all are shown',
    );
    expect(await stored()).toEqual([1, 2, 4]);
    await page.click('[data-run-filter] a');
    await expect.poll(() => page.isVisible('#shard-3')).toBe(false);
    // Another quorum for the same run is said; all of them is a choice as well.
    await page.goto(site.url(`${UNSEAL}?shards=1,2,5`));
    expect(await page.textContent('[data-run-status]')).toMatch(
      /was for shards 1, 2, 4; it is now for 1, 2, 5\.$/,
    );
    await expect.poll(stored).toEqual([1, 2, 5]);
    expect(await page.isChecked('#UNS-01 [data-step]')).toBe(true);
    await page.click('[data-run-filter] a');
    await expect.poll(() => page.isVisible('#shard-4')).toBe(true);
    await expect.poll(stored).toBeUndefined();
    expect(await page.locator('section.step:visible').count()).toBe(all);
    expect(await page.locator('.step-plan').last().textContent()).toContain(`${all} of ${all}`);
    expect(await page.textContent('[data-plan="steps"]')).toBe(String(all));
    expect(await page.textContent('[data-plan="time"]')).toMatch(/^up to /);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

test('W01: without JavaScript there is no verdict either', async () => {
  const { page } = await open(START, 390, { javaScriptEnabled: false });
  expect(await page.locator('[data-island="Triage"] [data-state]').count()).toBe(0);
  expect(await page.locator('[data-island="Triage"] [role=status]').textContent()).toContain(
    'No verdict yet',
  );
  await page.goto(site.url(MATRIX));
  expect(await page.locator('[data-island="RecoveryMatrix"] [data-state]').count()).toBe(0);
  await page.context().close();
});

test('W01: on paper there is none, and no answer', async () => {
  const { page } = await open(START, 1360);
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('[data-island="Triage"] [data-state]').count()).toBe(0);
  expect(await page.locator('[data-island="Triage"] input:checked').count()).toBe(0);
  await page.context().close();
});

test.each([1280, 1360, 1600, 1920])(
  'W03: at %i px nothing of the matrix scrolls inside, and its head stays in view',
  async (width) => {
    const { page } = await open(MATRIX, width);
    const table = page.locator('[data-island="RecoveryMatrix"] table').first();
    const region = await table.evaluate((element) => {
      const { scrollHeight, clientHeight, scrollWidth, clientWidth } = element.parentElement as HTMLElement;
      return { high: scrollHeight - clientHeight, wide: scrollWidth - clientWidth };
    });
    expect(region).toEqual({ high: 0, wide: 0 });
    await table.locator('tbody tr').last().scrollIntoViewIfNeeded();
    await page.waitForTimeout(100);
    const { head, bar, last } = await table.evaluate((element) => ({
      head: element.querySelector('thead th')?.getBoundingClientRect().top ?? -1,
      bar: document.querySelector('header')?.getBoundingClientRect().bottom ?? -1,
      last: element.querySelector('tbody tr:last-child')?.getBoundingClientRect().top ?? -1,
    }));
    expect(head).toBeGreaterThanOrEqual(bar - 2);
    expect(head).toBeLessThan(last);
    await page.context().close();
  },
);
