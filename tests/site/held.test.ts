/** What a reader does in an island whose script is still on its way: held, done once, nothing lost. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { bytesOf, CORPUS } from '../audit/corpus';
import { startSite } from './site';

const site = startSite();
const folder = mkdtempSync(join(tmpdir(), 'site-held-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Opens a page whose islands wait for their scripts until `release` is called. */
async function asleep(path: string) {
  const { page, complaints } = await site.open('index.html');
  let release = (): void => undefined;
  const gate = new Promise<void>((open) => {
    release = open;
  });
  await page.route(/\/assets\/[A-Z]\w+-\w+\.js$/, async (route) => {
    await gate;
    await route.continue();
  });
  await page.goto(site.url(path));
  return {
    page,
    complaints,
    async wake() {
      expect(await page.locator('[data-island][data-awake]').count()).toBe(0);
      release();
      await page.waitForSelector('[data-island][data-awake]');
    },
  };
}

/** What the page shows once everything that was held has been done, and a moment later still. */
async function settled(page: Page, read: () => Promise<unknown>, wanted: unknown): Promise<void> {
  await expect.poll(read).toEqual(wanted);
  await page.waitForTimeout(200);
  expect(await read()).toEqual(wanted);
}

test('a box ticked in the recovery matrix', async () => {
  const { page, complaints, wake } = await asleep('emergency/recovery-matrix/index.html');
  const box = page.locator('[data-island="RecoveryMatrix"] input[type=checkbox]').nth(1);
  const status = page.locator('[data-island="RecoveryMatrix"] [role=status]').first();
  const before = await status.textContent();
  await box.click();
  expect(await box.isChecked(), 'not shown before it counts').toBe(false);
  await wake();
  await settled(page, () => box.isChecked(), true);
  expect(await status.textContent()).not.toBe(before);
  expect(page.url()).toContain('?');
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('a box that was ticked twice is as it was', async () => {
  const { page, wake } = await asleep('emergency/recovery-matrix/index.html');
  const box = page.locator('[data-island="RecoveryMatrix"] input[type=checkbox]').nth(1);
  await box.click();
  await box.click();
  await wake();
  await settled(page, () => box.isChecked(), false);
  await page.context().close();
});

test('an answer of the triage, by keyboard', async () => {
  const { page, complaints, wake } = await asleep('emergency/index.html');
  const status = page.locator('[data-island="Triage"] [role=status]');
  const before = await status.textContent();
  await page.locator('[data-island="Triage"] input[type=radio]').first().focus();
  await page.keyboard.press('ArrowUp');
  await wake();
  await expect.poll(() => status.textContent()).not.toBe(before);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('names typed into two fields of the role matrix', async () => {
  const { page, complaints, wake } = await asleep('introduction/roles/index.html');
  const fields = page.locator('[data-island="RoleMatrix"] input');
  const read = () => Promise.all([fields.nth(0).inputValue(), fields.nth(1).inputValue()]);
  await fields.nth(0).pressSequentially('Ann');
  await fields.nth(1).pressSequentially('Ann');
  await wake();
  await settled(page, read, ['Ann', 'Ann']);
  // Both are in the state of the component, not only on the screen.
  await fields.nth(2).pressSequentially('Bob');
  expect(await read()).toEqual(['Ann', 'Ann']);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('a domain added twice to the calculator', async () => {
  const { page, complaints, wake } = await asleep('introduction/threshold-mathematics/index.html');
  const rows = page.locator('[data-island="QuorumCalculator"] button', { hasText: /^Remove/ });
  const add = page.locator('[data-island="QuorumCalculator"] button', { hasText: /^Add/ }).last();
  const before = await rows.count();
  await add.click();
  await add.click();
  await wake();
  await settled(page, () => rows.count(), before + 2);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('a trail chosen, a head typed and the button of the verifier pressed', async () => {
  const [, [content = ''] = [], head = ''] = CORPUS.find(([what]) => what === 'truncated') ?? [];
  const file = join(folder, 'trail.jsonl');
  writeFileSync(file, bytesOf(content));
  const { page, complaints, wake } = await asleep('audit/verify/index.html');
  await page.getByLabel('Files of the trail').setInputFiles(file);
  await page.locator('[data-island="AuditVerifier"] textarea').pressSequentially(head);
  await page.getByRole('button', { name: 'Verify' }).click();
  expect(page.url()).not.toContain('?');
  await wake();
  const result = page.locator('[data-island="AuditVerifier"] [aria-live]');
  // Without the head these records are sound: file, head and click all count.
  await expect.poll(() => result.textContent()).toMatch(/truncated/i);
  expect(await page.locator('[data-island="AuditVerifier"] textarea').inputValue()).toBe(head);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('a file chosen before any script of the page ran', async () => {
  const file = join(folder, 'early.jsonl');
  writeFileSync(file, 'no trail');
  const { page, complaints } = await site.open('index.html');
  let release = (): void => undefined;
  const gate = new Promise<void>((open) => {
    release = open;
  });
  await page.route(/\/assets\/\S+\.js$/, async (route) => {
    await gate;
    await route.continue();
  });
  await page.goto(site.url('audit/verify/index.html'), { waitUntil: 'commit' });
  await page.getByLabel('Files of the trail').setInputFiles(file);
  release();
  await page.locator('[data-island="AuditVerifier"]').getByText('early.jsonl').waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});
