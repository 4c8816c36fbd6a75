/** The print pack's own parts, without a browser: equal bytes whatever the numbering of tags, and targets of links. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'parse5';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bindBook } from '../../scripts/print/book';
import { faultsOf } from '../../scripts/print/check';
import { linkPack } from '../../scripts/print/link';
import { readPages, targetOf } from '../../scripts/print/pages';
import { settle } from '../../scripts/print/settle';

const when = new Date('2026-11-23T14:05:09Z');
const name = (number: number): string => `(node${String(number).padStart(8, '0')})`;

/** The parts of a Chromium PDF that vary, with the given numbers for tags in file order. */
function pdf(numbers: readonly number[], date: string): Buffer {
  const tags = numbers.map(
    (number, place) => `/ID ${name(number)} /Headers [${name(numbers[0] ?? 0)}] ${place}\n`,
  );
  const entries = numbers
    .map((number, place) => `${name(number)} ${50 + place} 0 R`)
    .sort()
    .join(' ');
  const all = numbers.map(name).sort();
  return Buffer.from(
    `/CreationDate (D:${date}+00'00')\n/ModDate (D:${date}+00'00')\n${tags.join('')}/Limits [${all[0]} ${all.at(-1)}]\n/Names [${entries}]\n`,
    'latin1',
  );
}

test('every numbering and date settles to the same bytes of the same length, sorted as a reader searches', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 99_999_999 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(numbers, (list) => {
      const plain = pdf(
        list.map((_, place) => place + 1),
        '20261123140509',
      );
      const settled = settle(pdf(list, '20270101000000'), when);
      expect(settled.equals(plain)).toBe(true);
    }),
  );
});

test('bytes outside dates and tags stay, also those that are no text', () => {
  const noise = Buffer.from(Uint8Array.from({ length: 256 }, (_, byte) => byte));
  const settled = settle(Buffer.concat([noise, pdf([7], '20270101000000')]), when);
  expect(settled.subarray(0, 256).equals(noise)).toBe(true);
});

test('a file of another program is refused', () => {
  expect(() => settle(Buffer.from('%PDF-1.4'), when)).toThrow(/two dates/);
  const twice = Buffer.concat([pdf([1], '20270101000000'), Buffer.from(`/Names [${name(2)} 9 0 R]`)]);
  expect(() => settle(twice, when)).toThrow(/one tree/);
});

test.each([
  ['../unseal/index.html#UNS-04', { file: 'emergency/unseal/index.html', hash: 'UNS-04' }],
  ['../../', { file: 'index.html', hash: '' }],
  ['#begin', { file: 'emergency/x/index.html', hash: 'begin' }],
  ['https://example.com/a.html', undefined],
  ['../../schemas/forms.schema.json', undefined],
])('the link %s leads to its page', (href, target) => {
  expect(targetOf(href, 'emergency/x/index.html')).toEqual(target);
});

describe('linking a pack', () => {
  const page = (digest: string): string =>
    `<main><article><h1>Page ${digest}</h1></article></main><p class="meta"><span>Page digest <code class="page-digest">${digest}</code></span></p><footer><p class="release" id="foot">Runbook <code>1</code></p></footer>`;

  /** A site of two pages and a pack with the named PDFs. */
  function siteWith(...pdfs: string[]): string {
    const site = mkdtempSync(join(tmpdir(), 'link-'));
    onTestFinished(() => rmSync(site, { recursive: true }));
    for (const [file, text] of [
      ['index.html', page('0')],
      ['emergency/unseal/index.html', page('1')],
      ...pdfs.map((name): [string, string] => [`print/${name}.pdf`, '%PDF']),
    ] as [string, string][]) {
      mkdirSync(dirname(join(site, file)), { recursive: true });
      writeFileSync(join(site, file), text);
    }
    return site;
  }
  const read = (site: string, file: string) => readFileSync(join(site, file), 'utf8');
  const links = (html: string) => [...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href);

  test('leads from a procedure to its PDFs, from every page to the book, and again to the same bytes', () => {
    const site = siteWith('a4/emergency-unseal', 'letter/emergency-unseal', 'a4/runbook');
    expect(linkPack(site)).toBe(1);
    const unseal = read(site, 'emergency/unseal/index.html');
    expect(links(unseal)).toEqual([
      '../../print/a4/emergency-unseal.pdf',
      '../../print/letter/emergency-unseal.pdf',
      '../../print/a4/runbook.pdf',
    ]);
    expect(links(read(site, 'index.html'))).toEqual(['print/a4/runbook.pdf']);
    expect(read(site, 'SHA256SUMS')).toMatch(/ {2}print\/a4\/runbook\.pdf$/m);
    expect(linkPack(site)).toBe(1);
    expect(read(site, 'emergency/unseal/index.html')).toBe(unseal);
  });

  test('changes nothing on paper: the book of a linked site is that of the site before', () => {
    const site = siteWith('a4/emergency-unseal', 'a4/runbook');
    const book = () => bindBook(readPages(site), [{ folder: 'emergency', label: 'Emergency' }])(new Map());
    const before = book();
    expect(before).toContain('<p>Runbook 1</p>');
    linkPack(site);
    expect(book()).toBe(before);
  });

  test('leaves no dead link once a PDF is gone, and no trace once all are', () => {
    const site = siteWith('a4/emergency-unseal', 'a4/runbook');
    linkPack(site);
    rmSync(join(site, 'print/a4/emergency-unseal.pdf'));
    expect(linkPack(site)).toBe(0);
    expect(links(read(site, 'emergency/unseal/index.html'))).toEqual(['../../print/a4/runbook.pdf']);
    rmSync(join(site, 'print'), { recursive: true });
    linkPack(site);
    expect(read(site, 'emergency/unseal/index.html')).toBe(page('1'));
  });

  test('refuses a page without a place for the link', () => {
    const site = siteWith('a4/runbook');
    writeFileSync(join(site, 'index.html'), '<p>nothing</p>');
    expect(() => linkPack(site)).toThrow(/index\.html: no place for the link to its PDF/);
  });
});

