/** Acts are cut at their headings; their minutes and their place in the day come from the steps. */
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import ActTimes, { actsOf, type TimedStep } from '../../src/components/ActTimes';

const step = (id: string, minutes: number, part: string, reversal = 'undo'): TimedStep => ({
  id,
  minutes,
  part,
  reversal,
});
const steps = [
  step('CER-01', 50, 'Act 1: people'),
  step('CER-02', 15, 'Act 1: people'),
  step('CER-03', 5, 'Act 2: wrap'),
  step('CER-W1-01', 2, 'Act 2: wrap', 'irreversible'),
  step('CER-04', 3, 'Act 3: wipe', 'irreversible'),
];

afterEach(cleanup);

describe('the acts of a procedure', () => {
  it('are its parts, with their minutes and their place in the day', () => {
    expect(
      actsOf(steps).map(({ title, begins, minutes, steps: own }) => [title, begins, minutes, own.length]),
    ).toEqual([
      ['Act 1: people', 0, 65, 2],
      ['Act 2: wrap', 65, 7, 2],
      ['Act 3: wipe', 72, 3, 1],
    ]);
  });

  it('take every step: one outside of them is an error', () => {
    expect(() => actsOf([step('CER-01', 1, 'Before')])).toThrow('step CER-01 stands in no act');
  });

  it('show minutes, beginning and points of no return, and leave room for the time of the end', () => {
    render(<ActTimes href="/ceremony/script" steps={steps} log />);
    const cells = (name: string) =>
      [...screen.getByRole('row', { name: new RegExp(name) }).querySelectorAll('td')].map(
        ({ textContent }) => textContent,
      );
    expect(cells('Act 2')).toEqual(['2', '1:05', '7', 'CER-W1-01', '']);
    expect(cells('Act 1')).toEqual(['2', '0:00', '65', 'none', '']);
    expect(cells('In total')).toEqual(['5', '1:15', '75', '', '']);
    expect(screen.getByRole('link', { name: 'CER-04' }).getAttribute('href')).toBe('/ceremony/script#CER-04');
  });

  it('have no column to write in where nobody writes', () => {
    render(<ActTimes href="/ceremony/script" steps={steps} />);
    expect(screen.queryByRole('columnheader', { name: 'Ended (UTC)' })).toBeNull();
  });
});
