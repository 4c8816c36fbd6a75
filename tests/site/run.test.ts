/** A run of a procedure as people keep it: tick, initials, deviation, warnings, several runs, files, storage, paper. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProcedureRun } from '../../src/procedure/run/run';
import { procedureRunSchema } from '../../src/procedure/run/run-schema';
import { isOther, startSite } from './site';

const site = startSite();
const UNSEAL = 'emergency/unseal/index.html';
const SCRIPT = 'ceremony/script/index.html';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const status = (page: Page) => page.textContent('[data-run-status]');

/** The panel is folded until somebody asks for it. */
async function unfold(page: Page): Promise<void> {
  if (!(await page.isVisible('[data-run-choice]'))) await page.click('[data-run] summary');
}

async function startRun(page: Page, name: string): Promise<void> {
  await unfold(page);
  await page.fill('[data-run-name]', name);
  await page.click('[data-run-start]');
}

async function chooseRun(page: Page, name: string): Promise<void> {
  await unfold(page);
  await page.selectOption('[data-run-choice]', name);
}

async function exported(page: Page): Promise<{ readonly run: ProcedureRun; readonly file: string }> {
  await unfold(page);
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-run-export]')]);
  const file = join(folder, download.suggestedFilename());
  await download.saveAs(file);
  return { file, run: procedureRunSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) as ProcedureRun };
}

async function choose(page: Page, file: string): Promise<void> {
  await page.setInputFiles('[data-run-file]', file);
  await page.waitForFunction(() => document.querySelector('[data-run-status]')?.textContent !== '');
}

describe('a run', () => {
  test('is filled, survives a reload, and is the same after export and import elsewhere', async () => {
    const { page, complaints } = await site.open(UNSEAL);
    await unfold(page);
    await page.fill('[data-run-name]', 'Night of the outage');
    await page.press('[data-run-name]', 'Enter');
    await page.check('#UNS-01 [data-step]');
    await page.fill('#UNS-01 [data-record="by"]', 'LE');
    await page.fill('#UNS-01 [data-record="witness"]', 'NE');
    await page.fill('#UNS-02 [data-record="note"]', 'chose by phone');
    await page.reload();
    expect(await page.isChecked('#UNS-01 [data-step]')).toBe(true);
    expect(await page.inputValue('#UNS-02 [data-record="note"]')).toBe('chose by phone');
    expect(await page.textContent('#UNS-01 [data-measure]')).toMatch(/^\d+ min, planned \d+ min/);
    const { file, run } = await exported(page);
    expect(run).toMatchObject({ page: 'docs/emergency/unseal.mdx', name: 'Night of the outage' });
    expect(run.steps['UNS-01']).toMatchObject({ by: 'LE', witness: 'NE' });
    expect(Math.abs(Date.parse(run.steps['UNS-01']?.time ?? '') - Date.now())).toBeLessThan(60_000);

    const other = await site.open(UNSEAL);
    await choose(other.page, file);
    expect((await exported(other.page)).run).toEqual(run);
    expect(complaints.concat(other.complaints)).toEqual([]);
    await other.page.context().close();
    await page.context().close();
  });

  test('stands beside other runs, which can be opened, and is deleted on request only', async () => {
    const { page } = await site.open(UNSEAL);
    for (const name of ['First', 'Second']) {
      await startRun(page, name);
      await page.fill('#UNS-01 [data-record="by"]', name.slice(0, 2));
    }
    await chooseRun(page, 'First');
    expect(await page.inputValue('#UNS-01 [data-record="by"]')).toBe('Fi');
    await chooseRun(page, '');
    expect(await page.inputValue('#UNS-01 [data-record="by"]')).toBe('');
    await chooseRun(page, 'Second');
    await page.click('[data-run-delete]');
    await page.click('[data-run-no]');
    expect(await page.locator('[data-run-choice] option').allTextContents()).toContain('Second');
    await page.click('[data-run-delete]');
    await page.click('[data-run-yes]');
    await page.reload();
    expect(await page.locator('[data-run-choice] option').allTextContents()).toEqual([
      'none: blank page',
      'First',
    ]);
    expect(
      await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('Second'))),
    ).toEqual([]);
    await page.context().close();
  });

  test('of yesterday is not opened by itself, so that its ticks are not taken for those of today', async () => {
    const { page } = await site.open(UNSEAL);
    await page.check('#UNS-01 [data-step]');
    await page.evaluate(() => {
      for (const [key, text] of Object.entries(localStorage)) {
        if (key.startsWith('runbook.run:'))
          localStorage.setItem(key, String(text).replaceAll(/: ?"\d{4}-(?=\d\d-\d\dT)/g, ': "2020-'));
      }
    });
    await page.reload();
    expect(await page.isChecked('#UNS-01 [data-step]')).toBe(false);
    expect(await page.locator('[data-run-choice] option').count()).toBe(2);
    await page.context().close();
  });

  test('is followed in a second tab', async () => {
    const { page } = await site.open(UNSEAL);
    await startRun(page, 'Two tabs');
    const second = await page.context().newPage();
    await second.goto(page.url());
    await second.check('#UNS-01 [data-step]');
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('#UNS-01 [data-step]')?.checked,
    );
    await page.fill('#UNS-01 [data-record="by"]', 'AB');
    await second.waitForFunction(
      () => document.querySelector<HTMLInputElement>('#UNS-01 [data-record="by"]')?.value === 'AB',
    );
    expect(await page.isChecked('#UNS-01 [data-step]')).toBe(true);
    await page.context().close();
  });
});