describe('the book', () => {
  const page = (slug: string, body: string) => ({
    file: `${slug.replace('-', '/')}/index.html`,
    slug,
    title: `Page ${slug}`,
    kind: 'text' as const,
    document: parse(
      `<article><h1 id="top">Page ${slug}</h1>${body}</article><p class="release">Runbook 1</p>`,
    ),
  });
  const book = () =>
    bindBook(
      [page('one-a', '<a href="../../two/b/index.html#top">there</a>'), page('two-b', '<h2>End</h2>')],
      [
        { folder: 'one', label: 'One' },
        { folder: 'two', label: 'Two' },
      ],
    );

  test('says on which sheet a page begins, in its contents and beside each link', () => {
    const html = book()(
      new Map([
        ['one-a', 3],
        ['two-b', 14],
      ]),
    );
    expect(html).toContain('<a href="#one-a">Page one-a</a><span>\u2007\u20073</span>');
    expect(html).toContain('<a href="#two-b--top" data-target="sheet \u200714">there</a>');
    expect(html).not.toMatch(/[\uE000\uE001]|visibility/);
  });

  test('is counted chapter by chapter, with room for the numbers and nothing painted', () => {
    const html = book()(new Map(), 'two');
    expect(html).toContain('<a href="#one-a">Page one-a</a><span>000</span>');
    expect(html).toContain('id="two-b--top"');
    expect(html).not.toContain('id="one-a--top"');
    expect(html).toContain('body{visibility:hidden}');
  });

  test('keeps the order that the style sheets have on each page, so that those for paper stay behind those for the screen', () => {
    const styled = (slug: string, ...names: string[]) =>
      page(slug, names.map((one) => `<link rel="stylesheet" href="../../assets/${one}.css">`).join(''));
    const html = bindBook(
      [styled('one-a', 'all', 'paper', 'table'), styled('one-b', 'all', 'step', 'paper', 'formula')],
      [{ folder: 'one', label: 'One' }],
    )(new Map());
    const head = html.slice(0, html.indexOf('</head>'));
    const order = [...head.matchAll(/assets\/(\w+)\.css/g)].map(([, one]) => one);
    expect(order).toEqual(['all', 'step', 'paper', 'formula', 'table']);
  });
});

describe('sheets', () => {
  const step = (id: string) =>
    `<section class="step" id="${id}"><a class="step-id">${id}</a><p class="step-who">Operator witness: Witness</p><p class="step-plan">1 min</p></section>`;
  const page = {
    file: 'emergency/x/index.html',
    slug: 'emergency-x',
    title: 'X',
    kind: 'procedure' as const,
    document: parse(
      `<h1>X</h1><h2>The first part</h2>${step('UNS-01')}${step('UNS-02')}<table><caption>Names</caption><thead><tr><th>Left</th><th>Right</th></tr></thead><tbody><tr><td>a</td></tr></tbody></table>`,
    ),
  };
  const head = (id: string) => `${id}\nOperator · witness: Witness\n1 min`;
  const done = 'Done by\nTime (UTC)';
  const people = 'Name in capitals\nInitials\nSignature';
  const faults = (...bodies: string[]) =>
    faultsOf(
      page,
      bodies.map((body, index) => ({
        body,
        ends: body.split('\n').slice(-3),
        margin: `Runbook MasterKey Runbook 1.0.0 · commit abcdef0 Sheet ${index + 1} of ${bodies.length}`,
        outside: [],
      })),
      1,
      bodies.length,
    );

  test('that hold every step whole, with what their headings announce, have no fault', () => {
    expect(
      faults(
        `X\nThe first part\n${head('UNS-01')}\n${done}`,
        `${head('UNS-02')}\n${done}\nNames\nLeft Right\na\n${people}`,
      ),
    ).toEqual([]);
  });

  test.each([
    ['a heading of two lines', `X\nThe first\npart`, 'sheet 1 ends with the heading "Thefirstpart"'],
    ['the name of a table', `X\nThe first part\nNames`, 'sheet 1 ends with the heading "Names"'],
    [
      'the head of a table',
      `X\nThe first part\nNames\nLeft Right`,
      'sheet 1 ends with the heading "LeftRight"',
    ],
  ])('that end with %s are named', (_, first, fault) => {
    expect(faults(first, `${head('UNS-01')}\n${done}\n${head('UNS-02')}\n${done}\n${people}`)).toEqual([
      fault,
    ]);
  });

  test('that tear a step or have no room to sign are named; a step longer than a sheet may be torn', () => {
    expect(
      faults(`X\nThe first part\n${head('UNS-01')}`, `${done}\n${head('UNS-02')}\n${done}\n${people}`),
    ).toEqual(['step UNS-01 is torn between sheets 1 and 2']);
    expect(faults(`X\nThe first part\ntext`, head('UNS-01'), `${done}\n${head('UNS-02')}\n${done}`)).toEqual([
      'there is no place to sign',
    ]);
  });
});
