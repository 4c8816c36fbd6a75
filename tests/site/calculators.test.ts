/** Calculator, recovery matrix and role matrix as people use them: type, tick, share the link, follow it, without JavaScript. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isOther, startSite } from './site';

const site = startSite();
const CALCULATOR = 'introduction/threshold-mathematics/index.html';
const MATRIX = 'emergency/recovery-matrix/index.html';
const ROLES = 'introduction/roles/index.html';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'calculators-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Scrolls to a component, which then wakes. */
async function wake(page: Page, island: string): Promise<void> {
  const component = page.locator(`[data-island="${island}"]`).first();
  await component.scrollIntoViewIfNeeded();
  await page.waitForSelector(`[data-island="${island}"][data-awake]`);
  await component.locator('fieldset:not(:disabled)').first().waitFor();
}

describe('the calculator', () => {
  const figures = (page: Page) =>
    page.$$eval('[data-figure]', (all) =>
      Object.fromEntries(all.map((one) => [one.getAttribute('data-figure') ?? '', one.textContent ?? ''])),
    );

  test.skipIf(isOther)(
    'takes typed numbers into the figures and the link, which shows the same to an auditor',
    async () => {
      const { page, complaints } = await site.open(CALCULATOR);
      await wake(page, 'QuorumCalculator');
      const before = await figures(page);
      expect(Object.keys(before).length).toBeGreaterThan(10);
      await page.getByLabel('Threshold M', { exact: true }).fill('2');
      await page.getByLabel('Usable: Paper safe-a').fill('0.9');
      await page.getByLabel('Down: AWS (provider)').fill('0.5');
      const after = await figures(page);
      expect(after.toleratedLosses).toBe('3');
      expect(after.loss).not.toBe(before.loss);
      expect(page.url()).toMatch(/[?&]m=2&shards=/);

      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByText('Save the figures as CSV').click(),
      ]);
      const file = join(folder, download.suggestedFilename());
      await download.saveAs(file);
      expect(readFileSync(file, 'utf8')).toContain(`"${after.loss}"`);

      const auditor = await site.open(page.url());
      await wake(auditor.page, 'QuorumCalculator');
      await auditor.page.waitForFunction(
        (loss) => document.querySelector('[data-figure="loss"]')?.textContent === loss,
        after.loss,
      );
      expect(await figures(auditor.page)).toEqual(after);
      expect(await auditor.page.getByLabel('Usable: Paper safe-a').inputValue()).toBe('0.9');
      expect(complaints.concat(auditor.complaints)).toEqual([]);
      await auditor.page.context().close();
      await page.context().close();
    },
  );

  test.skipIf(isOther)(
    'knows the shared domains of the deployment, typesets its formulas, and is used with the keyboard',
    async () => {
      const { page } = await site.open(CALCULATOR);
      await wake(page, 'QuorumCalculator');
      for (const kind of ['provider', 'region', 'identity-provider', 'building', 'custodian'])
        expect(await page.getByLabel(new RegExp(`^Down: .*\\(${kind}\\)$`)).count(), kind).toBeGreaterThan(0);
      expect(await page.locator('tr:has([data-figure]) .katex').count()).toBe(
        await page.locator('[data-figure]').count(),
      );
      const loss = (await figures(page)).loss;
      await page.getByLabel('Threshold M', { exact: true }).focus();
      await page.keyboard.press('ArrowUp');
      expect(await page.getByLabel('Threshold M', { exact: true }).inputValue()).toBe('4');
      expect((await figures(page)).loss).not.toBe(loss);
      await page.context().close();
    },
  );

  test.each([
    ['a probability that is none', '?m=3&shards=1.5:0*5&rate=1&interval=1', 'Usable'],
    ['a link that is none', '?m=9&shards=0.9:0*5&rate=1&interval=1', 'm: cannot read "9"'],
  ])('refuses %s in words, and goes on', async (_, query, words) => {
    const { page, complaints } = await site.open(CALCULATOR + query);
    await wake(page, 'QuorumCalculator');
    await expect.poll(() => page.locator('[data-island="QuorumCalculator"]').innerText()).toContain(words);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('is a page of figures without JavaScript', async () => {
    const { page } = await site.open(CALCULATOR, { javaScriptEnabled: false });
    const shown = await figures(page);
    for (const [name, text] of Object.entries(shown)) expect(text, name).not.toBe('');
    expect(await page.locator('[data-island="QuorumCalculator"] svg[role="img"]:visible').count()).toBe(2);
    expect(await page.getByLabel('Threshold M', { exact: true }).isEnabled()).toBe(false);
    await page.context().close();
  });
});

