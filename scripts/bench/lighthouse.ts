/**
 * Lighthouse on one page of each type of the shipped site, as a phone on a slow network: scores, LCP, TBT, CLS. A page
 * that falls short is measured up to three times.
 * Lighthouse is no dependency: npx fetches one exact version, which needs the registry.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findBrowser } from '../common/browser';
import { serve } from '../common/server';

const SITE = resolve(__dirname, '../../build');
const VERSION = '13.5.0';

/** What a page must reach: scores of 100, total blocking time in ms, cumulative layout shift. */
const wanted = { score: 1, blocking: 50, shift: 0 };

const pages: readonly (readonly [type: string, path: string])[] = [
  ['start', 'index.html'],
  ['text', 'introduction/architecture/index.html'],
  ['procedure', 'emergency/unseal/index.html'],
  ['longest procedure', 'ceremony/script/index.html'],
  ['math and calculator', 'introduction/threshold-mathematics/index.html'],
  ['diagrams', 'lifecycle/states/index.html'],
  ['interactive', 'emergency/recovery-matrix/index.html'],
  ['triage', 'emergency/index.html'],
  ['reference', 'ceremony/sss-reference/index.html'],
  ['control map', 'audit/control-map/index.html'],
  ['verifier', 'audit/verify/index.html'],
  ['form', 'audit/templates/ceremony-log/index.html'],
  ['latest drill', 'audit/latest-drill/index.html'],
  ['not found', '404.html'],
];

interface Report {
  readonly categories: Readonly<Record<string, { readonly score: number | null }>>;
  readonly audits: Readonly<
    Record<string, { readonly score: number | null; readonly title: string; readonly numericValue?: number }>
  >;
  readonly runtimeError?: { readonly message: string };
}

/** Runs Lighthouse in a folder of its own, so that npx sees no other project. */
function measure(url: string, folder: string): Promise<Report> {
  const { executable, env } = findBrowser();
  const file = join(folder, 'report.json');
  const args = [
    '--yes',
    `--package=lighthouse@${VERSION}`,
    'lighthouse',
    url,
    '--quiet',
    '--output=json',
    `--output-path=${file}`,
    '--only-categories=performance,accessibility,best-practices',
    '--chrome-flags=--headless --no-sandbox --disable-dev-shm-usage',
  ];
  const all = { ...process.env, ...env, CHROME_PATH: executable, NO_UPDATE_NOTIFIER: '1' };
  return new Promise((done, fail) => {
    rmSync(file, { force: true });
    const child = spawn('npx', args, { cwd: folder, env: all, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.on('error', fail);
    child.on('close', () => {
      const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined;
      if (report !== undefined && report.runtimeError === undefined) done(report);
      else
        fail(new RangeError(`no report for ${url}\n${report?.runtimeError?.message ?? errors.slice(-1500)}`));
    });
  });
}

const percent = (score: number | null | undefined): string =>
  score === null || score === undefined ? '–' : String(Math.round(score * 100));

interface Verdict {
  readonly text: string;
  readonly good: boolean;
}

/** One line of the table, then what was found wanting. */
function lines(type: string, report: Report): Verdict {
  const value = (audit: string): number => report.audits[audit]?.numericValue ?? Number.NaN;
  const scores = ['performance', 'accessibility', 'best-practices'].map(
    (name) => report.categories[name]?.score,
  );
  const [blocking, shift] = [value('total-blocking-time'), value('cumulative-layout-shift')];
  const good =
    scores.every((score) => score === wanted.score) && blocking <= wanted.blocking && shift <= wanted.shift;
  const cells = [
    ...scores.map(percent),
    value('largest-contentful-paint').toFixed(0),
    blocking.toFixed(0),
    shift.toFixed(3),
  ];
  const short = Object.values(report.audits)
    .filter(({ score }) => !good && score !== null && score < 1)
    .map(({ title }) => `    ${title}`);
  const row = `${type.padEnd(20)}${cells.map((cell) => cell.padStart(9)).join('')}`;
  return { text: [row, ...short].join('\n'), good };
}

/** A type without a report is one that falls short; the others are measured all the same. */
async function judge(type: string, url: string, folder: string): Promise<Verdict> {
  let verdict: Verdict = { text: '', good: false };
  // Noise of a busy machine only takes away; a page that is too slow is so every time.
  for (let runs = 3; runs > 0 && !verdict.good; runs -= 1) {
    try {
      verdict = lines(type, await measure(url, folder));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      verdict = { text: `${type.padEnd(20)} ${error.message}`, good: false };
    }
  }
  return verdict;
}

async function main(only: readonly string[]): Promise<void> {
  const unknown = only.find((type) => !pages.some(([known]) => known === type));
  if (unknown !== undefined)
    throw new RangeError(`no type "${unknown}": there are ${pages.map(([type]) => type).join(', ')}`);
  if (!existsSync(SITE)) throw new RangeError('there is no build/: run "npm run build" first');
  const chosen = pages.filter(([type]) => only.length === 0 || only.includes(type));
  const folder = mkdtempSync(join(tmpdir(), 'lighthouse-'));
  // With this one header Lighthouse takes its own navigation for a broken one, and measures nothing.
  const served = await serve({ root: SITE, port: 0, without: ['Referrer-Policy'] });
  try {
    const heads = ['perform.', 'access.', 'practices', 'LCP ms', 'TBT ms', 'CLS'];
    process.stdout.write(
      `${`Lighthouse ${VERSION}`.padEnd(20)}${heads.map((h) => h.padStart(9)).join('')}\n`,
    );
    let all = true;
    for (const [type, path] of chosen) {
      const { text, good } = await judge(type, served.url + path, folder);
      all &&= good;
      process.stdout.write(`${text}\n`);
    }
    if (!all) process.exitCode = 1;
  } finally {
    await served.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`lighthouse: error: ${error instanceof Error ? error.message : 'unknown'}\n`);
  process.exitCode = 1;
});
