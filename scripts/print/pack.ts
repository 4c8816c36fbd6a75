/** Makes the print pack: every PDF is printed, held against its page, and given the same bytes on each run. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chaptersOf } from '../../src/site/chapters';
import { launchBrowser } from '../common/browser';
import { missingGlyphs, ownFonts } from '../common/fonts';
import { printError, printOut } from '../common/terminal';
import { writeSums } from '../ship/csp';
import { elements, textOf } from '../ship/dom';
import { type Book, bindBook } from './book';
import { faultsOf, faultsOfBook, faultsOfFile } from './check';
import { type PrintedPage, readPages } from './pages';
import { inParallel, openSite, type Paper, printDraft, printPage } from './press';
import { settle } from './settle';
import { readPdf, readStarts } from './sheets';

const ROOT = resolve(__dirname, '../..');

/** Pages that are printed at a time. */
const HANDS = 2;

/** What the user can do something about. */
export class PrintError extends Error {
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

/** A PDF that is no faithful script of its page must not reach a safe. */
function refuse(name: string, faults: readonly string[]): void {
  if (faults.length === 0) return;
  for (const fault of faults.slice(1, 20)) printError(`print: also: ${name}: ${fault}\n`);
  throw new PrintError(
    `${name}: ${faults[0]}`,
    'no pack was made; look at the page, and at the rules for paper in src/css',
  );
}

/** A character that no font can draw would stand on paper as an empty box. */
function refuseTofu(pages: readonly PrintedPage[], fonts: string | undefined): void {
  const missing = missingGlyphs(fonts === undefined ? [ownFonts()] : [ownFonts(), fonts]);
  for (const { file, document } of pages) {
    const [first] = missing(
      [...elements(document)]
        .filter(({ tagName }) => tagName === 'body')
        .map(textOf)
        .join(''),
    );
    if (first === undefined) continue;
    const point = (first.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    throw new PrintError(
      `${file}: no font of the pack has the character "${first}" (U+${point})`,
      'give a folder with a font that has it: npm run print -- --fonts FOLDER',
    );
  }
}

/** The chapters that printed pages are of. */
const chaptersIn = (pages: readonly PrintedPage[]) =>
  chaptersOf(pages.some(({ file }) => file.startsWith('local/')));

/**
 * Sheet on which each page of the book begins. Each chapter is counted by itself, behind the front of the whole book, so
 * that several hands count at a time.
 */
async function countSheets(
  press: Press,
  pages: readonly PrintedPage[],
  book: Book,
): Promise<Map<string, number>> {
  const counted = new Map<string, Awaited<ReturnType<typeof readStarts>>>();
  const folders = chaptersIn(pages)
    .map(({ folder }) => folder)
    .filter((folder) => pages.some(({ file }) => file.startsWith(`${folder}/`)));
  await inParallel(folders, HANDS, async (folder) => {
    counted.set(folder, await readStarts(await press(folder, book(new Map(), folder), 'draft')));
  });
  const numbers = new Map<string, number>();
  let before = 0;
  for (const folder of folders) {
    const { starts = new Map<string, number>(), total = 0 } = counted.get(folder) ?? {};
    const own = pages.filter(({ file }) => file.startsWith(`${folder}/`));
    const front = (starts.get(own[0]?.slug ?? '') ?? 1) - 1;
    for (const { slug } of own) numbers.set(slug, before + (starts.get(slug) ?? Number.NaN));
    before += total - front;
  }
  return numbers;
}

/** Prints HTML that stands at the root of the site under a name of its own. */
type Press = (name: string, html: string, how: 'draft' | 'final') => Promise<Buffer>;

/** Prints the book until its contents name the sheets on which its pages begin, and holds it against the pages. */
async function printBook(
  press: Press,
  all: readonly PrintedPage[],
  book: Book,
  paper: Paper,
): Promise<Buffer> {
  let numbers: ReadonlyMap<string, number> = await countSheets(press, all, book);
  for (let pass = 1; pass <= 3; pass += 1) {
    const pdf = await press('book', book(numbers), 'final');
    const printed = await readPdf(pdf);
    const { starts } = printed;
    if ([...numbers].some(([slug, sheet]) => starts.get(slug) !== sheet)) {
      numbers = starts;
      continue;
    }
    const pages = all.filter(({ slug }) => starts.has(slug));
    const titles = pages.map(({ title }) => title);
    refuse(`${paper}/runbook.pdf`, [
      ...faultsOfFile(printed, paper, titles),
      ...faultsOfBook(pages, printed),
    ]);
    return pdf;
  }
  throw new RangeError('the sheets of the book do not settle');
}

/** Prints the pack into a folder. Returns the number of its files, the list of digests aside. */
async function pack(
  site: string,
  out: string,
  sizes: readonly Paper[],
  fonts: string | undefined,
): Promise<number> {
  const origin = `${process.env.SITE_URL ?? 'https://runbook.example'}/`;
  const pages = readPages(site);
  const alone = pages.filter(({ kind }) => kind !== 'text');
  if (alone.length === 0) throw new PrintError('the build has no procedures', 'run "npm run build" first');
  refuseTofu(pages, fonts);
  // Making the book changes the pages that it is made of, so it has its own.
  const book = bindBook(readPages(site), chaptersIn(pages));
  const when = commitDate();
  const browser = await launchBrowser(fonts);
  const extra = new Map<string, string>();
  let done = 0;
  try {
    const context = await openSite(browser, site, origin, extra);
    // The book takes longest, so it goes first and the others run beside it.
    const jobs = sizes.flatMap((paper) => [{ paper }, ...alone.map((page) => ({ paper, page }))]);
    await inParallel(jobs, HANDS, async ({ paper, page }: { paper: Paper; page?: PrintedPage }) => {
      const name = `${paper}/${page?.slug ?? 'runbook'}.pdf`;
      let pdf: Buffer;
      if (page === undefined) {
        const press: Press = (part, html, how) => {
          const file = `${part}-${paper}.html`;
          extra.set(file, html);
          return (how === 'draft' ? printDraft : printPage)(context, origin + file, paper);
        };
        pdf = await printBook(press, pages, book, paper);
      } else {
        pdf = await printPage(context, origin + page.file, paper);
        const printed = await readPdf(pdf);
        const { sheets } = printed;
        refuse(name, [
          ...faultsOfFile(printed, paper, [page.title]),
          ...faultsOf(page, sheets, 1, sheets.length),
        ]);
      }
      mkdirSync(join(out, paper), { recursive: true });
      writeFileSync(join(out, name), settle(pdf, when));
      done += 1;
      printOut(`print: ${done} of ${jobs.length}: ${name}\n`);
    });
  } finally {
    await browser.close();
  }
  writeSums(out);
  return done;
}

/**
 * Prints the pack of a built site, complete or not at all; an older one in `out` stays until then.
 * @returns the number of PDFs. @throws PrintError when the build holds nothing to print, or a PDF is not what its page says.
 */
export async function makePack(
  site: string,
  out: string,
  sizes: readonly Paper[],
  fonts?: string,
): Promise<number> {
  const folder = `${out}.tmp`;
  rmSync(folder, { recursive: true, force: true });
  try {
    const count = await pack(site, folder, sizes, fonts);
    rmSync(out, { recursive: true, force: true });
    renameSync(folder, out);
    return count;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
