/** Coverage counts: by page and in all, and a page that was not drilled is not called passed. */
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import Coverage, { type CoveredStep } from '../../src/components/Coverage';

afterEach(cleanup);

const step = (changes: Partial<CoveredStep>): CoveredStep => ({
  log: ['key.loaded'],
  witness: 'internal-witness',
  reversal: 'undo',
  kind: 'command',
  ...changes,
});
const pages = [
  {
    title: 'Unseal',
    href: '/u/',
    steps: [step({}), step({ reversal: 'irreversible', kind: 'act' })],
    drill: { passed: 26, failed: 0 },
  },
  {
    title: 'Rotate',
    href: '/r/',
    steps: [step({ reversal: 'compensate' })],
    drill: { passed: 1, failed: 2 },
  },
  { title: 'Reshare', href: '/s/', steps: [step({ log: [], witness: '' })] },
  { title: 'Call', href: '/c/', steps: [step({ kind: 'act' })] },
  { title: 'Glossary', href: '/g/', steps: [] },
];

function cells(title: string) {
  const row = screen.getByRole('rowheader', { name: title }).closest('tr');
  return [...(row?.querySelectorAll('td') ?? [])].map((cell) => cell.textContent);
}

describe('coverage', () => {
  it('counts by page, and adds up', () => {
    render(<Coverage pages={pages} />);
    expect(cells('Unseal')).toEqual(['2', '2', '2', '1', '0', '1', '1', '1', '26 scenarios, all passed']);
    expect(cells('Rotate').at(-1)).toBe('2 of 3 failed');
    expect(cells('Reshare')).toEqual(['1', '0', '0', '1', '0', '0', '1', '0', 'not drilled in this build']);
    expect(cells('Call').at(-1)).toBe('no commands');
    expect(cells('All pages')).toEqual(['5', '4', '4', '3', '1', '1', '3', '2', '']);
    expect(screen.queryByText('Glossary')).toBeNull();
  });
});
