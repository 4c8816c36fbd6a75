/** What a reader did or asked for is still there when they come back, go on or print (W06 to W12). */
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

test('W06: after Back the boxes are those of the record, with what another tab ticked meanwhile', async () => {
  const { page, complaints } = await site.open(UNSEAL);
  const ids = await page.$$eval('section.step', (steps) => steps.slice(0, 3).map(({ id }) => id));
  const [first = '', second = '', third = ''] = ids;
  await page.check(`[data-step="${first}"]`);
  await page.check(`[data-step="${second}"]`);
  await page.click('.chapter-emergency');
  await page.waitForURL(/emergency\/$/);
  const other = await page.context().newPage();
  await other.goto(site.url(UNSEAL));
  await other.check(`[data-step="${third}"]`);
  await other.uncheck(`[data-step="${first}"]`);
  await page.goBack();
  const shown = () =>
    page.$$eval('[data-step]:checked', (boxes) => boxes.map((box) => box.getAttribute('data-step')));
  await expect.poll(shown).toEqual([second, third]);
  expect(await page.textContent('[data-position]')).toContain('2 done');
  // The page that a browser kept as it stood, and shows again.
  await page.evaluate((id) => {
    const key = Object.keys(localStorage).find((name) => name.startsWith('runbook.run:')) ?? '';
    const run = JSON.parse(localStorage.getItem(key) ?? '');
    run.steps[id] = { time: run.started };
    localStorage.setItem(key, JSON.stringify(run));
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  }, first);
  expect(await shown()).toEqual(ids);
  await page.uncheck(`[data-step="${first}"]`);
  expect(await page.textContent('[data-position]')).toContain('2 done');
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('W06: a filter that the browser fills in again narrows the table again', async () => {
  const { page } = await site.open('audit/control-map/index.html');
  const shown = () => page.locator('#control-table tr[data-framework]:visible').count();
  await page.fill('[data-filter-word]', 'split knowledge');
  const narrow = await shown();
  await page.click('.chapter-emergency');
  await page.waitForURL(/emergency\/$/);
  await page.goBack();
  const word = await page.inputValue('[data-filter-word]');
  await expect
    .poll(shown)
    .toBe(word === '' ? await page.locator('#control-table tr[data-framework]').count() : narrow);
  await page.context().close();
});

test('W08: a step that was skipped for a reason is a state, and asks no more', async () => {
  const { page, complaints } = await site.open(UNSEAL);
  const ids = await page.$$eval('section.step:not([data-shard])', (steps) => steps.map(({ id }) => id));
  const [first = '', second = '', third = '', fourth = ''] = ids;
  await page.check(`[data-step="${first}"]`);
  await page.click(`#${second} [data-skip]`);
  await page.fill('[data-run-why]', 'decided by phone before');
  await page.click('[data-run-yes]');
  await expect
    .poll(() => page.textContent('[data-run-status]'))
    .toBe(`${second} is skipped: decided by phone before.`);
  for (const id of [third, fourth]) {
    await page.click(`#${id} [data-step]`);
    await expect.poll(() => page.textContent('[data-run-status]')).toMatch(`${id} done at`);
    expect(await page.isVisible('[data-run-ask]')).toBe(false);
  }
  expect(await page.textContent('[data-position]')).toContain('3 done and 1 skipped');
  await page.reload();
  expect(await page.textContent(`#${second} .step-time`)).toMatch(/^skipped \d\d:\d\dZ$/);
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator(`#${second} [data-paper="note"]`).innerText()).toBe(
    'Skipped: decided by phone before',
  );
  expect(await page.innerText('[data-run-paper]')).toContain('3 steps ticked, 1 skipped');
  await page.emulateMedia({ media: 'screen' });
  // Done after all; and skipped no more, when somebody takes it back.
  await page.check(`[data-step="${second}"]`);
  expect(await page.textContent(`#${second} .step-time`)).toMatch(/^\d\d:\d\dZ$/);
  expect(await page.inputValue(`#${second} [data-record="note"]`)).toBe('decided by phone before');
  await page.click(`#${first} [data-skip]`);
  await page.keyboard.type('mks1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0j');
  await page.keyboard.press('Enter');
  expect(await page.textContent('#run-ask-text')).toContain('looks like a shard or a key');
  expect(await page.inputValue('[data-run-why]')).toBe('');
  await page.keyboard.press('Escape');
  expect(await page.isChecked(`[data-step="${first}"]`)).toBe(true);
  expect(complaints).toEqual([]);
  await page.context().close();
});

const LOG = 'audit/templates/ceremony-log/index.html';
const field = (name: string) => `[name="${name}"]`;

test('W10: dates, times and numbers that cannot be are refused at their field, and listed with a link each', async () => {
  const { page, complaints } = await site.open(LOG);
  await page.fill(field('ceremony.date'), '2026-02-30');
  await page.fill(field('ceremony.begin'), '10:00');
  await page.fill(field('ceremony.end'), '09:00');
  await page.fill(field('ceremony.threshold'), '9');
  await page.fill(field('ceremony.shards'), '5');
  await page.press(field('ceremony.shards'), 'Tab');
  const said = (name: string) => page.locator(field(name)).locator('..').locator('.form-error').innerText();
  expect(await said('ceremony.date')).toBe('wanted a day of the calendar, as YYYY-MM-DD');
  expect(await said('ceremony.end')).toMatch(/^is before Begin \(UTC\)/);
  expect(await said('ceremony.threshold')).toBe('is more than Shards N, 5');
  for (const what of ['export', 'compare']) {
    let downloads = 0;
    page.on('download', () => {
      downloads += 1;
    });
    await page.click(`[data-do="${what}"]`);
    expect(await page.textContent('[data-status]')).toMatch(
      /^Not exported\. Date \(UTC\): .* 3 fields do not fit:$/,
    );
    await page.waitForTimeout(200);
    expect(downloads).toBe(0);
  }
  expect(await page.locator('[data-wrong] a').allTextContents()).toEqual([
    'Date (UTC): wanted a day of the calendar, as YYYY-MM-DD',
    expect.stringMatching(/^End \(UTC\): is before Begin/),
    'Threshold M: is more than Shards N, 5',
  ]);
  await page.click('[data-wrong] a >> nth=2');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('ceremony.threshold');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('3');
  expect(await page.locator('[data-wrong] a').count()).toBe(2);
  await page.fill(field('ceremony.date'), '2026-02-28');
  await page.fill(field('ceremony.until'), '2026-03-01');
  await page.press(field('ceremony.until'), 'Tab');
  expect(await page.locator('.form-error').count()).toBe(0);
  expect(await page.isVisible('[data-wrong]')).toBe(false);
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-do="export"]')]);
  expect(download.suggestedFilename()).toMatch(/^ceremony-log/);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('W11: what was cleared in one tab does not come back from another, and a deleted run neither', async () => {
  const { page } = await site.open(LOG);
  await page.fill(field('ceremony.place'), 'Harbor office');
  const second = await page.context().newPage();
  await second.goto(page.url());
  expect(await second.inputValue(field('ceremony.place'))).toBe('Harbor office');
  await page.click('[data-do="clear"]');
  await page.click('[data-do="clear"]');
  await expect.poll(() => second.inputValue(field('ceremony.place'))).toBe('');
  expect(await second.textContent('[data-status]')).toContain('Another tab cleared this form');
  await second.fill(field('ceremony.date'), '2026-11-23');
  await expect.poll(() => page.inputValue(field('ceremony.date'))).toBe('2026-11-23');
  expect(await page.inputValue(field('ceremony.place'))).toBe('');
  // The tab that was cleared from elsewhere can bring back what stood in it.
  await second.click('[data-do="back"]');
  await expect.poll(() => page.inputValue(field('ceremony.place'))).toBe('Harbor office');

  await page.goto(site.url(UNSEAL));
  await page.check('[data-step="UNS-01"]');
  await second.goto(site.url(UNSEAL));
  expect(await second.isChecked('[data-step="UNS-01"]')).toBe(true);
  await page.click('[data-run] summary');
  await page.click('[data-run-delete]');
  await page.click('[data-run-yes]');
  await expect.poll(() => second.textContent('[data-run-status]')).toMatch(/was deleted elsewhere/);
  await second.fill('#UNS-02 [data-record="note"]', 'begun anew');
  expect(await second.isChecked('[data-step="UNS-01"]')).toBe(false);
  await page.context().close();
});
