/** Judges a printed copy by the digest of its sheets. Loads the record of editions with the first question. */
import { judgeCopy, type PastPage, type PrintedPage, typedDigest } from '../audit/printed-copy';
import { element } from './element';
import { load } from './load';

interface EditionData {
  readonly now: readonly (PrintedPage & { readonly href: string; readonly title: string })[];
  readonly past: readonly PastPage[];
}

declare global {
  /** Set by editions.js. */
  var runbookEditions: EditionData | undefined;
}

const root = (): string => document.querySelector<HTMLElement>('script[data-root]')?.dataset.root ?? '';

/** Ids of steps as links to them, after what has become of them. */
function steps(what: string, ids: readonly string[], href: string | undefined): HTMLElement[] {
  if (ids.length === 0) return [];
  const items = ids.flatMap((id, index) => [
    index === 0 ? '' : ', ',
    href === undefined ? id : element('a', { href: `${href}#${id}` }, id),
  ]);
  return [element('li', {}, `${what}: `, ...items)];
}

function answer(digest: string, { now, past }: EditionData): (HTMLElement | string)[] {
  const verdict = judgeCopy(digest, now, past);
  if (verdict.kind === 'unknown')
    return [
      element(
        'p',
        {},
        element('strong', {}, 'Not known.'),
        ' No page has this digest, and no edition that was recorded. Read the digits once more. If they are right, print the page anew.',
      ),
    ];
  const { file } = verdict.kind === 'current' ? verdict.page : verdict.past;
  const page = now.find((one) => one.file === file);
  const href = page === undefined ? undefined : root() + page.href;
  const name = href === undefined || page === undefined ? file : element('a', { href }, page.title);
  if (verdict.kind === 'current') return [element('p', {}, element('strong', {}, 'Current.'), ' ', name)];
  const { past: was, changed, added, removed } = verdict;
  if (page === undefined)
    return [
      element('p', {}, element('strong', {}, 'Not current.'), ` ${file} of ${was.date} is no page any more.`),
    ];
  const list = [
    ...steps('Changed', changed, href),
    ...steps('New', added, href),
    ...steps('Gone', removed, undefined),
  ];
  const rest = list.length === 0 ? ' The steps are the same; the text around them is another.' : '';
  return [
    element(
      'p',
      {},
      element('strong', {}, 'Not current.'),
      ' ',
      name,
      ` as recorded on ${was.date}.${rest} Print it anew.`,
    ),
    ...(list.length === 0 ? [] : [element('ul', {}, ...list)]),
  ];
}

const form = document.querySelector<HTMLFormElement>('[data-editions]');
const input = form?.querySelector<HTMLInputElement>('[data-copy-digest]');
const said = form?.querySelector<HTMLElement>('[data-copy-said]');

form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (!input || !said) return;
  try {
    const digest = typedDigest(input.value);
    await load(`${root()}editions.js`);
    if (runbookEditions === undefined) throw new RangeError('the record of editions did not load');
    said.replaceChildren(...answer(digest, runbookEditions));
    input.removeAttribute('aria-invalid');
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    said.replaceChildren(element('p', {}, `Not checked: ${error.message}.`));
    input.setAttribute('aria-invalid', 'true');
    input.focus();
  }
});
