/** Forms as people use them: fill in, reload, take over a run, export, import elsewhere, print, without JavaScript. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ceremonyLogSchema } from '../../src/audit/ceremony-log';
import { formOf } from '../../src/audit/forms/catalog';
import type { FilledForm } from '../../src/audit/forms/filled';
import { formSchema } from '../../src/audit/forms/schema';
import { spell } from '../../src/shard/words';
import { isOther, startSite } from './site';

const site = startSite();
const LOG = 'audit/templates/ceremony-log/index.html';
const RECEIPT = 'audit/templates/shard-receipt/index.html';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forms-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const status = (page: Page) => page.textContent('[data-status]');
const field = (name: string) => `[name="${name}"]`;

async function exported(page: Page, what = 'export'): Promise<{ file: string; data: FilledForm }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(`[data-do="${what}"]`)]);
  const file = join(folder, download.suggestedFilename());
  await download.saveAs(file);
  return { file, data: JSON.parse(readFileSync(file, 'utf8')) as FilledForm };
}

test('a receipt is filled, survives a reload, and is the same after export and import elsewhere', async () => {
  const { page, complaints } = await site.open(RECEIPT);
  await page.fill(field('shard.label'), '9F3A-005');
  await page.fill(field('shard.kcv'), '4f2a90c1');
  await page.check('[name="shard.seal"][value="whole"]');
  await page.fill(field('signatures.0.name'), 'Elena Example');
  expect(await page.textContent('[data-words="kcv"]')).toBe(spell('4f2a90c1').join(' '));
  await page.reload();
  expect(await page.inputValue(field('shard.label'))).toBe('9F3A-005');
  expect(await page.isChecked('[name="shard.seal"][value="whole"]')).toBe(true);
  const { file, data } = await exported(page);
  expect(formSchema(formOf('shard-receipt')).safeParse(data).error?.issues ?? []).toEqual([]);
  expect(data.sections).toMatchObject({
    shard: { label: '9F3A-005', kcv: '4f2a90c1', seal: 'whole' },
    signatures: [{ name: 'Elena Example' }],
  });
  const other = await site.open(RECEIPT);
  await other.page.setInputFiles('[data-file]', file);
  await other.page.waitForFunction(() => document.querySelector('[data-status]')?.textContent !== '');
  expect((await exported(other.page)).data).toEqual(data);
  expect(complaints.concat(other.complaints)).toEqual([]);
  await other.page.context().close();
  await page.context().close();
});

test('a value that does not fit is not exported, and its field gets the focus', async () => {
  const { page } = await site.open(RECEIPT);
  await page.fill(field('shard.kcv'), '4F2A');
  await page.click('[data-do="export"]');
  expect(await status(page)).toMatch(/^Not exported\. Key check value \(KCV\): wanted 8 hexadecimal digits/);
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('shard.kcv');
  await page.context().close();
});

test('what looks like a shard or a key is neither kept nor imported', async () => {
  const { page } = await site.open(RECEIPT);
  const secret = 'mks1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0j';
  await page.fill(field('shard.safe'), secret);
  expect(await page.inputValue(field('shard.safe'))).toBe('');
  expect(await status(page)).toContain('looks like a shard or a key');
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('mks1');
  const { data } = await exported(page);
  const file = join(folder, 'bad.json');
  writeFileSync(file, JSON.stringify({ ...data, sections: { shard: { label: '9F3A-005', safe: secret } } }));
  await page.setInputFiles('[data-file]', file);
  await page.waitForFunction(() =>
    document.querySelector('[data-status]')?.textContent?.includes('not imported'),
  );
  // All of a file or nothing of it.
  expect(await page.inputValue(field('shard.label'))).toBe('');
  await page.context().close();
});

test.skipIf(isOther)(
  'the Ceremony Log knows people and steps, takes over a run, and exports what the comparison reads',
  async () => {
    const { page, complaints } = await site.open('ceremony/script/index.html');
    await page.check('#CER-01 [data-step]');
    await page.fill('#CER-01 [data-record="by"]', 'LE');
    await page.fill('#CER-01 [data-record="witness"]', 'NE');
    const ids = await page.$$eval('section.step', (steps) => steps.map((step) => step.id));
    await page.goto(site.url(LOG));
    expect(
      await page.$$eval('[data-section="steps"] [data-field="step"]', (cells) =>
        cells.map((cell) => cell.textContent),
      ),
    ).toEqual(ids);
    await page.click('[data-do="run"]');
    await expect
      .poll(() => status(page))
      .toMatch(/^1 step was taken over from run “Run of .*”, started \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/);
    expect(await page.inputValue(field('steps.0.time'))).toMatch(/^\d\d:\d\d$/);
    await page.check('[name="ceremony.mode"][value="exercise"]');
    await page.fill(field('ceremony.date'), '2026-11-23');
    for (const [person, initials] of [
      ['leonie', 'LE'],
      ['nadia', 'NE'],
    ] as const) {
      const row = page.locator('[data-section="people"] tbody tr', {
        has: page.locator(`[data-field="person"]`),
      });
      const index = await row.evaluateAll(
        (rows, wanted) =>
          rows.findIndex(
            (one) => one.querySelector<HTMLInputElement>('[data-field="person"]')?.value === wanted,
          ),
        person,
      );
      await page.fill(field(`people.${index}.initials`), initials);
      await page.check(`[name="attestations.${index}.statement"][value="agree"]`);
    }
    const { data } = await exported(page, 'compare');
    const log = ceremonyLogSchema.parse(data);
    expect(log.steps.map(({ id }) => id)).toEqual(ids);
    expect(log.steps[0]).toMatchObject({ by: 'leonie', witness: 'nadia' });
    expect(log.participants.filter(({ signed }) => signed === 'agree').map(({ person }) => person)).toEqual([
      'leonie',
      'nadia',
    ]);
    expect(
      formSchema(formOf('ceremony-log')).safeParse((await exported(page)).data).error?.issues ?? [],
    ).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  },
);

test('a row is added with the keyboard, is exported, and goes when the form is cleared', async () => {
  const { page } = await site.open(RECEIPT);
  await page.focus('[data-more]');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Name, row 4');
  await page.keyboard.type('Fourth');
  expect((await exported(page)).data.sections.signatures).toEqual([{ name: 'Fourth' }]);
  await page.click('[data-do="clear"]');
  expect(await status(page)).toContain('Press Clear once more');
  await page.click('[data-do="clear"]');
  expect((await exported(page)).data.sections.signatures).toBeUndefined();
  await page.context().close();
});

test('what is half typed is there after a reload, and is asked for only when it is exported', async () => {
  const { page } = await site.open(RECEIPT);
  await page.fill(field('shard.kcv'), '4f2a');
  await page.fill(field('shard.safe'), 'safe-a');
  await page.reload();
  expect(await page.inputValue(field('shard.kcv'))).toBe('4f2a');
  expect(await page.inputValue(field('shard.safe'))).toBe('safe-a');
  await page.context().close();
});

test('what was cleared or replaced can be brought back', async () => {
  const { page } = await site.open(RECEIPT);
  await page.fill(field('shard.label'), '9F3A-001');
  const { file } = await exported(page);
  expect(file).toMatch(/shard-receipt-9F3A-001\.json$/);
  await page.fill(field('shard.label'), '9F3A-002');
  await page.setInputFiles('[data-file]', file);
  await expect.poll(() => status(page)).toContain('can be brought back');
  expect(await page.inputValue(field('shard.label'))).toBe('9F3A-001');
  await page.click('[data-do="back"]');
  expect(await page.inputValue(field('shard.label'))).toBe('9F3A-002');
  await page.click('[data-do="clear"]');
  await page.click('[data-do="clear"]');
  expect(await page.inputValue(field('shard.label'))).toBe('');
  await page.click('[data-do="back"]');
  await page.reload();
  expect(await page.inputValue(field('shard.label'))).toBe('9F3A-002');
  await page.context().close();
});

test('two tabs show the same, so that neither overwrites the other', async () => {
  const { page } = await site.open(RECEIPT);
  const second = await page.context().newPage();
  await second.goto(page.url());
  await second.fill(field('shard.label'), '9F3A-005');
  await expect.poll(() => page.inputValue(field('shard.label'))).toBe('9F3A-005');
  await page.fill(field('shard.safe'), 'safe-a');
  await expect.poll(() => second.inputValue(field('shard.safe'))).toBe('safe-a');
  expect(await second.inputValue(field('shard.label'))).toBe('9F3A-005');
  await page.context().close();
});

test('a draft of another release gives what fits, step by step, and the rest as a file', async () => {
  const { page } = await site.open(LOG);
  await page.fill(field('steps.1.time'), '10:05');
  await page.fill(field('ceremony.place'), 'Harbor office');
  await page.evaluate(() => {
    const key = 'runbook.form:ceremony-log';
    const draft = JSON.parse(localStorage.getItem(key) ?? '');
    draft.runbook.page = '0123456789abcdef';
    // A step that this release has no more, before all others.
    draft.sections.steps.unshift({ step: 'CER-99', time: '09:59' });
    localStorage.setItem(key, JSON.stringify(draft));
  });
  await page.reload();
  expect(await status(page)).toContain('steps: the form has no row CER-99');
  expect(await page.inputValue(field('steps.0.time'))).toBe('');
  expect(await page.inputValue(field('steps.1.time'))).toBe('10:05');
  expect(await page.inputValue(field('ceremony.place'))).toBe('Harbor office');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-do="older"]')]);
  const file = join(folder, download.suggestedFilename());
  await download.saveAs(file);
  expect(readFileSync(file, 'utf8')).toContain('CER-99');
  // A file is taken whole or not at all.
  await page.setInputFiles('[data-file]', file);
  await expect.poll(() => status(page)).toBe('The file was not imported: steps: the form has no row CER-99.');
  await page.context().close();
});

test('whatever lies in the storage, the form works and says what it could not show', async () => {
  const { page, complaints } = await site.open(RECEIPT);
  const drafts = [
    'x{',
    'null',
    '[]',
    '{"format":"mks-form/1","form":"shard-receipt"}',
    '{"format":"mks-form/1","form":"incident-log","sections":{}}',
    '{"format":"mks-form/1","form":"shard-receipt","sections":{"shard":5,"signatures":{}}}',
    '{"format":"mks-form/1","form":"shard-receipt","sections":{"shard":{"kcv":{}},"__proto__":[]}}',
    '{"format":"mks-form/1","form":"shard-receipt","runbook":null,"sections":{"signatures":[null]}}',
  ];
  for (const draft of drafts) {
    await page.evaluate((text) => localStorage.setItem('runbook.form:shard-receipt', text), draft);
    await page.reload();
    expect(await status(page), draft).toMatch(/can be saved as a file/);
    await page.fill(field('shard.safe'), 'safe-a');
    expect((await exported(page)).data.sections.shard, draft).toMatchObject({ safe: 'safe-a' });
  }
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('a full storage loses nothing that was typed, and the page says so', async () => {
  const { page } = await site.open(RECEIPT);
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await page.fill(field('shard.label'), '9F3A-005');
  expect(await status(page)).toContain('does not store the form');
  expect((await exported(page)).data.sections.shard).toMatchObject({ label: '9F3A-005' });
  await page.context().close();
});

test('paper has one box a character, also without JavaScript, and shows what was typed', async () => {
  const { page } = await site.open(RECEIPT, { javaScriptEnabled: false });
  await page.fill(field('shard.serial'), '0012345678');
  await page.emulateMedia({ media: 'print' });
  const boxes = await page.locator(field('shard.serial')).evaluate((input) => {
    const style = getComputedStyle(input);
    return (
      input.getBoundingClientRect().width / Number.parseFloat(style.getPropertyValue('--box')) / (96 / 25.4)
    );
  });
  expect(boxes).toBeGreaterThan(9.9);
  expect(boxes).toBeLessThan(10.2);
  expect(await page.locator('.run-panel:visible, .form-more:visible').count()).toBe(0);
  expect(await page.locator('.form-signature:visible').count()).toBe(3);
  await page.context().close();
});
