/** Measures the verifier of the built site in Chromium, under the site's own headers: verdict, rate, memory, and how long the page ever kept its reader waiting. `tsx scripts/audit/bench-site.ts [RECORDS]` */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../common/browser';
import { serve } from '../common/server';
import { writeTrail } from './bench-trail';

const ROOT = path.resolve(__dirname, '../..');
const PAGE = 'audit/verify/';
/** Longest wait of a reader that feels like none (RAIL): milliseconds. */
const LIMIT = 100;

/** Resident megabytes of every process below this one. */
function megabytesBelow(): number {
  const parents = new Map<number, number>();
  const resident = new Map<number, number>();
  for (const name of fs.readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const status = fs.readFileSync(`/proc/${name}/status`, 'utf8');
      const field = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
      parents.set(Number(name), field('PPid'));
      // Shared pages would be counted once for each process.
      resident.set(Number(name), field('RssAnon'));
    } catch {
      // It ended while the list was read.
    }
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent === process.pid || (parent !== undefined && parent > 1 && isBelow(parent));
  };
  return [...resident].reduce((sum, [pid, size]) => sum + (isBelow(pid) ? size : 0), 0) / 1024;
}

interface Watch {
  longest: number;
  tasks: number[];
}

/** Notes in the page how late a timer of 10 ms ever was, and every task of more than 50 ms. */
async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: Watch = { longest: 0, tasks: [] };
    (globalThis as unknown as { seen: Watch }).seen = seen;
    let before = performance.now();
    setInterval(() => {
      const now = performance.now();
      seen.longest = Math.max(seen.longest, now - before - 10);
      before = now;
    }, 10);
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.tasks.push(duration);
    }).observe({ type: 'longtask' });
  });
}

async function measure(file: string, records: number): Promise<void> {
  const served = await serve({ root: path.join(ROOT, 'build'), port: 0 });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(served.url + PAGE, { waitUntil: 'load' });
    await page.getByLabel('Files of the trail').setInputFiles(file);
    await watch(page);
    const idle = megabytesBelow();
    let peak = idle;
    const sampler = setInterval(() => {
      peak = Math.max(peak, megabytesBelow());
    }, 200);
    const start = performance.now();
    await page.getByRole('button', { name: 'Verify' }).click();
    // What a reader does meanwhile: an answer to each key press has to come at once.
    const answers: number[] = [];
    const verdict = page.getByText(/^UNVERIFIABLE: .* records/).waitFor({ timeout: 600_000 });
    let finished = false;
    verdict.finally(() => {
      finished = true;
    });
    while (!finished) {
      const pressed = performance.now();
      await page.evaluate(() => new Promise((answer) => requestAnimationFrame(() => answer(true))));
      answers.push(performance.now() - pressed);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await verdict;
    const seconds = (performance.now() - start) / 1000;
    clearInterval(sampler);
    const seen = await page.evaluate(() => (globalThis as unknown as { seen: Watch }).seen);
    const said = await page.getByText(/^UNVERIFIABLE: .* records/).innerText();
    const size = fs.statSync(file).size / 1e6;
    const longest = Math.max(seen.longest, ...seen.tasks);
    console.log(`verdict:          ${said}`);
    console.log(`time:             ${seconds.toFixed(2)} s, ${Math.round(size / seconds)} MB/s`);
    console.log(
      `memory:           ${Math.round(peak - idle)} MB above the idle page (${Math.round(idle)} MB)`,
    );
    console.log(`longest task:     ${longest.toFixed(0)} ms, ${seen.tasks.length} of more than 50 ms`);
    console.log(`frames asked for: ${answers.length}, latest answer ${Math.max(...answers).toFixed(0)} ms`);
    if (complaints.length > 0) throw new RangeError(`the page complained: ${complaints[0]}`);
    if (!said.startsWith(`UNVERIFIABLE: ${records} records, 1 to ${records}, sound as far as it goes.`))
      throw new RangeError('the verdict is not that of the command line');
    if (longest > LIMIT) throw new RangeError(`the page kept its reader waiting for more than ${LIMIT} ms`);
  } finally {
    await browser.close();
    await served.close();
  }
}

async function main(): Promise<void> {
  if (!fs.existsSync(path.join(ROOT, 'build', PAGE)))
    throw new RangeError('there is no build/ with the page; run npm run build first');
  const records = Number(process.argv[2] ?? 1_000_000);
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'verify-bench-'));
  try {
    const file = path.join(folder, 'trail.jsonl');
    const bytes = writeTrail(file, records);
    console.log(
      `${records} records, ${(bytes / 1e6).toFixed(0)} MB, in Chromium under the policy of the site`,
    );
    await measure(file, records);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`verify: error: ${error instanceof Error ? error.message : 'unknown'}\n`);
  process.exitCode = 1;
});
