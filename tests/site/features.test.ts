/** What readers expect of a documentation site, on the pages that ship: mode, copy, menu, contents, search, ticks. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { BUILD, isOther, layoutShift, startSite } from './site';

const site = startSite();
const PROCEDURE = 'emergency/unseal/index.html';

test('the color mode follows the system, can be switched, and is remembered', async () => {
  const { page, complaints } = await site.open('index.html', { colorScheme: 'light' });
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  expect(await theme()).toBe('light');
  await page.click('[data-mode]');
  expect(await theme()).toBe('dark');
  await page.goto(site.url(PROCEDURE));
  expect(await theme()).toBe('dark');
  // Back at what the system shows, the page follows the system again.
  await page.click('[data-mode]');
  expect(await theme()).toBe('light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(theme).toBe('dark');
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('copy gives exactly the command', async () => {
  const { page } = await site.open(PROCEDURE, { permissions: ['clipboard-read', 'clipboard-write'] });
  const block = page.locator('.code-command').first();
  await block.locator('[data-copy]').click();
  await page.waitForFunction(() => document.querySelector('[data-copy]')?.textContent?.startsWith('Copied '));
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(await block.locator('pre').evaluate((pre) => pre.textContent));
  expect(copied).not.toContain('↳');
  await page.context().close();
});

test('selecting by hand gives the command without continuation marks or extra lines', async () => {
  const { page } = await site.open(PROCEDURE, { viewport: { width: 320, height: 640 } });
  const { selected, text } = await page.evaluate(() => {
    const pre = document.querySelector('.code-command pre') as HTMLElement;
    getSelection()?.selectAllChildren(pre);
    return { selected: String(getSelection()), text: pre.textContent };
  });
  expect(selected.trimEnd()).toBe(text);
  await page.context().close();
});

test('back and forward, deep links and anchors', async () => {
  const { page } = await site.open(`${PROCEDURE}#UNS-04`);
  expect(await page.locator('#UNS-04').evaluate((step) => step.matches(':target'))).toBe(true);
  const top = await page.locator('#UNS-04').evaluate((step) => step.getBoundingClientRect().top);
  expect(top).toBeGreaterThan(50);
  expect(top).toBeLessThan(400);
  await page.click('.chapter-emergency');
  await page.waitForURL(/emergency\/$/);
  await page.goBack();
  expect(page.url()).toMatch(/#UNS-04$/);
  await page.goForward();
  expect(page.url()).toMatch(/emergency\/$/);
  await page.context().close();
});

test.skipIf(isOther)(
  'the menu lists every scenario once, below its sign in the order of its id, also one of another chapter',
  async () => {
    const { page } = await site.open('emergency/index.html');
    const signs = await page.$$eval('#menu .menu-open .menu-sign', (all) =>
      all.map((sign) => [...sign.querySelectorAll('a')].map((link) => link.textContent?.slice(0, 3) ?? '')),
    );
    for (const ids of signs) expect(ids).toEqual([...ids].sort());
    expect(signs.flat().sort()).toEqual(
      Array.from({ length: 32 }, (_, index) => `S${String(index + 1).padStart(2, '0')}`),
    );
  },
);

test('menu, contents, breadcrumbs and previous / next are there', async () => {
  const { page } = await site.open(PROCEDURE);
  expect(await page.locator('#menu [aria-current="page"]').count()).toBe(1);
  expect(await page.locator('.contents a').count()).toBeGreaterThan(2);
  expect(await page.locator('nav[aria-label="Breadcrumbs"] a').count()).toBeGreaterThan(0);
  expect(await page.locator('.pagination-nav a').count()).toBeGreaterThan(0);
  await page.context().close();
});

test.each([PROCEDURE, 'emergency/index.html'])(
  'on a phone the sections of %s open at the foot, with or without a script, and go when one is chosen',
  async (file) => {
    const viewport = { width: 390, height: 844 };
    for (const javaScriptEnabled of [true, false]) {
      const { page } = await site.open(file, { viewport, javaScriptEnabled });
      const sections = page.locator('#contents');
      expect(await sections.isVisible()).toBe(false);
      await page.click('.place-contents');
      const last = sections.locator('a').last();
      await last.click();
      const id = new URL(page.url()).hash;
      expect(id).toBe(await last.getAttribute('href'));
      if (javaScriptEnabled) {
        expect(await sections.isVisible()).toBe(false);
        const top = await page.locator(id).evaluate((heading) => heading.getBoundingClientRect().top);
        const place = await page.locator('.place').evaluate((bar) => bar.getBoundingClientRect().bottom);
        expect(top).toBeGreaterThanOrEqual(Math.min(place, 844));
      }
      await page.context().close();
    }
  },
);

test('the page for what is missing leads to an emergency, to a search, and to the chapters', async () => {
  const { page, complaints } = await site.open('404.html');
  await page.click('main [data-search]');
  await page.keyboard.type('UNS-04');
  await page.waitForSelector('#hits a:has-text("UNS-04")');
  await page.keyboard.press('Escape');
  expect(await page.locator('main li a').count()).toBe(4);
  await page.click('main .door-emergency');
  await page.waitForURL(/emergency\/$/);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('a page is there when its link is clicked: it was fetched when the reader pointed at it', async () => {
  const { page, complaints } = await site.open('emergency/index.html');
  await page.hover('main a[href*="unseal"]');
  await page.waitForTimeout(1000);
  await page.click('main a[href*="unseal"]');
  await page.waitForURL(/unseal\/$/);
  const came = await page.evaluate(
    () => (performance.getEntriesByType('navigation')[0] as unknown as { deliveryType: string }).deliveryType,
  );
  expect(came).toBe('navigational-prefetch');
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('a search without an answer says what to type and where to go', async () => {
  const { page } = await site.open('audit/index.html');
  await page.keyboard.press('/');
  await page.keyboard.type('zzqqx');
  await page.waitForSelector('#hits a');
  expect(await page.textContent('.search [role=status]')).toContain('Nothing matches');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/introduction\/glossary/);
  await page.context().close();
});

test('one click from the start page to what is wanted most', async () => {
  const { page } = await site.open('index.html');
  const links = page.locator('.straight a');
  expect(await links.count()).toBeGreaterThan(2);
  for (const href of await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href)))
    expect((await page.request.get(href)).status(), href).toBe(200);
  await links.first().click();
  await page.waitForURL(/emergency\/unseal\/$/);
  await page.context().close();
});

test('two clicks from the start page to the unseal procedure', async () => {
  const { page } = await site.open('index.html');
  await page.click('.door-emergency');
  await page.waitForURL(/emergency\/$/);
  await page.click('main a[href*="unseal"]');
  await page.waitForURL(/emergency\/unseal\//);
  await page.context().close();
});

test('the keyboard alone leads from the start to the unseal procedure, and focus is visible', async () => {
  const { page } = await site.open('index.html');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the text');
  const walk = async (selector: string) => {
    for (let presses = 0; presses < 80; presses += 1) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`80 tabs did not reach ${selector}`);
  };
  await walk('.door-emergency');
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
  expect(outline).toBe('solid');
  await page.keyboard.press('Enter');
  await page.waitForURL(/emergency\/$/);
  await walk('main a[href*="unseal"]');
  await page.keyboard.press('Enter');
  await page.waitForURL(/unseal\/$/);
  await page.context().close();
});

test('the keyboard alone answers the triage, follows it to a scenario, and from there to unseal', async () => {
  const { page, complaints } = await site.open('emergency/index.html');
  const walk = async (selector: string) => {
    for (let presses = 0; presses < 150; presses += 1) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`150 tabs did not reach ${selector}`);
  };
  const status = page.locator('[data-island="Triage"] [role=status]');
  // The component wakes when it comes near, so that whoever tabs finds it awake.
  await page.locator('[data-island="Triage"]').scrollIntoViewIfNeeded();
  await page.waitForSelector('[data-island="Triage"][data-awake]');
  const before = await status.textContent();
  await walk('[data-island="Triage"] input[type=radio]');
  await page.keyboard.press('ArrowUp');
  await page.waitForFunction(
    (old) => document.querySelector('[data-island="Triage"] [role=status]')?.textContent !== old,
    before,
  );
  await walk('[data-island="Triage"] [role=status] a');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.pathname.endsWith('/emergency/'));
  await walk('main a[href*="unseal"], #menu a[href*="unseal"]');
  await page.keyboard.press('Enter');
  await page.waitForURL(/emergency\/unseal\//);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('nothing moves where a page comes in pieces, be it in the middle of a formula', async () => {
  const file = 'introduction/threshold-mathematics/index.html';
  const html = readFileSync(`${BUILD}/${file}`, 'utf8');
  const cut = html.indexOf('class="base"', html.indexOf('class="base"', html.indexOf('katex-display')) + 1);
  expect(cut).toBeGreaterThan(0);
  const slow = createServer(({ url = '' }, response) => {
    const isPage = url === `/${file}`;
    if (isPage) response.setHeader('content-type', 'text/html; charset=utf-8');
    if (url.endsWith('.css')) response.setHeader('content-type', 'text/css');
    response.write(isPage ? html.slice(0, cut) : readFileSync(BUILD + url));
    setTimeout(() => response.end(isPage ? html.slice(cut) : ''), isPage ? 1500 : 0);
  });
  await new Promise<void>((done) => slow.listen(0, '127.0.0.1', done));
  const { page } = await site.open('404.html');
  try {
    await page.goto(`http://127.0.0.1:${(slow.address() as AddressInfo).port}/${file}`);
    expect(await layoutShift(page, 300)).toBe(0);
  } finally {
    await page.context().close();
    slow.closeAllConnections();
    await new Promise((done) => slow.close(done));
  }
});

test.skipIf(isOther)(
  'no line runs through the words of a diagram, which fits its column on a desk',
  async () => {
    const { page } = await site.open('introduction/architecture/index.html');
    const struck = await page.locator('.diagram svg').evaluate((drawing) => {
      const paths = [...drawing.querySelectorAll('.edgePaths')].at(-1) as Element;
      const isUnder = (name: Element) =>
        (paths.compareDocumentPosition(name) & Node.DOCUMENT_POSITION_FOLLOWING) === 0;
      const clear = [...drawing.querySelectorAll('.edgeLabel rect')].filter(
        (ground) => getComputedStyle(ground).opacity !== '1',
      );
      const names = [...drawing.querySelectorAll('.cluster-label')];
      return { words: names.length, under: names.filter(isUnder).length, clear: clear.length };
    });
    expect(struck).toEqual({ words: 6, under: 0, clear: 0 });
    expect(await page.locator('.diagram').evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
    await page.context().close();
  },
);

test('no script has a page laid out before it is shown', async () => {
  const { page } = await site.open('404.html');
  await page.addInitScript(() => {
    const early: string[] = [];
    Object.assign(globalThis, { early });
    const ask = Element.prototype.getBoundingClientRect;
    Element.prototype.getBoundingClientRect = function () {
      if (document.readyState !== 'complete') early.push(`where ${this.tagName} is`);
      return ask.call(this);
    };
    const replace = history.replaceState;
    history.replaceState = (...given) => {
      // With a new address the browser judges all links again by the rules, and must know which are shown.
      if (document.querySelector('[type=speculationrules]') !== null) early.push('a new address');
      replace.apply(history, given);
    };
  });
  for (const file of [PROCEDURE, 'audit/control-map/index.html', 'audit/templates/ceremony-log/index.html']) {
    await page.goto(site.url(file));
    expect(await page.evaluate(() => (globalThis as unknown as { early: string[] }).early), file).toEqual([]);
    expect(page.url()).toBe(site.url(file.slice(0, -'index.html'.length)));
  }
  await page.context().close();
});

test('whoever asked for less motion gets none', async () => {
  const { page } = await site.open(PROCEDURE, { reducedMotion: 'reduce' });
  const moving = await page.evaluate(
    () =>
      [...document.querySelectorAll('*')].filter((element) => {
        const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(element);
        return (
          animationName !== 'none' || Number.parseFloat(transitionDuration) > 0 || scrollBehavior === 'smooth'
        );
      }).length,
  );
  expect(moving).toBe(0);
  await page.context().close();
});

test.each([1280, 320])(
  'the place in a procedure stays in sight below the header, whole, at %i px',
  async (width) => {
    const { page } = await site.open(PROCEDURE, { viewport: { width, height: 800 } });
    expect(await page.textContent('[data-position]')).toMatch(/^Before the first of \d+ steps/);
    await page.evaluate(() => document.querySelector('#UNS-04')?.scrollIntoView());
    await page.waitForFunction(() =>
      document.querySelector('[data-position]')?.textContent?.startsWith('UNS-04'),
    );
    const [bar, header] = await page.evaluate(() =>
      ['[data-position]', '.bar'].map((name) =>
        document.querySelector(name)?.getBoundingClientRect().toJSON(),
      ),
    );
    expect(bar.top).toBeGreaterThanOrEqual(header.bottom - 1);
    expect(bar.top).toBeLessThanOrEqual(header.bottom + 1);
    const step = await page.locator('#UNS-04').evaluate((element) => element.getBoundingClientRect().top);
    expect(step).toBeGreaterThanOrEqual(bar.bottom);
    await page.context().close();
  },
);

describe('a procedure', () => {
  test('keeps ticks with their time, counts them, and forgets them when taken back', async () => {
    const { page } = await site.open(PROCEDURE);
    await page.check('#UNS-01 [data-step]');
    expect(await page.textContent('#UNS-01 .step-time')).toMatch(/^\d\d:\d\dZ$/);
    expect(await page.textContent('[data-position]')).toContain('1 done');
    await page.reload();
    expect(await page.isChecked('#UNS-01 [data-step]')).toBe(true);
    await page.uncheck('#UNS-01 [data-step]');
    await page.reload();
    expect(await page.isChecked('#UNS-01 [data-step]')).toBe(false);
    await page.context().close();
  });

  test('says where the reader is', async () => {
    const { page } = await site.open(PROCEDURE);
    await page.evaluate(() => document.querySelector('#UNS-03')?.scrollIntoView({ behavior: 'instant' }));
    await page.waitForFunction(() =>
      document.querySelector('[data-position]')?.textContent?.startsWith('UNS-03'),
    );
    expect(await page.textContent('[data-position]')).toMatch(/^UNS-03: step \d+ of \d+/);
    await page.context().close();
  });
});

describe('search', () => {
  test('opens with /, follows arrows, goes with Enter, closes with Escape', async () => {
    const { page, complaints } = await site.open('index.html');
    await page.keyboard.press('/');
    await page.keyboard.type('unseal');
    await page.waitForSelector('#hits a');
    const chosen = () => page.getAttribute('.search input', 'aria-activedescendant');
    expect(await chosen()).toBe('hit-0');
    await page.keyboard.press('ArrowDown');
    expect(await chosen()).toBe('hit-1');
    await page.keyboard.press('Escape');
    expect(await page.isVisible('.search')).toBe(false);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('UNS-02');
    await page.waitForSelector('#hits a:has-text("UNS-02")');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#UNS-02$/);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('helps when nothing matches', async () => {
    const { page } = await site.open('index.html');
    await page.keyboard.press('/');
    await page.keyboard.type('xyzzyplugh');
    await page.waitForSelector('.search p:has-text("Nothing matches")');
    await page.context().close();
  });
});
