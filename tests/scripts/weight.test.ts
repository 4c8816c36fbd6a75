/** Arithmetic of the table of weights; what pages load is weighed in tests/site. */
import { expect, test } from 'vitest';
import type { PageKind, Weight } from '../../scripts/weight';
import { besideStarlight, besides } from '../../scripts/weight';

const weight = (kind: PageKind, html: number): Weight => ({
  file: `${kind}.html`,
  kind,
  html,
  style: 1,
  script: 2,
  font: 3,
  image: 4,
});

test('everything beside the HTML', () => expect(besides(weight('text', 1000))).toBe(10));

test('medians by kind, and the 20 pages by their mixture', () => {
  const rows = besideStarlight([
    weight('text', 1_000),
    weight('text', 2_000),
    weight('text', 90_000),
    weight('math', 10_000),
    weight('diagrams', 20_000),
    weight('interactive', 30_000),
    weight('both', 900_000),
    weight('procedure', 800_000),
  ]);
  expect(rows.map(({ kind, own }) => [kind, own])).toEqual([
    ['text', 2_010],
    ['math', 10_010],
    ['diagrams', 20_010],
    ['interactive', 30_010],
    ['the 20 pages', 11 * 2_010 + 4 * 10_010 + 4 * 20_010 + 30_010],
  ]);
  expect(rows.at(-1)?.other).toBe(11 * 62_000 + 4 * 144_000 + 4 * 68_000 + 124_000);
});
