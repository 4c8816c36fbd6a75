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

/** The step's head as it stands on paper. */
function headOf(step: Element): string {
  const place = [...elements(step)].find((one) => hasClass(one, 'step-place'));
  const marks = [...(place === undefined ? [] : [textOf(place)]), 'witness:'];
  const who = marks.reduce((text, mark) => text.replace(mark, `·${mark}`), partOf(step, 'step-who'));
  return dense(`${attribute(step, 'id')}${who}${partOf(step, 'step-plan')}`);
}

/** Every step once, with its head and each of its commands whole. */
function faultsOfSteps(page: PrintedPage, sheets: readonly Sheet[]): string[] {
  const faults: string[] = [];
  const whole = dense(sheets.map(({ body }) => body).join('\n'));
  for (const step of [...elements(page.document)].filter(isStep)) {
    const id = attribute(step, 'id') ?? '';
    const times = occurrences(whole, headOf(step));
    if (times !== 1) faults.push(`step ${id} stands ${times} times on paper, wanted once`);
    for (const block of [...elements(step)].filter((one) => hasClass(one, 'code-command'))) {
      const command = dense(textOf(find(block, 'a pre', ({ tagName }) => tagName === 'pre')));
      if (!whole.includes(command)) faults.push(`a command of step ${id} is not whole on paper`);
    }
  }
  return faults;
}

/** What must not be the last thing on a sheet: headings, and heads of tables that have words below them. */
function leadersOf({ document }: PrintedPage): string[] {
  const leads = ({ tagName }: Element) => /^(h[1-6]|caption)$/.test(tagName);
  const all = [...elements(document)];
  const heads = all
    .filter(({ tagName }) => tagName === 'table')
    .filter((table) =>
      [...elements(table)].some((one) => one.tagName === 'tbody' && textOf(one).trim() !== ''),
    )
    .flatMap((table) => [...elements(table)].filter(({ tagName }) => tagName === 'thead'));
  return [...all.filter(leads), ...heads].map((one) => dense(textOf(one))).filter((text) => text !== '');
}

/** Where sheets end: no heading without what it is about, and no step in two parts that fits on one sheet. */
function faultsOfBreaks(page: PrintedPage, sheets: readonly Sheet[], first: number): string[] {
  const faults: string[] = [];
  const leaders = new Set(leadersOf(page));
  for (const [index, { ends, body }] of sheets.entries()) {
    const lines = ends.map(dense);
    // A heading may be several lines long.
    const last = [1, 2, 3].map((count) => lines.slice(-count).join('')).find((end) => leaders.has(end));
    if (last !== undefined && dense(body) !== last)
      faults.push(`sheet ${first + index} ends with the heading "${last.slice(0, 40)}"`);
  }
  const steps = [...elements(page.document)].filter(isStep);
  for (const [index, { body }] of sheets.entries()) {
    const text = dense(body);
    for (const step of steps) {
      const start = text.indexOf(headOf(step));
      // Its boxes end a step. One that is longer than a sheet begins on a new one.
      if (start > 0 && !text.includes('Time(UTC)', start))
        faults.push(
          `step ${attribute(step, 'id')} is torn between sheets ${first + index} and ${first + index + 1}`,
        );
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
  const isProcedure = [...elements(page.document)].some(isStep);
  if (isProcedure && !sheets.some(({ body }) => dense(body).includes('NameincapitalsInitialsSignature')))
    faults.push('there is no place to sign');
  return [...faults, ...faultsOfSteps(page, sheets), ...faultsOfBreaks(page, sheets, first)];
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
