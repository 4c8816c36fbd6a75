/** Budgets in bytes, which do not depend on the machine. `npm run weigh` prints the table. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/browser';
import type { Served } from '../../scripts/server';
import { serve } from '../../scripts/server';
import { besides, budgets, weighPage } from '../../scripts/weight';
import { BUILD, pages } from './site';

let browser: Browser;
let served: Served;

beforeAll(async () => {
  served = await serve({ root: BUILD, port: 0 });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

test.each(pages())('%s stays within its budget', async (file) => {
  const weight = await weighPage(browser, BUILD, served.url, file);
  expect(weight.html).toBeLessThanOrEqual(budgets.html);
  expect(besides(weight)).toBeLessThanOrEqual(budgets[weight.kind]);
});
