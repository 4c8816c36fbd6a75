import { expect, it } from 'vitest';
import { readabilities, readability, readabilityTable } from '../../../scripts/docs/readability';
import { exampleRoot } from '../../example';

const page = (...body: string[]) => ({
  file: 'docs/x.mdx',
  lines: ['---', 'title: x', '---', ...body].map((text, index) => ({
    text,
    file: 'docs/x.mdx',
    line: index + 1,
  })),
});

it('is that of a text counted by hand', () => {
  // Two sentences, 8 words, 10 syllables: 206.835 − 1.015 × 4 − 84.6 × 10 / 8.
  const { ease, median, words } = readability(page('Open the safe now.', 'Read the paper twice.'));
  expect(ease).toBeCloseTo(206.835 - 1.015 * 4 - (84.6 * 10) / 8, 6);
  expect([median, words]).toEqual([4, 8]);
});

it('falls with long words and long sentences, and leaves out code, tables and headings', () => {
  const plain = readability(page('Open the safe now.'));
  const hard = readability(page('Immediate authorization necessitates organizational accountability.'));
  expect(hard.ease).toBeLessThan(plain.ease);
  const beside = [
    '',
    '```bash',
    'necessitates accountability',
    '```',
    '',
    '| organizational |',
    '',
    '## Authorization',
  ];
  expect(readability(page('Open the safe now.', ...beside))).toEqual(plain);
  expect(() => readability(page('## Authorization'))).toThrow('docs/x.mdx has no sentence');
});

it('is reported for every how-to page, the hardest first', () => {
  const all = readabilities(exampleRoot());
  expect(all.length).toBeGreaterThan(45);
  expect(all.every(({ ease }) => Number.isFinite(ease))).toBe(true);
  expect(all.map(({ ease }) => ease)).toEqual(all.map(({ ease }) => ease).sort((a, b) => a - b));
  expect(readabilityTable(all).trimEnd().split('\n')).toHaveLength(all.length + 2);
});
