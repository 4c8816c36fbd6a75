/** The same files work without JavaScript, under another address, and from a folder. */
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parse } from 'parse5';
import { expect, test } from 'vitest';
import { serve } from '../../scripts/common/server';
import { attribute, elements } from '../../scripts/ship/dom';
import { BUILD, pages, startSite } from './site';

const site = startSite();
const phone = { viewport: { width: 360, height: 740 } };

test('without JavaScript the start page leads to a procedure, whose steps are complete', async () => {
  const { page } = await site.open('index.html', { javaScriptEnabled: false, ...phone });
  await page.click('.door-emergency');
  await page.waitForURL(/emergency/);
  // The menu is a popover, which needs no script.
  await page.click('.tool-menu');
  await page.click('#menu >> text=Unseal');
  await page.waitForURL(/unseal/);
  expect(await page.locator('section.step').count()).toBeGreaterThan(10);
  expect(await page.locator('section.step').first().isVisible()).toBe(true);
  expect(await page.locator('.code-command').first().isVisible()).toBe(true);
  expect(await page.locator('.needs-js:visible').count()).toBe(0);
  await page.context().close();
});

test('without JavaScript a dark system still gets a readable page', async () => {
  const { page } = await site.open('emergency/unseal/index.html', {
    javaScriptEnabled: false,
    colorScheme: 'dark',
  });
  const [ink, ground] = await page.$eval('body', (body) => {
    const style = getComputedStyle(body);
    return [style.color, style.backgroundColor];
  });
  expect(ink).not.toBe(ground);
  await page.context().close();
});

test('from a folder: styles, links, diagrams and search work without a server', async () => {
  const { page, complaints } = await site.open(pathToFileURL(`${BUILD}/index.html`).href);
  expect(await page.$eval('.door-emergency', (door) => getComputedStyle(door).borderTopStyle)).toBe('solid');
  await page.click('.door-emergency');
  await page.waitForURL(/emergency\/index\.html$/);
  await page.keyboard.press('/');
  await page.keyboard.type('UNS-03');
  await page.waitForSelector('#hits a');
  await page.keyboard.press('Enter');
  await page.waitForURL(/unseal\/index\.html#UNS-03$/);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('under another base path: every page still finds its style, script and links', async () => {
  const served = await serve({ root: BUILD, port: 0, base: '/some/where/' });
  try {
    const { page } = await site.open(`${served.url}emergency/`);
    const missing: string[] = [];
    page.on('response', (response) => {
      if (response.status() >= 400) missing.push(response.url());
    });
    await page.reload();
    await page.click('#menu >> text=Unseal');
    await page.waitForURL(/\/some\/where\/emergency\/unseal\//);
    expect(missing).toEqual([]);
    await page.context().close();
  } finally {
    await served.close();
  }
});

test('no link of any page leads to a file that is not there', () => {
  const broken: string[] = [];
  for (const file of pages()) {
    // The page for what is missing is served at any depth, so its links start at the root.
    const here = new URL(file, 'file:///');
    for (const element of elements(parse(readFileSync(`${BUILD}/${file}`, 'utf8')))) {
      const href = attribute(element, 'href') ?? attribute(element, 'src');
      if (href === undefined || /^(\w+:|\/\/)/.test(href)) continue;
      const path = decodeURIComponent(new URL(href, here).pathname);
      const target = path.endsWith('/') ? `${path}index.html` : path;
      if (!existsSync(BUILD + target)) broken.push(`${file}: ${href}`);
    }
  }
  expect(broken).toEqual([]);
});
