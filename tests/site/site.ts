/** The built site in a browser: serves build/, opens pages, and collects whatever a page should not do. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launchBrowser } from '../../scripts/common/browser';
import type { Served } from '../../scripts/common/server';
import { serve } from '../../scripts/common/server';
import { filesOf } from '../../scripts/ship/csp';
import { loadDeployment } from '../../src/deployment/load';
import { exampleDeployment } from '../example';

export const BUILD = resolve(__dirname, '../../build');

/** The deployment that the site is about. */
export const deployment = loadDeployment(resolve(__dirname, '../../deployment.yaml'));

/**
 * Whether that is another one than the example. Tests of the site's parts that type and read shards, providers and people of
 * the example are about the product: on another site there is nothing for them to read, and they are counted as skipped.
 */
export const isOther = !isDeepStrictEqual(deployment, loadDeployment(exampleDeployment));

/** Every page of the build, by its path from the root of the site. */
export function pages(): string[] {
  if (!existsSync(BUILD)) throw new Error('there is no build/: run "npm run build" before the site tests');
  return filesOf(BUILD).filter((file) => file.endsWith('.html'));
}

/** A page and what it did that it must not: console messages, errors, refused or foreign requests. */
export interface Visit {
  readonly page: Page;
  readonly complaints: string[];
  /** Resource type of each file of the site that was asked for, by path from its root. */
  readonly requested: Map<string, string>;
}

export interface Site {
  url(path: string): string;
  open(path: string, options?: BrowserContextOptions): Promise<Visit>;
}

/** Starts server and browser for the tests of a file. */
export function startSite(): Site {
  let served: Served;
  let browser: Browser;
  beforeAll(async () => {
    pages();
    served = await serve({ root: BUILD, port: 0 });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });
  const url = (path: string): string => (/^\w+:/.test(path) ? path : served.url + path);
  return {
    url,
    async open(path, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      const page = await context.newPage();
      const complaints: string[] = [];
      const requested = new Map<string, string>();
      page.on('console', (message) => complaints.push(`console ${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
      // A page that the browser fetches ahead is given up when the reader goes elsewhere.
      page.on('requestfailed', (request) => {
        if (request.headers()['sec-purpose'] === undefined) complaints.push(`failed: ${request.url()}`);
      });
      page.on('request', (request) => {
        const address = request.url();
        if (address.startsWith(served.url))
          requested.set(address.slice(served.url.length), request.resourceType());
        const isOwn = ['data:', 'blob:', 'file:'].some((scheme) => address.startsWith(scheme));
        if (!isOwn && !address.startsWith(served.url)) complaints.push(`foreign request: ${address}`);
      });
      await page.goto(url(path), { waitUntil: 'load' });
      // The script of a run comes when the browser is idle; the tests do not race it.
      if (options.javaScriptEnabled !== false)
        await page
          .waitForFunction(
            () =>
              document.querySelector('script[data-run-script]') === null ||
              document.querySelector('[data-run][data-awake]') !== null,
          )
          .catch(() => undefined);
      return { page, complaints, requested };
    },
  };
}

/** The sum of layout shifts while a page loads (CLS), with those of a while after. */
export function layoutShift(page: Page, after = 100): Promise<number> {
  return page.evaluate(
    (wait) =>
      new Promise((done) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += (entry as unknown as { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => done(sum), wait);
      }),
    after,
  );
}
