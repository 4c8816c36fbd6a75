/** Components that react, with the runtime that ships: they wake over the markup of the build without changing it, and answer real keys. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { wakeIslands } from '../../scripts/weight';
import { deployment, startSite } from './site';

const site = startSite();
const CALCULATOR = 'introduction/threshold-mathematics/index.html';
const ROLES = 'introduction/roles/index.html';
const MATRIX = 'emergency/recovery-matrix/index.html';

/** Elements and words of every island. */
function islands(page: Page): Promise<string[]> {
  return page.$$eval('[data-island]', (found) =>
    found.map((island) => {
      const tags = [...island.querySelectorAll('*')].map(({ tagName }) => tagName).join(' ');
      return `${(island as HTMLElement).innerText}\n${tags}`;
    }),
  );
}

/** References by id that lead nowhere, and ids that stand twice. */
function lostIds(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
    const named = ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls'].flatMap((name) =>
      [...document.querySelectorAll(`[data-island] [${name}]`)].flatMap((element) =>
        (element.getAttribute(name) ?? '').split(' '),
      ),
    );
    return [...twice, ...named.filter((id) => document.getElementById(id) === null)];
  });
}

test.each([CALCULATOR, ROLES, MATRIX, 'emergency/index.html', 'audit/verify/index.html'])(
  '%s: what the build wrote is what wakes, node by node, and every label finds its field',
  async (file) => {
    const { page, complaints } = await site.open(file);
    const before = await islands(page);
    expect(before.length).toBeGreaterThan(0);
    await page.$$eval('[data-island] *', (nodes) => {
      for (const node of nodes) (node as Element & { built?: boolean }).built = true;
    });
    await wakeIslands(page);
    expect(await islands(page)).toEqual(before);
    const made = await page.$$eval('[data-island] *', (nodes) =>
      nodes.filter((node) => !('built' in node)).map((node) => node.outerHTML.slice(0, 80)),
    );
    expect(made).toEqual([]);
    expect(await lostIds(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  },
);

test('the calculator follows what is typed, keeps it in the address, and goes back', async () => {
  const { page, complaints } = await site.open(CALCULATOR);
  await wakeIslands(page);
  const island = page.locator('[data-island="QuorumCalculator"]');
  const before = await island.innerText();
  const threshold = island.getByLabel('Threshold M', { exact: true });
  await threshold.click();
  await page.keyboard.press('Control+a');
  const other = deployment.key.threshold === 2 ? 3 : 2;
  await page.keyboard.type(String(other));
  await expect.poll(() => page.url()).toContain(`m=${other}`);
  expect(await island.innerText()).not.toBe(before);
  expect(await lostIds(page)).toEqual([]);
  const shards = island.getByLabel('Shards N', { exact: true });
  await shards.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('12');
  await page.keyboard.press('Tab');
  await island.getByLabel('Usable: Shard 12').waitFor();
  expect(await lostIds(page)).toEqual([]);
  await island.getByText('Back to the deployment').click();
  await expect.poll(() => island.innerText()).toBe(before);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('names typed into two roles that must not meet are found, and taken back', async () => {
  const { page, complaints } = await site.open(ROLES);
  await wakeIslands(page);
  const island = page.locator('[data-island="RoleMatrix"]');
  for (const [role, name] of [
    ['Operator', 'Ada Lovelace'],
    ['Log custodian', 'ada lovelace'],
  ] as const) {
    await island.getByLabel(role, { exact: true }).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type(name);
  }
  await island.getByRole('table', { name: 'Forbidden pairs in this roster' }).waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Alan Turing');
  await island.getByText('No forbidden pair among the names typed.').waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('a switch of the recovery matrix changes the outcome, by key and by click', async () => {
  const { page, complaints } = await site.open(MATRIX);
  await wakeIslands(page);
  const outcome = page.locator('[data-island="RecoveryMatrix"] [role=status]');
  const before = await outcome.innerText();
  const first = page.locator('[data-island="RecoveryMatrix"] input[type=checkbox]').nth(1);
  await first.focus();
  await page.keyboard.press('Space');
  await expect.poll(() => outcome.innerText()).not.toBe(before);
  await first.click();
  await expect.poll(() => outcome.innerText()).toBe(before);
  expect(await first.isChecked()).toBe(false);
  expect(complaints).toEqual([]);
  await page.context().close();
});
