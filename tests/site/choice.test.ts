/** Choosing shards in the table of the step, going on from the start page, and asking whether a print is current. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { BUILD, startSite } from './site';

const site = startSite();
const UNSEAL = 'emergency/unseal/index.html';

const stored = (page: Page) =>
  page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith('runbook.run:')) ?? '';
    const { shards, out } = JSON.parse(localStorage.getItem(key) ?? '{}') as Record<string, unknown>;
    return { shards, out };
  });

describe.each([320, 1360])('the table of shards at %i px', (width) => {
  test('takes exactly M shards, refuses one that is out with the reason, and hides the steps of the others', async () => {
    const { page, complaints } = await site.open(UNSEAL, { viewport: { width, height: 800 } });
    const said = page.locator('[data-choice-said]');
    const status = page.locator('[data-run-status]');
    const all = await page.locator('section.step').count();
    expect(await said.textContent()).toBe('0 of 3 chosen: tick 3 more.');
    expect(await page.locator('[data-take]:checked').count()).toBe(0);
    await page.selectOption('[data-out="2"]', 'exposed');
    await page.click('[data-take="2"]');
    expect(await page.isChecked('[data-take="2"]')).toBe(false);
    expect(await status.textContent()).toBe('Shard 2 may be exposed, and is not taken.');
    await page.check('[data-take="1"]');
    await page.check('[data-take="3"]');
    expect(await said.textContent()).toMatch(/^2 of 3 chosen: tick 1 more\. \d+ min; \S/);
    expect(await page.locator('section.step:visible').count()).toBe(all);
    await page.check('[data-take="4"]');
    expect(await said.textContent()).toMatch(/^Chosen: shards 1, 3, 4\. \d+ min; \S/);
    expect(new URL(page.url()).search).toBe('?shards=1,3,4');
    expect(await page.isVisible('#shard-5')).toBe(false);
    const visible = await page.locator('section.step:visible').count();
    expect(visible).toBeLessThan(all);
    expect(await page.textContent('[data-plan="steps"]')).toBe(String(visible));
    expect(await stored(page)).toEqual({ shards: [1, 3, 4], out: { 2: 'exposed' } });
    await page.click('[data-take="5"]');
    expect(await page.isChecked('[data-take="5"]')).toBe(false);
    expect(await status.textContent()).toMatch(/^A quorum has exactly 3 shards\./);
    // What becomes unreachable goes, and what is left is no quorum.
    await page.selectOption('[data-out="4"]', 'unreachable');
    expect(await status.textContent()).toBe('Shard 4 cannot be reached: it is no longer chosen.');
    expect(await page.locator('section.step:visible').count()).toBe(all);
    expect(await stored(page)).toEqual({ out: { 2: 'exposed', 4: 'unreachable' } });
    await page.check('[data-take="5"]');
    await page.goto(site.url(UNSEAL));
    expect(await page.locator('[data-take]:checked').evaluateAll((boxes) => boxes.length)).toBe(3);
    expect(await page.inputValue('[data-out="2"]')).toBe('exposed');
    expect(await said.textContent()).toMatch(/^Chosen: shards 1, 3, 5\./);
    await page.selectOption('[data-out="5"]', 'unreachable');
    expect(await said.textContent()).toBe('Only 2 can be taken, and 3 are needed.');
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

test('what is done before the run has come is done again, in its order', async () => {
  const { page, complaints } = await site.open('404.html');
  let release = (): void => {};
  const late = new Promise<void>((done) => {
    release = done;
  });
  await page.route(/\/assets\/run-/, async (route) => {
    await late;
    await route.continue();
  });
  await page.goto(site.url(UNSEAL), { waitUntil: 'commit' });
  await page.waitForSelector('#UNS-01 [data-step]');
  await page.waitForLoadState('load');
  await page.fill('#UNS-01 [data-record="by"]', 'LE');
  await page.check('#UNS-01 [data-step]');
  for (const n of [1, 3, 4]) await page.check(`[data-take="${n}"]`);
  expect(await page.textContent('[data-run-status]')).toBe('');
  release();
  await expect.poll(() => page.textContent('[data-choice-said]')).toMatch(/^Chosen: shards 1, 3, 4\./);
  expect(await page.isChecked('#UNS-01 [data-step]')).toBe(true);
  expect(await page.inputValue('#UNS-01 [data-record="by"]')).toBe('LE');
  expect(await stored(page)).toEqual({ shards: [1, 3, 4] });
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('an address with a quorum ticks its rows, and without a script the table has no dead controls', async () => {
  const { page } = await site.open(`${UNSEAL}?shards=1,2,4`);
  const ticked = () =>
    page.$$eval('[data-take]:checked', (boxes) => boxes.map((box) => box.getAttribute('data-take')));
  expect(await ticked()).toEqual(['1', '2', '4']);
  await page.click('[data-run-filter] a');
  await expect.poll(ticked).toEqual([]);
  await page.context().close();
  const bare = await site.open(UNSEAL, { javaScriptEnabled: false });
  expect(
    await bare.page.locator('[data-take]:visible, .choice-state:visible, [data-choice-said]:visible').count(),
  ).toBe(0);
  await bare.page.context().close();
});

test('the start page and the emergency page name the run that is open, with its next step, until it is through or old', async () => {
  const { page, complaints } = await site.open('index.html');
  expect(await page.isVisible('[data-resume]')).toBe(false);
  await page.goto(site.url(UNSEAL));
  const [first = '', second = ''] = await page.$$eval('section.step', (steps) => steps.map(({ id }) => id));
  await page.check(`[data-step="${first}"]`);
  for (const file of ['index.html', 'emergency/index.html']) {
    await page.goto(site.url(file));
    const card = page.locator('[data-resume] li');
    expect(await card.count()).toBe(1);
    expect(await card.textContent()).toMatch(
      new RegExp(`^Unseal: .*Run “Run of .*”: 1 of \\d+ steps, last \\d{4}-.* UTC\\. Next: ${second}, `),
    );
    await card.locator('a').click();
    await page.waitForURL(new RegExp(`/emergency/unseal/(index\\.html)?#${second}$`));
    expect(await page.isChecked(`[data-step="${first}"]`)).toBe(true);
  }
  await page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith('runbook.run:')) ?? '';
    localStorage.setItem(
      key,
      String(localStorage.getItem(key)).replaceAll(/"\d{4}-(?=\d\d-\d\dT)/g, '"2020-'),
    );
  });
  await page.goto(site.url('index.html'));
  expect(await page.isVisible('[data-resume]')).toBe(false);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('whatever lies in the storage, the start page shows nothing of it but runs', async () => {
  const { page, complaints } = await site.open('index.html');
  await page.evaluate(() => {
    const run = JSON.stringify({
      format: 'mks-procedure-run/1',
      page: 'docs/emergency/unseal.mdx',
      digest: '0123456789abcdef',
      name: '<img src=x>',
      started: `${new Date().toISOString().slice(0, 19)}Z`,
      steps: {},
    });
    localStorage.setItem('runbook.run:docs/emergency/unseal.mdx:<img src=x>', run);
    localStorage.setItem('runbook.run:x', 'x{');
    localStorage.setItem(
      'runbook.run-card:docs/emergency/unseal.mdx',
      JSON.stringify({
        name: '<img src=x>',
        title: '<b>t</b>',
        total: 3,
        next: 'javascript:alert(1)',
        words: 'x',
      }),
    );
  });
  await page.reload();
  expect(await page.locator('[data-resume] li').count()).toBe(1);
  expect(await page.locator('[data-resume] :is(img, b)').count()).toBe(0);
  expect(await page.locator('[data-resume] a').getAttribute('href')).toBe('emergency/unseal/index.html');
  expect(complaints).toEqual([]);
  await page.context().close();
});

describe('a printed copy', () => {
  const COPY = 'introduction/printed-copy/index.html';
  const ask = async (page: Page, digest: string) => {
    await page.fill('[data-copy-digest]', digest);
    await page.press('[data-copy-digest]', 'Enter');
    await expect.poll(() => page.textContent('[data-copy-said]')).not.toBe('');
    return page.textContent('[data-copy-said]');
  };
  const digestOf = (file: string) =>
    /class="page-digest">([0-9a-f]{16})</.exec(readFileSync(join(BUILD, file), 'utf8'))?.[1] ?? '';

  test('is current by the digest at its foot, as it is typed from paper', async () => {
    const { page, complaints, requested } = await site.open(COPY);
    expect([...requested.keys()].filter((file) => file === 'editions.js')).toEqual([]);
    const digest = digestOf(UNSEAL);
    const typed = digest.toUpperCase().replace(/(.{4})/g, '$1 ');
    expect(await ask(page, typed)).toMatch(/^Current\. Unseal: recover the key/);
    await page.click('[data-copy-said] a');
    await page.waitForURL(/emergency\/unseal\//);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('is judged step by step when an edition of it is recorded, and is not guessed at when none is', async () => {
    const { page } = await site.open(COPY);
    const digest = digestOf(UNSEAL);
    await ask(page, digest);
    const [gone, changed] = await page.evaluate(() => {
      const { now, past } = globalThis.runbookEditions as unknown as {
        now: { file: string; steps: Record<string, string> }[];
        past: object[];
      };
      const today = now.find(({ file }) => file === 'docs/emergency/unseal.mdx');
      const [first = '', second = ''] = Object.keys(today?.steps ?? {});
      const { [first]: _new, ...steps } = today?.steps ?? {};
      past.push({
        file: 'docs/emergency/unseal.mdx',
        date: '2026-01-02',
        digest: '0123456789abcdef',
        steps: { ...steps, [second]: '00000000', 'UNS-99': '00000000' },
      });
      past.push({
        file: 'docs/emergency/unseal.mdx',
        date: '2026-02-03',
        digest: '00000000deadbeef',
        steps: today?.steps,
      });
      return [first, second];
    });
    expect(await ask(page, '0123456789ABCDEF')).toBe(
      `Not current. ${await page.textContent('[data-copy-said] a')} as recorded on 2026-01-02. Print it anew.Changed: ${changed}New: ${gone}Gone: UNS-99`,
    );
    expect(await page.locator(`[data-copy-said] a[href$="#${changed}"]`).count()).toBe(1);
    expect(await ask(page, '00000000deadbeef')).toMatch(
      /2026-02-03\. The steps are the same; the text around them/,
    );
    expect(await ask(page, 'ffffffffffffffff')).toMatch(/^Not known\./);
    expect(await ask(page, 'o123')).toMatch(/^Not checked: wanted the 16 digits/);
    expect(await page.getAttribute('[data-copy-digest]', 'aria-invalid')).toBe('true');
    await page.context().close();
  });

  test('can be compared without a script, with the table of today', async () => {
    const { page } = await site.open(COPY, { javaScriptEnabled: false });
    expect(await page.isVisible('[data-editions]')).toBe(false);
    const row = page.locator('table tr', { has: page.locator('a[href*="emergency/unseal"]') });
    expect(await row.locator('code').textContent()).toBe(digestOf(UNSEAL));
    await page.context().close();
  });
});
