/** On a phone the first thing to do is seen without scrolling far, on every emergency page; a run leads from step to step. */
import { expect, test } from 'vitest';
import { pages, startSite } from './site';

const site = startSite();
const phone = { viewport: { width: 390, height: 844 } };

/** As far down as somebody looks before scrolling much. */
const NEAR = 900;

test.each([true, false])(
  'scripts: %s: it stands within the first screens of every emergency page',
  async (javaScriptEnabled) => {
    const { page } = await site.open('index.html', { ...phone, javaScriptEnabled });
    const far: string[] = [];
    for (const file of pages().filter((name) => name.startsWith('emergency/'))) {
      await page.goto(site.url(file));
      const first = await page.evaluate(() => {
        const step = document.querySelector('section.step');
        const line = document.querySelector('[data-next]');
        if (step !== null)
          return line?.querySelector('a')?.hash === `#${step.id}` && (line.textContent ?? '').length > 20
            ? line.getBoundingClientRect().bottom
            : Number.POSITIVE_INFINITY;
        const acts = document.querySelectorAll('.prose :is(ol > li, ul > li, table, fieldset, .code)');
        return Math.min(
          ...[...acts]
            .map((act) => act.getBoundingClientRect())
            .filter(({ height }) => height > 0)
            .map(({ top }) => top),
        );
      });
      if (!(first > 0 && first <= NEAR)) far.push(`${file}: ${first}`);
    }
    expect(far).toEqual([]);
    await page.context().close();
  },
);

test('the next step is named and linked as steps are ticked', async () => {
  const { page, complaints } = await site.open('emergency/algorithm-ageing/index.html', phone);
  const next = page.locator('[data-next]');
  const words = async () => (await next.textContent())?.trim();
  expect(await words()).toMatch(/^First step: AGE-01 Recovery lead: [A-Z]/);
  const ids = await page.$$eval('section.step', (steps) => steps.map(({ id }) => id));
  await page.check('[data-step="AGE-01"]');
  await expect.poll(words).toMatch(/^Next: AGE-02 [A-Z][\w ]+: [A-Z]/);
  await next.locator('a').click();
  await page.waitForURL(/#AGE-02$/);
  for (const id of ids.slice(1)) await page.check(`[data-step="${id}"]`);
  // The clock of the run stands behind it.
  await expect
    .poll(words)
    .toMatch(
      new RegExp(
        `^Every step is done or skipped\\.\\s+${ids.length} done in \\d+ min, planned .+ left of 720 h$`,
      ),
    );
  await page.uncheck('[data-step="AGE-03"]');
  await expect.poll(words).toMatch(/^Next: AGE-03 /);
  expect(complaints).toEqual([]);
  await page.context().close();
});
