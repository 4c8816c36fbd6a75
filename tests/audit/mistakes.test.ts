/** The corpus of known mistakes: its files are whole, and every test and page that they name exists. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadMistakes, mistakesFolder } from '../../src/audit/load-mistakes';
import { parseMistake } from '../../src/audit/mistakes';

/** `ids('W', 1, 5)` → W01 to W05. */
const ids = (letter: string, first: number, last = first): string[] =>
  Array.from(
    { length: last - first + 1 },
    (_, index) => `${letter}${String(first + index).padStart(2, '0')}`,
  );

/** Cases that must be in the corpus. */
const EXPECTED = [
  ...ids('P', 1, 20),
  ...ids('S', 1, 26),
  ...['D05', 'D06', 'D08', 'D11', 'D13', 'D18', 'D19'],
  ...ids('W', 1, 5),
];

const files = readdirSync(mistakesFolder).filter((name) => name.endsWith('.md'));

describe('the corpus', () => {
  const mistakes = loadMistakes('.');

  test('holds nothing but cases, each under its id, and every case that must be there', () => {
    expect(readdirSync(mistakesFolder).filter((name) => !/^[DPSW]\d{2}\.md$/.test(name))).toEqual([]);
    const found = mistakes.map(({ id }) => id);
    expect(new Set(found).size).toBe(files.length);
    expect(EXPECTED.filter((id) => !found.includes(id))).toEqual([]);
  });

  test.each(mistakes.map((mistake) => [mistake.id, mistake] as const))(
    '%s names pages and tests that exist, the tests by their titles',
    (_id, { pages, tests }) => {
      const missing = pages.filter(
        (page) => !['.mdx', '.md'].some((end) => existsSync(`docs/${page}${end}`)),
      );
      expect(missing, 'pages that do not exist').toEqual([]);
      const gone = tests.filter(
        ({ file, name }) => !existsSync(file) || !readFileSync(file, 'utf8').includes(name),
      );
      expect(gone, 'tests that do not exist').toEqual([]);
    },
  );

  test.each(mistakes.map((mistake) => [mistake.id, mistake] as const))(
    '%s names nothing of one machine or one commit',
    (_id, { title, kind, parts }) => {
      const text = [title, kind, ...Object.values(parts)].join('\n');
      expect(text).not.toMatch(/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b|\/work\/|\/home\/\w/);
    },
  );
});

describe('a case', () => {
  const front = (change: Record<string, string> = {}) =>
    Object.entries({
      id: 'P01',
      title: 'A recovery folder lay on the disk',
      group: 'Recovery and ceremony pages',
      kind: 'every folder in memory',
      pages: '[emergency/unseal]',
      tests: '\n  - { file: tests/a.test.ts, name: "refuses it" }',
      ...change,
    })
      .map(([key, value]) => `${key}: ${value}`)
      .join('\n');
  const body =
    '**Given** root.\n\n**What happened** It `did`.\n\n- one\n- two\n\n**What happens now** It stops.\n\n**Siblings** None.\n';
  const parse = (change?: Record<string, string>, text = body, file = 'tests/cases/P01.md') =>
    parseMistake(file, `---\n${front(change)}\n---\n\n${text}`);

  test('is read with its facts and its parts', () => {
    expect(parse()).toEqual({
      id: 'P01',
      title: 'A recovery folder lay on the disk',
      group: 'Recovery and ceremony pages',
      kind: 'every folder in memory',
      pages: ['emergency/unseal'],
      tests: [{ file: 'tests/a.test.ts', name: 'refuses it' }],
      parts: {
        Given: 'root.',
        'What happened': 'It `did`.\n\n- one\n- two',
        'What happens now': 'It stops.',
        Siblings: 'None.',
      },
    });
  });

  test.each([
    [{ group: 'Others' }, /^tests\/cases\/P01\.md:4: CASE: group: /],
    [{ id: 'X01' }, /:2: CASE: id: wanted a letter/],
    [{ id: 'P02' }, /:2: CASE: wanted the id of the file's name, found P02/],
    [{ title: 'It was wrong.' }, /:3: CASE: title: wanted a title without a full stop/],
    [{ tests: '[]' }, /:7: CASE: tests: /],
    [{ tests: '\n  - { file: src/a.ts, name: "x" }' }, /CASE: tests 1. file: wanted a test file/],
    [{ pages: '[docs/x.mdx]' }, /CASE: pages 1.: wanted a page such as/],
    [{ extra: 'x' }, /CASE: .*extra/],
    [{ kind: '"' }, /CASE: is not YAML/],
  ])('with %j is refused at its line', (change, message) => {
    expect(() => parse(change as unknown as Record<string, string>)).toThrow(message);
  });

  test.each([
    ['no parts', 'Text.\n', /wanted \*\*Given\*\* first/],
    [
      'a part missing',
      body.replace('**Siblings** None.', ''),
      /found Given, What happened, What happens now$/,
    ],
    ['an empty part', body.replace('None.', ''), /nothing stands under \*\*Siblings\*\*/],
    ['parts in another order', '**Siblings** a\n\n**Given** b\n', /found Siblings, Given$/],
  ])('with %s is refused', (_, text, message) => {
    expect(() => parse({}, text)).toThrow(message);
  });

  test('without front matter is refused', () => {
    expect(() => parseMistake('tests/cases/P01.md', body)).toThrow(/P01\.md:1: CASE: wanted front matter/);
  });
});