describe('going on', () => {
  test('initials go on with their role, what is done folds, and the bar and the next step say what is left', async () => {
    const { page, complaints } = await site.open(UNSEAL);
    const ids = await page.$$eval('section.step', (steps) => steps.slice(0, 4).map(({ id }) => id));
    const [first = '', second = '', third = ''] = ids;
    await page.fill(`#${first} [data-record="by"]`, 'LE');
    await page.fill(`#${first} [data-record="witness"]`, 'NE');
    await page.check(`#${first} [data-step]`);
    await expect.poll(() => status(page)).toMatch(/ done at \d\d:\d\dZ by LE, witness NE\.$/);
    expect(await page.isVisible(`#${first} .step-body p`)).toBe(false);
    // The place of the hand: what folds above does not move it away.
    const foot = page.locator(`#${second} .step-done-line`);
    await foot.scrollIntoViewIfNeeded();
    const before = (await foot.boundingBox())?.y ?? 0;
    await page.check(`#${second} [data-step]`);
    await expect.poll(() => page.isVisible(`#${second} .step-body p`)).toBe(false);
    expect(Math.abs(((await foot.boundingBox())?.y ?? 0) - before)).toBeLessThan(2);
    const roles = (id: string) =>
      page.locator(`#${id} .step-who`).evaluate((who) => [who.querySelector('strong')?.textContent]);
    const isSame = String(await roles(first)) === String(await roles(second));
    expect(await page.inputValue(`#${second} [data-record="by"]`)).toBe(isSame ? 'LE' : '');
    expect(await page.inputValue(`#${second} [data-record="witness"]`)).toBe('NE');
    expect(await page.textContent('[data-next] a')).toBe(third);
    expect(await page.textContent('[data-position]')).toMatch(
      /2 done in \d+ min, planned \d+ min: \d+ min under · \d.* left of 8 h/,
    );
    await page.click(`#${first} [data-fold]`);
    expect(await page.isVisible(`#${first} .step-body p`)).toBe(true);
    await page.emulateMedia({ media: 'print' });
    expect(await page.isVisible(`#${second} .step-body p`)).toBe(true);
    expect((await page.locator(`#${second} .step-body p`).first().boundingBox())?.height).toBeGreaterThan(5);
    await page.emulateMedia({ media: 'screen' });
    await page.uncheck(`#${second} [data-step]`);
    expect(await page.isVisible(`#${second} .step-body p`)).toBe(true);
    expect(await page.locator(`#${second} [data-fold]`).count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('a clock that ran over says so, against the plan and against the target', async () => {
    const { page } = await site.open(UNSEAL);
    await page.check('#UNS-01 [data-step]');
    for (const [hours, words] of [
      [2, /1 done in 2 h, planned \d+ min: 1 h \d+ min over · 6 h left of 8 h/],
      [9, /· target of 8 h missed by 1 h/],
    ] as const) {
      await page.evaluate((ago) => {
        const key = Object.keys(localStorage).find((name) => name.startsWith('runbook.run:')) ?? '';
        const run = JSON.parse(localStorage.getItem(key) ?? '');
        run.started = `${new Date(Date.now() - ago * 3_600_000).toISOString().slice(0, 19)}Z`;
        localStorage.setItem(key, JSON.stringify(run));
      }, hours);
      await page.reload();
      await expect.poll(() => page.textContent('[data-position]')).toMatch(words);
    }
    await page.context().close();
  });

  test('a run is handed over by file, goes on there, and comes back without loss', async () => {
    const { page } = await site.open(UNSEAL);
    await startRun(page, 'Night');
    await page.check('#UNS-01 [data-step]');
    const { file } = await exported(page);
    const other = await site.open(UNSEAL);
    await choose(other.page, file);
    await other.page.check('#UNS-02 [data-step]');
    await other.page.fill('#UNS-01 [data-record="note"]', 'taken over at the desk');
    await page.fill('#UNS-01 [data-record="by"]', 'LE');
    const back = await exported(other.page);
    await choose(page, back.file);
    await expect
      .poll(() => status(page))
      .toBe('Run “Night” is open. What the file had more was added to it.');
    expect(await page.isChecked('#UNS-02 [data-step]')).toBe(true);
    expect(await page.inputValue('#UNS-01 [data-record="by"]')).toBe('LE');
    expect(await page.inputValue('#UNS-01 [data-record="note"]')).toBe('taken over at the desk');
    expect(await page.locator('[data-run-choice] option').count()).toBe(2);
    // Two that say different things of one step are both kept.
    await other.page.fill('#UNS-01 [data-record="by"]', 'XX');
    await choose(page, (await exported(other.page)).file);
    await expect.poll(() => status(page)).toMatch(/contradict each other at UNS-01\.$/);
    expect(await page.locator('[data-run-choice] option').allTextContents()).toEqual([
      'none: blank page',
      'Night',
      'Night (2)',
    ]);
    await other.page.context().close();
    await page.context().close();
  });
});

describe('warnings', () => {
  test('a step out of order asks for the reason, and keeps the box empty without one', async () => {
    const { page } = await site.open(UNSEAL);
    await page.click('#UNS-02 [data-step]');
    expect(await page.textContent('#run-ask-text')).toMatch(/Out of order: UNS-01 before UNS-02/);
    await page.keyboard.press('Escape');
    await page.waitForFunction(
      () => !document.querySelector<HTMLInputElement>('#UNS-02 [data-step]')?.checked,
    );
    await expect.poll(() => status(page)).toBe('UNS-02 was left unticked.');
    await page.click('#UNS-02 [data-step]');
    await page.click('[data-run-yes]');
    expect(await page.textContent('#run-ask-text')).toMatch(/Wanted: a reason\.$/);
    await page.fill('[data-run-why]', 'the incident is open already');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.isChecked('#UNS-02 [data-step]')).toBe(true);
    expect(await page.isChecked('#UNS-01 [data-step]')).toBe(false);
    expect(await page.textContent('#UNS-01 .step-time')).toMatch(/^skipped \d\d:\d\dZ$/);
    expect(await page.inputValue('#UNS-01 [data-record="note"]')).toBe('the incident is open already');
    await page.context().close();
  });

  test('a point of no return is announced one step before and asks for its gate', async () => {
    const { page } = await site.open(SCRIPT);
    const { before, final } = await page.evaluate(() => {
      const steps = [...document.querySelectorAll('section.step')];
      const place = steps.findIndex((step) => step.classList.contains('step-irreversible'));
      return { before: steps[place - 1]?.id, final: steps[place]?.id };
    });
    expect(final).toMatch(/^CER-/);
    await page.click(`#${before} [data-step]`);
    await page.fill('[data-run-why]', 'rehearsed before');
    await page.click('[data-run-yes]');
    await page.waitForFunction(() =>
      document.querySelector('[data-run-status]')?.textContent?.includes('Stop'),
    );
    await expect.poll(() => status(page)).toContain(`the next step, ${final}, is a point of no return`);
    await page.click(`#${final} [data-step]`);
    await page.waitForFunction(() =>
      document.querySelector('#run-ask-text')?.textContent?.includes('no return'),
    );
    expect(await page.textContent('#run-ask-text')).toContain('Only if:');
    await page.click('[data-run-no]');
    await page.waitForFunction(() =>
      document.querySelector('[data-run-status]')?.textContent?.includes('left unticked'),
    );
    expect(await page.isChecked(`#${final} [data-step]`)).toBe(false);
    await page.context().close();
  });

  test('what looks like a shard or a key is neither kept nor shown again', async () => {
    const { page } = await site.open(UNSEAL);
    const secret = 'mks1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0jqxuzx4s';
    await page.fill('#UNS-01 [data-record="note"]', `the shard is ${secret}`);
    await expect.poll(() => status(page)).toContain('looks like a shard or a key');
    expect(await page.inputValue('#UNS-01 [data-record="note"]')).toBe('');
    await startRun(page, secret);
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('mks1');
    expect(await page.evaluate(() => document.body.textContent)).not.toContain(secret);
    await page.context().close();
  });

  test.each([
    ['not JSON', 'x{'],
    ['of another page', undefined],
    ['with a shard in it', undefined],
  ])('a file %s is refused in one sentence', async (what, given) => {
    const { page, complaints } = await site.open(UNSEAL);
    const good: ProcedureRun = {
      format: 'mks-procedure-run/1',
      page: what === 'of another page' ? 'docs/ceremony/script.mdx' : 'docs/emergency/unseal.mdx',
      digest: '0123456789abcdef',
      name: 'x',
      started: '2026-11-23T10:00:00Z',
      steps: what === 'with a shard in it' ? { 'UNS-01': { note: 'mks1qqqq' } } : {},
    };
    const file = join(folder, 'given.json');
    writeFileSync(file, given ?? JSON.stringify(good));
    await choose(page, file);
    await expect.poll(() => status(page)).toMatch(/^The file was not imported: /);
    expect(await page.locator('[data-run-choice] option').count()).toBe(1);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

describe('storage that refuses', () => {
  test.each(['full', 'blocked'])('%s: nothing typed is lost, and the page says so', async (how) => {
    const { page, complaints } = await site.open('index.html');
    await page.addInitScript((kind) => {
      const refuse = () => {
        throw new DOMException('refused', kind === 'full' ? 'QuotaExceededError' : 'SecurityError');
      };
      if (kind === 'full') Storage.prototype.setItem = refuse;
      else Object.defineProperty(window, 'localStorage', { get: refuse });
    }, how);
    await page.goto(site.url(UNSEAL));
    await page.check('#UNS-01 [data-step]');
    await page.fill('#UNS-01 [data-record="note"]', 'typed in the dark');
    await expect.poll(() => status(page)).toContain('did not store the run');
    await startRun(page, 'Another');
    const names = await page.locator('[data-run-choice] option').allTextContents();
    const first = names.find((name) => name.startsWith('Run of')) ?? '';
    await chooseRun(page, first);
    expect(await page.inputValue('#UNS-01 [data-record="note"]')).toBe('typed in the dark');
    expect((await exported(page)).run.steps['UNS-01']?.note).toBe('typed in the dark');
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

test('whatever lies in the storage, the page works', async () => {
  const { page, complaints } = await site.open(UNSEAL);
  await page.evaluate(() => {
    const odd = ['x{', 'null', '[]', '{"format":"mks-procedure-run/1"}', '{"steps":{"UNS-01":5}}', '\u0000'];
    for (const [index, text] of odd.entries())
      localStorage.setItem(`runbook.run:docs/emergency/unseal.mdx:odd ${index}`, text);
    localStorage.setItem('runbook.run-open:docs/emergency/unseal.mdx', 'odd 3');
    localStorage.setItem('runbook.theme', '"></script>');
  });
  await page.reload();
  expect(await page.locator('[data-run-choice] option').allTextContents()).toEqual(['none: blank page']);
  await page.check('#UNS-01 [data-step]');
  await expect.poll(() => status(page)).toMatch(/^UNS-01 done at/);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('a run that did not fit is stored as soon as there is room, and until then the page says so', async () => {
  const { page } = await site.open(UNSEAL);
  await page.evaluate(() => {
    const real = Storage.prototype.setItem;
    Storage.prototype.setItem = function (key, value) {
      if (key.includes(':Refused') && document.body.dataset.room === undefined)
        throw new DOMException('full', 'QuotaExceededError');
      real.call(this, key, value);
    };
  });
  await startRun(page, 'Refused');
  await page.fill('#UNS-01 [data-record="note"]', 'only here');
  // Another run is stored, which says nothing of the first.
  await startRun(page, 'Taken');
  await expect.poll(() => status(page)).toContain('did not store the run');
  await page.evaluate(() => {
    document.body.dataset.room = '';
  });
  await page.check('#UNS-01 [data-step]');
  await expect.poll(() => status(page)).not.toContain('did not store the run');
  await page.reload();
  await chooseRun(page, 'Refused');
  expect(await page.inputValue('#UNS-01 [data-record="note"]')).toBe('only here');
  await page.context().close();
});

describe.skipIf(isOther)('?shards=', () => {
  test('shows the asked sections, hides the others, says so, and leads back', async () => {
    const { page, complaints } = await site.open(`${UNSEAL}?shards=1,2,4`);
    expect(await page.isVisible('#shard-1')).toBe(true);
    expect(await page.isVisible('#shard-3')).toBe(false);
    expect(await page.locator('section.step[data-shard="5"]:visible').count()).toBe(0);
    expect(await page.textContent('[data-run-filter]')).toBe(
      'Shown: the steps of shards 1, 2, 4. Hidden: shards 3, 5. Show all shards',
    );
    await page.click('[data-run-filter] a');
    expect(await page.isVisible('#shard-3')).toBe(true);
    expect(await page.isVisible('[data-run-filter]')).toBe(false);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test.each(['1,99', 'x', '1,,2', '0', '-1', '1;drop'])(
    'an odd request (%s) hides nothing and says so',
    async (asked) => {
      const { page } = await site.open(`${UNSEAL}?shards=${asked}`);
      expect(await page.locator('section.step:not(:visible)').count()).toBe(0);
      expect(await page.textContent('[data-run-filter]')).toContain('all are shown');
      await page.context().close();
    },
  );

  test('a shard that was chosen is part of the order, one that was not is no gap', async () => {
    const { page } = await site.open(`${UNSEAL}?shards=1,2,4`);
    await page.click('#UNS-06 [data-step]');
    const text = (await page.textContent('#run-ask-text')) ?? '';
    expect(text).toMatch(/UNS-01/);
    expect(
      await page.evaluate(() => document.querySelectorAll('[data-shard="3"]:not([hidden])').length),
    ).toBe(0);
    await page.context().close();
  });
});

describe('access', () => {
  test('the keyboard alone names a run, ticks, writes initials; the live region speaks', async () => {
    const { page } = await site.open(UNSEAL);
    await page.focus('[data-run] summary');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Keys');
    await page.keyboard.press('Enter');
    await expect.poll(() => status(page)).toBe('Run “Keys” is open.');
    await page.focus('#UNS-01 [data-step]');
    await page.keyboard.press('Space');
    await page.waitForFunction(() =>
      document.querySelector('[data-run-status]')?.textContent?.includes('done at'),
    );
    const walk = async (label: string) => {
      for (let presses = 0; presses < 8; presses += 1) {
        await page.keyboard.press('Tab');
        if ((await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) === label) return;
      }
      throw new Error(`no way to ${label}`);
    };
    await walk('Done by, initials, step UNS-01');
    await page.keyboard.type('LE');
    await page.keyboard.press('Tab');
    await page.keyboard.type('NE');
    expect(await page.inputValue('#UNS-01 [data-record="witness"]')).toBe('NE');
    await page.context().close();
  });

  test('on a phone the box is a fingertip wide, ends the step, and what the page says is in sight', async () => {
    const { page } = await site.open(UNSEAL, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await page.locator('#UNS-04').scrollIntoViewIfNeeded();
    const tick = page.locator('#UNS-04 .step-tick');
    const { width = 0, height = 0, y = 0 } = (await tick.boundingBox()) ?? {};
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
    expect(y).toBeGreaterThan((await page.locator('#UNS-04 .step-body').boundingBox())?.y ?? 0);
    await tick.tap();
    await page.fill('[data-run-why]', 'on the other sheet');
    await page.tap('[data-run-yes]');
    const toast = page.locator('[data-run-toast]');
    await expect.poll(() => toast.textContent()).toMatch(/^UNS-04 done at \d\d:\d\dZ/);
    const box = await toast.boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeCloseTo(844, 0);
    await page.fill(
      '#UNS-04 [data-record="note"]',
      'mks1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0j',
    );
    await expect.poll(() => toast.textContent()).toContain('looks like a shard or a key');
    // With the panel in sight the message stands there, and there only.
    await page.tap('[data-run] summary');
    await page.locator('[data-run-name]').fill('Phone');
    await page.tap('[data-run-start]');
    expect(await toast.isVisible()).toBe(false);
    await page.context().close();
  });

  test('without JavaScript the same steps stand there with empty boxes and no dead button', async () => {
    const { page } = await site.open(UNSEAL, { javaScriptEnabled: false });
    expect(await page.locator('section.step [data-step]:visible').count()).toBe(
      await page.locator('section.step').count(),
    );
    expect(await page.locator('.run-panel:visible, .step-record:visible').count()).toBe(0);
    await page.context().close();
  });
});

test('paper shows what was entered, and blanks where nothing was', async () => {
  const { page } = await site.open(UNSEAL, { colorScheme: 'dark' });
  await startRun(page, 'On paper');
  await page.check('#UNS-01 [data-step]');
  await page.fill('#UNS-01 [data-record="by"]', 'LEO');
  await page.fill('#UNS-01 [data-record="note"]', 'phone was slow');
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('#UNS-01 .step-paper').innerText()).toMatch(
    /Done by\s+LEO\s+Witness\s+Time \(UTC\)\s+\d\d:\d\dZ/,
  );
  expect(await page.locator('#UNS-01 .step-paper-note').innerText()).toMatch(/^Note\s+phone was slow$/);
  expect(await page.locator('#UNS-02 .step-paper').innerText()).not.toMatch(/LEO/);
  // A line of 5 mm to write on, from edge to edge.
  const line = await page.locator('#UNS-02 .step-paper-note i').boundingBox();
  expect(line?.height).toBeGreaterThanOrEqual((5 / 25.4) * 96);
  expect(line?.width).toBeGreaterThan(500);
  expect(await page.innerText('[data-run-paper]')).toContain('Run “On paper”');
  expect(await page.isVisible('.run-panel')).toBe(false);
  // Box, initials, time: one column each from step to step, with room for a hand: 9 mm high, 16 mm wide.
  const columns = await page.$$eval('.step-paper', (records) =>
    records.map((record) =>
      [...record.children]
        .map((cell) => cell.getBoundingClientRect())
        .filter(({ width }) => width > 0)
        .map(({ x, width, height }) => [Math.round(x), Math.round(width), Math.round(height)]),
    ),
  );
  expect(columns.length).toBeGreaterThan(20);
  expect(new Set(columns.map(String)).size).toBe(1);
  const [box, ...blanks] = columns[0] ?? [];
  expect(box?.[1]).toBeGreaterThan(20);
  expect(blanks).toHaveLength(3);
  for (const [, width = 0, height = 0] of blanks) {
    expect(width).toBeGreaterThanOrEqual((16 / 25.4) * 96);
    expect(height).toBeGreaterThanOrEqual((9 / 25.4) * 96);
  }
  await page.context().close();
});
