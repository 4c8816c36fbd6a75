/** The print pack's own parts, without a browser: equal bytes whatever the numbering of tags, and targets of links. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { targetOf } from '../../scripts/print/pages';
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