describe('the recovery matrix', () => {
  const status = (page: Page) => page.textContent('[data-island="RecoveryMatrix"] [role=status]');

  test.skipIf(isOther)('answers each kind of failure at once, and the link shows the same', async () => {
    const { page, complaints } = await site.open(MATRIX);
    await wake(page, 'RecoveryMatrix');
    expect(await status(page)).toContain('a quorum remains, 10 paths');
    const first = (kind: string) => page.getByLabel(new RegExp(`^Down: .*\\(${kind}\\)$`)).first();
    for (const kind of ['provider', 'region', 'identity provider', 'safe', 'shard']) {
      await first(kind).check();
      expect(await status(page), kind).toContain('4 healthy shards of 5 left');
      await first(kind).uncheck();
    }
    // One of the two who sign in for a shard away, then the other as well.
    await first('custodian').check();
    const [, other = ''] =
      /5 healthy.*Shards stay usable through: (\w+ Example) \(shard 1\)/.exec((await status(page)) ?? '') ??
      [];
    await page.getByLabel(`Down: ${other} (custodian)`).check();
    expect(await status(page)).toContain('4 healthy shards of 5 left (2, 3, 4 and 5)');
    await page.getByText('Clear all').click();
    await first('database').check();
    expect(await status(page)).toContain('Shards stay usable through');
    await page.getByLabel(/^Down: AWS \(provider\)$/).check();
    await page
      .getByLabel(/^Breached: .*\(safe\)$/)
      .first()
      .check();
    const said = await status(page);
    expect(said).toContain('1 shard exposed (5)');
    const shared = await site.open(page.url());
    await wake(shared.page, 'RecoveryMatrix');
    await expect.poll(() => status(shared.page)).toBe(said);
    expect(complaints.concat(shared.complaints)).toEqual([]);
    await shared.page.context().close();
    await page.context().close();
  });

  test.skipIf(isOther)(
    'leads to the unseal page with exactly the shards of the path, and to the steps of one of them',
    async () => {
      const { page } = await site.open(MATRIX);
      await wake(page, 'RecoveryMatrix');
      // With the keyboard: the box has the focus and Space ticks it.
      await page.getByLabel(/^Down: AWS \(provider\)$/).focus();
      await page.keyboard.press('Space');
      await expect.poll(() => status(page)).toContain('4 healthy shards');
      const path = page.getByRole('link', { name: 'Unseal with 2, 3 and 4' });
      const row = page.locator('[data-island="RecoveryMatrix"] tr', { has: path }).first();
      await row.getByText('3 HashiCorp Vault').click();
      await page.waitForURL(/unseal\/.*#shard-3$/);
      expect(await page.isVisible('#shard-3')).toBe(true);
      expect(await page.isVisible('#shard-1')).toBe(false);
      await page.goBack();
      await wake(page, 'RecoveryMatrix');
      // Back from there the ticks are as they were.
      await expect.poll(() => status(page)).toContain('4 healthy shards');
      await path.first().click();
      await page.waitForURL(/unseal\/.*\?shards=2,3,4$/);
      for (const [n, shown] of [1, 2, 3, 4, 5].map((n) => [n, n >= 2 && n <= 4] as const))
        expect(await page.isVisible(`#shard-${n}`), `shard ${n}`).toBe(shown);
      await page.context().close();
    },
  );

  test.skipIf(isOther)('is a table of every failure without JavaScript', async () => {
    const { page } = await site.open(MATRIX, { javaScriptEnabled: false });
    const rows = page.locator('table:has(caption:text("Every single domain and every pair down")) tbody tr');
    expect(await rows.count()).toBeGreaterThan(10);
    expect(await rows.locator('a[href*="unseal/index.html?shards="]').count()).toBeGreaterThan(10);
    await page.context().close();
  });
});

test('the role matrix finds one person in two roles, however the name is typed', async () => {
  const { page, complaints } = await site.open(ROLES);
  await wake(page, 'RoleMatrix');
  const status = () => page.innerText('[data-island="RoleMatrix"] [role=status]');
  await page.getByRole('button', { name: 'Fill in the deployment' }).press('Enter');
  await expect.poll(status).toContain('No forbidden pair');
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByLabel('Operator', { exact: true }).fill('Ada Example, Bo Example');
  await page.keyboard.press('Tab');
  await page.keyboard.type('ada  EXAMPLE');
  await expect.poll(status).toMatch(/Ada Example\s+Operator – Internal witness\s+SOD-13/);
  await page.reload();
  await wake(page, 'RoleMatrix');
  // Names are nobody else's business: nothing was kept.
  expect(await page.getByLabel('Operator', { exact: true }).inputValue()).toBe('');
  expect(complaints).toEqual([]);
  await page.context().close();
});
