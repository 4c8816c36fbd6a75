/** `npm run print`: the print pack from build/: a PDF a procedure, one a form, one book, on A4 or Letter, and SHA256SUMS. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { BrowserContext } from 'playwright-core';
import { chapters } from '../src/site/chapters';
import { launchBrowser, NoBrowserError } from './browser';
import { filesOf } from './csp';
import { bookOf } from './print/book';
import { readPages } from './print/pages';
import { inParallel, openSite, type Paper, papers, printDraft, printPage } from './print/press';
import { settle } from './print/settle';

const ROOT = resolve(__dirname, '..');
const USAGE = `usage: npm run print [-- --paper a4|letter|both] [--site FOLDER] [--out FOLDER]

Prints the built site (build/) into print/: a PDF for each procedure and form, the book of all pages, SHA256SUMS.
A4 unless another paper is asked for.
The same build gives the same bytes on every run.`;

class PrintError extends Error {
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

/** Date of the commit, so that equal commits make equal files; without git, the first day of 2000. */
function commitDate(): Date {
  const { status, stdout } = spawnSync('git', ['-C', ROOT, 'log', '-1', '--format=%ct'], {
    encoding: 'utf8',
  });
  return new Date(status === 0 && stdout.trim() !== '' ? Number(stdout) * 1000 : Date.UTC(2000, 0, 1));
}

/** Sheet on which each page of a book begins, from the names that its contents link to. */
async function sheetsOf(pdf: Uint8Array): Promise<Map<string, number>> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const document = await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise;
  const sheets = new Map<string, number>();
  for (const [name, target] of Object.entries(await document.getDestinations())) {
    const page = Array.isArray(target)
      ? (target[0] as Parameters<typeof document.getPageIndex>[0])
      : undefined;
    if (page !== undefined && !name.includes('--')) sheets.set(name, (await document.getPageIndex(page)) + 1);
  }
  await document.destroy();
  return sheets;
}

/** Prints the book until its contents name the sheets on which the pages begin; that is the second time, rarely the third. */
async function printBook(
  context: BrowserContext,
  site: string,
  extra: Map<string, string>,
  url: string,
  paper: Paper,
): Promise<Buffer> {
  const name = new URL(url).pathname.slice(1);
  let numbers = new Map<string, number>();
  for (let pass = 1; pass <= 4; pass += 1) {
    extra.set(name, bookOf(readPages(site), chapters, numbers));
    const pdf = await (pass === 1 ? printDraft : printPage)(context, url, paper);
    const seen = await sheetsOf(pdf);
    if ([...seen].every(([slug, sheet]) => numbers.get(slug) === sheet)) return pdf;
    numbers = seen;
  }
  throw new RangeError('the sheets of the book do not settle');
}

async function pack(site: string, out: string, sizes: readonly Paper[]): Promise<number> {
  const origin = `${process.env.SITE_URL ?? 'https://runbook.example'}/`;
  const pages = readPages(site);
  const alone = pages.filter(({ kind }) => kind !== 'text');
  if (alone.length === 0) throw new PrintError('the build has no procedures', 'run "npm run build" first');
  const when = commitDate();
  rmSync(out, { recursive: true, force: true });
  const browser = await launchBrowser();
  const extra = new Map<string, string>();
  try {
    const context = await openSite(browser, site, origin, extra);
    // The book takes longest, so it goes first and the others run beside it.
    const jobs = sizes.flatMap((paper) => [
      { paper, name: 'runbook', url: `${origin}book-${paper}.html` },
      ...alone.map(({ slug, file }) => ({ paper, name: slug, url: origin + file })),
    ]);
    let done = 0;
    await inParallel(jobs, 2, async ({ paper, name, url }) => {
      let pdf: Buffer;
      if (name === 'runbook')
        pdf = await printBook(context, site, extra, `${origin}book-${paper}.html`, paper);
      else pdf = await printPage(context, url, paper);
      const folder = join(out, paper);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${name}.pdf`), settle(pdf, when));
      done += 1;
      process.stdout.write(`print: ${done} of ${jobs.length}: ${paper}/${name}.pdf\n`);
    });
  } finally {
    await browser.close();
  }
  const sums = filesOf(out).map((file) => {
    const digest = createHash('sha256')
      .update(readFileSync(join(out, file)))
      .digest('hex');
    return `${digest}  ${file}\n`;
  });
  writeFileSync(join(out, 'SHA256SUMS'), sums.join(''));
  return sums.length;
}

async function main(): Promise<void> {
  const started = Date.now();
  try {
    const { values } = parseArgs({
      options: {
        paper: { type: 'string', default: 'a4' },
        site: { type: 'string', default: join(ROOT, 'build') },
        out: { type: 'string', default: join(ROOT, 'print') },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(`${USAGE}\n`);
      return;
    }
    const known = Object.keys(papers) as Paper[];
    const sizes = values.paper === 'both' ? known : known.filter((paper) => paper === values.paper);
    if (sizes.length === 0) {
      throw new PrintError(
        `--paper: expected a4, letter or both, got ${values.paper}`,
        'npm run print -- --help',
      );
    }
    if (!existsSync(join(values.site, 'index.html'))) {
      throw new PrintError(`there is no built site in ${values.site}`, 'run "npm run build" first');
    }
    const count = await pack(resolve(values.site), resolve(values.out), sizes);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    process.stdout.write(`print: ${count} files in ${values.out} in ${seconds} s\n`);
  } catch (error) {
    const { message, hint, code } = error as PrintError & { code?: string };
    const isKnown =
      error instanceof PrintError || error instanceof NoBrowserError || error instanceof RangeError;
    if (!isKnown && code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
    process.stderr.write(`print: error: ${message.split('\n')[0]}\n`);
    process.stderr.write(`print: hint: ${hint ?? 'npm run print -- --help shows what there is'}\n`);
    process.exitCode = 1;
  }
}

void main();
