/** `npm run weigh`: what a first visit to each page of build/ costs, in Brotli bytes, against the budgets. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { launchBrowser, NoBrowserError } from './common/browser';
import { serve } from './common/server';
import { printError, printOut } from './common/terminal';
import { filesOf } from './ship/csp';
import type { Weight } from './weight';
import { besideStarlight, besides, budgets, weighPage, wireBytes } from './weight';

const SITE = resolve(__dirname, '../build');

function fail(error: string, hint: string): void {
  printError(`weigh: error: ${error}\nweigh: hint: ${hint}\n`);
  process.exitCode = 1;
}

function isOver(weight: Weight): boolean {
  return besides(weight) > budgets[weight.kind] || weight.html > budgets.html;
}

function row(weight: Weight): string {
  const cells = [weight.html, weight.style, weight.script, weight.font, weight.image, besides(weight)];
  const numbers = cells.map((bytes) => (bytes / 1000).toFixed(1).padStart(7)).join('');
  const over = isOver(weight) ? '  over budget' : '';
  return `${weight.file.padEnd(52)} ${weight.kind.padEnd(12)}${numbers}${over}`;
}

async function main(): Promise<void> {
  if (!existsSync(SITE)) {
    fail('there is no build/', 'run "npm run build" first');
    return;
  }
  const served = await serve({ root: SITE, port: 0 });
  try {
    const browser = await launchBrowser();
    const heads = ['html', 'style', 'script', 'font', 'image', 'sum']
      .map((head) => head.padStart(7))
      .join('');
    printOut(`${'kB, Brotli, first visit (sum: without html)'.padEnd(52)} ${'kind'.padEnd(12)}${heads}\n`);
    const weights: Weight[] = [];
    for (const file of filesOf(SITE).filter((name) => name.endsWith('.html'))) {
      const weight = await weighPage(browser, SITE, served.url, file);
      weights.push(weight);
      printOut(`${row(weight)}\n`);
    }
    await browser.close();
    printOut(`${'\nmedian first visit with its HTML, kB'.padEnd(53)}        own  Starlight   part\n`);
    for (const { kind, own, other } of besideStarlight(weights)) {
      const cells = [own / 1000, other / 1000].map((kilobytes) => kilobytes.toFixed(1).padStart(11)).join('');
      printOut(`${kind.padEnd(52)}${cells}${`${Math.round((100 * own) / other)} %`.padStart(7)}\n`);
    }
    const search = wireBytes(join(SITE, 'search-index.js'));
    printOut(
      `\nthe first search loads ${(search / 1000).toFixed(1)} kB${search > budgets.search ? '  over budget' : ''}\n`,
    );
    if (search > budgets.search || weights.some(isOver)) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof NoBrowserError)) throw error;
    fail(error.message, 'the browser tells what a page loads');
  } finally {
    await served.close();
  }
}

void main();
