/** What keeps own pages apart from those of the project, on either side. */
import { expect, test } from 'vitest';
import { ownPageProblems } from '../../src/procedure/rules/own-pages';

const page = (file: string, prefix?: string, label?: string) =>
  ({ file: `docs/${file}.mdx`, page: { prefix, sidebar_label: label } }) as never;
const index = page('local/index');
const told = (...pages: never[]) =>
  ownPageProblems(pages).map(({ file, rule, message }) => `${file} ${rule} ${message}`);

test('sound pages of both kinds are silent', () => {
  expect(
    told(
      index,
      page('local/a', 'XAB', 'S90 Ours'),
      page('local/b'),
      page('emergency/c', 'ABX', 'S30 Theirs'),
    ),
  ).toEqual([]);
  expect(told(page('emergency/c', 'ABC'))).toEqual([]);
});

test.each([
  [page('local/a', 'ABC'), 'docs/local/a.mdx OWN prefix ABC: wanted one that begins with X'],
  [page('emergency/a', 'XBC'), 'docs/emergency/a.mdx OWN prefix XBC: begins with X, which is kept for'],
  [page('local/a', undefined, 'S31 New'), 'docs/local/a.mdx OWN sidebar_label "S31 New": wanted S90 to S99'],
  [
    page('emergency/a', undefined, 'S90 New'),
    'docs/emergency/a.mdx OWN sidebar_label "S90 New": S90 to S99 are kept',
  ],
])('what an update could bring as well is refused: %j', (wrong, message) => {
  const said = told(index, wrong);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain(message);
});

test('own pages have a page that opens their chapter', () => {
  expect(told(page('local/a'))).toEqual([
    'docs/local/a.mdx OWN wanted docs/local/index.mdx beside it, the page that opens the chapter of own pages',
  ]);
});
