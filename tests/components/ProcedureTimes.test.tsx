/** Running times come from the steps, and so do the points of no return. */
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import ProcedureTimes, { type TimedPage } from '../../src/components/ProcedureTimes';

const step = (id: string, minutes: number, reversal = 'undo') => ({ id, minutes, reversal });
const pages: TimedPage[] = [
  {
    title: 'Script',
    href: '/ceremony/script',
    steps: [step('CER-01', 5), step('CER-02', 12, 'irreversible')],
  },
  { title: 'Room', href: '/ceremony/room', steps: [] },
  { title: 'Store', href: '/ceremony/store', steps: [step('STO-01', 3, 'compensate')] },
];

const cells = (name: string) =>
  [...(screen.getByRole('row', { name: new RegExp(name) }).querySelectorAll('td') ?? [])].map(
    (cell) => cell.textContent,
  );

afterEach(cleanup);

describe('ProcedureTimes', () => {
  it('sums the minutes of each page, of those before the day and of those on it', () => {
    render(<ProcedureTimes before={pages.slice(2)} day={pages.slice(0, 2)} />);
    expect(cells('Script')).toEqual(['2', '17', 'CER-02']);
    expect(cells('Store')).toEqual(['1', '3', 'none']);
    expect(cells('Before the day')).toEqual(['1', '3', '']);
    expect(cells('On the day')).toEqual(['2', '17', '']);
  });

  it('leaves out pages without steps and links each point of no return', () => {
    render(<ProcedureTimes before={pages.slice(2)} day={pages.slice(0, 2)} />);
    expect(screen.queryByText('Room')).toBeNull();
    expect(screen.getByRole('link', { name: 'CER-02' }).getAttribute('href')).toBe('/ceremony/script#CER-02');
  });
});
