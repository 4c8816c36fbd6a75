/** Whoever listens to a page follows its headings: each step is one, in order, in the tree that the browser gives to screen readers. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { isOther, pages, startSite } from './site';

const site = startSite();

interface Heading {
  readonly level: number;
  readonly name: string;
}

interface Node {
  readonly nodeId: string;
  readonly childIds?: readonly string[];
  readonly ignored: boolean;
  readonly role?: { readonly value?: string };
  readonly name?: { readonly value?: string };
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value?: number } }[];
}

/** Headings in the order in which they are read aloud. */
async function headingsOf(page: Page): Promise<Heading[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as { nodes: Node[] };
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const read = (id: string): Heading[] => {
    const node = byId.get(id);
    if (node === undefined) return [];
    const level = node.properties?.find(({ name }) => name === 'level')?.value.value ?? 0;
    const own =
      !node.ignored && node.role?.value === 'heading' ? [{ level, name: node.name?.value ?? '' }] : [];
    return [...own, ...(node.childIds ?? []).flatMap(read)];
  };
  await session.detach();
  return read(nodes[0]?.nodeId ?? '');
}

test('every procedure can be followed by its headings alone', async () => {
  const { page } = await site.open('index.html');
  let procedures = 0;
  for (const file of pages()) {
    await page.goto(site.url(file));
    const ids = await page.$$eval('section.step', (steps) => steps.map(({ id }) => id));
    if (ids.length === 0) continue;
    procedures += 1;
    const headings = await headingsOf(page);
    const named = headings.filter(({ name }) => /^[A-Z]{3}-(\w+-)?\d\d /.test(name));
    expect(
      named.map(({ name }) => name.split(' ')[0]),
      file,
    ).toEqual(ids);
    for (const { name } of named) expect(name, file).toMatch(/^\S+ [\p{Lu}\d].{3,}$/u);
    // A screen reader that jumps by level misses what stands two levels down.
    for (const [at, { level, name }] of headings.entries())
      if (at > 0) expect(level, `${file}: ${name}`).toBeLessThanOrEqual((headings[at - 1]?.level ?? 0) + 1);
  }
  expect(procedures).toBeGreaterThan(20);
  await page.context().close();
});

test.skipIf(isOther)('a step is named by its id and by what is done', async () => {
  const { page } = await site.open('emergency/unseal/index.html');
  const names = (await headingsOf(page)).map(({ name }) => name);
  expect(names).toContain('UNS-C1-02 Ask AWS for the state of the key, as the recovery identity');
  await page.context().close();
});

test.each([1360, 390])('at %i px the menu opens at the page that is read, below its sign', async (width) => {
  const { page } = await site.open('emergency/algorithm-ageing/index.html', {
    viewport: { width, height: 700 },
  });
  if (width < 960) await page.click('.tool-menu');
  const here = page.locator('#menu [aria-current="page"]');
  expect(await here.textContent()).toBe('S30 An algorithm ages');
  await expect
    .poll(() =>
      here.evaluate((link) => {
        const { top, bottom } = link.getBoundingClientRect();
        return top > 0 && bottom < innerHeight;
      }),
    )
    .toBe(true);
  expect(await page.evaluate(() => scrollY)).toBe(0);
  const sign = page.locator('.menu-sign', { has: page.locator('[aria-current="page"]') });
  expect(await sign.locator('> span').textContent()).toBe('Something was seen or changed');
  await page.context().close();
});

test('the menu names every emergency once', async () => {
  const { page } = await site.open('emergency/unseal/index.html');
  const hrefs = await page.$$eval('#menu .menu-open a', (links) =>
    links.map((link) => link.getAttribute('href')),
  );
  expect(new Set(hrefs).size).toBe(hrefs.length);
  const signs = await page.$$eval('#menu .menu-sign', (list) =>
    list.map((sign) => sign.querySelectorAll('a').length),
  );
  expect(signs.length).toBeGreaterThan(3);
  await page.goto(site.url('emergency/index.html'));
  const listed = await page.$$eval('[id^="sign-"] ~ ul a', (links) => links.length);
  expect(listed).toBeGreaterThanOrEqual(signs.reduce((sum, count) => sum + count, 0));
  await page.context().close();
});

test('the list of sections marks the one that is read', async () => {
  const { page, complaints } = await site.open('emergency/unseal/index.html', {
    viewport: { width: 1360, height: 800 },
  });
  const marked = page.locator('#contents [aria-current="location"]');
  for (const id of ['unwrap', 'shard-3', 'begin']) {
    await page.locator(`#${id}`).evaluate((heading) => heading.scrollIntoView({ block: 'start' }));
    await expect.poll(() => marked.getAttribute('href')).toBe(`#${id}`);
    expect(await marked.count()).toBe(1);
  }
  expect(complaints).toEqual([]);
  await page.context().close();
});
