/** Holds a printed PDF against the page it was made from: a sheet that lacks a step, a command or its footer is no script. */
import type { Element } from '../ship/dom';
import { attribute, elements, find, hasClass, textOf } from '../ship/dom';
import type { PrintedPage } from './pages';
import type { Paper } from './press';
import type { PrintedPdf, Sheet } from './sheets';

/** Width and height in points, rounded. */
const SIZES: Readonly<Record<Paper, readonly [number, number]>> = { a4: [596, 843], letter: [612, 792] };

/** Without white space and marks of continuation, as a long line may be broken anywhere. */
const dense = (text: string): string => text.replace(/[\s↳]+/g, '');
const occurrences = (text: string, part: string): number => text.split(part).length - 1;

function partOf(element: Element, name: string): string {
  return textOf(find(element, `.${name}`, (one) => hasClass(one, name)));
}

const isStep = (element: Element): boolean => element.tagName === 'section' && hasClass(element, 'step');

/** Every step once, with its head and each of its commands whole. */
function faultsOfSteps(page: PrintedPage, sheets: readonly Sheet[]): string[] {
  const faults: string[] = [];
  const whole = dense(sheets.map(({ body }) => body).join('\n'));
  for (const step of [...elements(page.document)].filter(isStep)) {
    const id = attribute(step, 'id') ?? '';
    const who = partOf(step, 'step-who').replace('witness:', '·witness:');
    const times = occurrences(whole, dense(`${id}${who}${partOf(step, 'step-plan')}`));
    if (times !== 1) faults.push(`step ${id} stands ${times} times on paper, wanted once`);
    for (const block of [...elements(step)].filter((one) => hasClass(one, 'code-command'))) {
      const command = dense(textOf(find(block, 'a pre', ({ tagName }) => tagName === 'pre')));
      if (!whole.includes(command)) faults.push(`a command of step ${id} is not whole on paper`);
    }
  }
  return faults;
}

/**
 * What is wrong with the sheets of one page; empty when they are a faithful script.
 * @param first Number of the first of these sheets, `total` of all sheets of the file.
 */
export function faultsOf(
  page: PrintedPage,
  sheets: readonly Sheet[],
  first: number,
  total: number,
): string[] {
  const faults: string[] = [];
  const digest = [...elements(page.document)].find((one) => hasClass(one, 'page-digest'));
  for (const [index, { margin, outside }] of sheets.entries()) {
    const number = first + index;
    const foot = dense(margin);
    const needed: [string, boolean][] = [
      [`"Sheet ${number} of ${total}"`, foot.includes(`Sheet${number}of${total}`)],
      ['release and commit', /MasterKeyRunbook\d+\.\d+\.\d+·commit[0-9a-f]{7}/.test(foot)],
      ['the digest of the page', digest === undefined || foot.includes(`page${textOf(digest)}`)],
    ];
    for (const [what, there] of needed)
      if (!there) faults.push(`sheet ${number} lacks ${what} in its margin`);
    if (outside[0] !== undefined)
      faults.push(`sheet ${number}: "${outside[0].slice(0, 40)}" stands outside the sheet`);
  }
  if (sheets.length === 0) faults.push('there is no sheet');
  return [...faults, ...faultsOfSteps(page, sheets)];
}

/** What is wrong with a file as such: size, tags, fonts, and the titles that must be among the bookmarks. */
export function faultsOfFile(pdf: PrintedPdf, paper: Paper, titles: readonly string[]): string[] {
  const { size, tagged, fonts, bookmarks } = pdf;
  const [width, height] = SIZES[paper];
  const faults: string[] = [];
  if (size[2] !== width || size[3] !== height) faults.push(`is not on ${paper} paper`);
  if (!tagged) faults.push('is not tagged');
  if (fonts.used === 0 || fonts.embedded !== fonts.used)
    faults.push(`carries ${fonts.embedded} of its ${fonts.used} fonts`);
  const marks = bookmarks.map(dense);
  for (const title of titles) if (!marks.includes(dense(title))) faults.push(`has no bookmark "${title}"`);
  return faults;
}

/** The same for the sheets of the book, page by page. */
export function faultsOfBook(pages: readonly PrintedPage[], { sheets, starts }: PrintedPdf): string[] {
  const inOrder = [...starts.values()].sort((a, b) => a - b);
  return pages.flatMap((page) => {
    const start = starts.get(page.slug);
    if (start === undefined) return [`${page.slug} is not in the book`];
    const end = inOrder.find((sheet) => sheet > start) ?? sheets.length + 1;
    const own = sheets.slice(start - 1, end - 1);
    return faultsOf(page, own, start, sheets.length).map((fault) => `${page.slug}: ${fault}`);
  });
}
