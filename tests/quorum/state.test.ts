/** The state table: every combination of small counts against the table written out by hand. */
import { describe, expect, test } from 'vitest';
import { assess } from '../../src/quorum/state';

const key = { threshold: 3, live: true, healthy: 5, exposed: 0 };

describe('availability', () => {
  test.each([
    [5, true, 'GREEN'],
    [5, false, 'GREEN'],
    [4, true, 'AMBER-A'],
    [3, true, 'RED-A'],
    [3, false, 'RED-A'],
    [2, true, 'BLACK-A1'],
    [0, true, 'BLACK-A1'],
    [2, false, 'BLACK-A2'],
    [0, false, 'BLACK-A2'],
  ] as const)('H = %i, L = %s is %s', (healthy, live, wanted) => {
    expect(assess({ ...key, healthy, live }).availability).toBe(wanted);
    expect(assess({ ...key, healthy, live }).compromise).toBeUndefined();
  });

  test('2 of 3 is never GREEN', () => {
    expect(assess({ ...key, threshold: 2, healthy: 3 }).availability).toBe('AMBER-A');
  });
});

describe('compromise', () => {
  test('one exposed shard is AMBER-C, M - 1 is one short, M is BLACK-C', () => {
    expect(assess({ ...key, exposed: 1 })).toEqual({
      compromise: 'AMBER-C',
      availability: 'GREEN',
      oneShort: false,
      previousAlive: false,
    });
    expect(assess({ ...key, exposed: 2 })).toMatchObject({ compromise: 'AMBER-C', oneShort: true });
    expect(assess({ ...key, exposed: 3 })).toMatchObject({ compromise: 'BLACK-C', availability: undefined });
    expect(assess({ ...key, exposed: 4, healthy: 0, live: false })).toMatchObject({
      compromise: 'BLACK-C',
      availability: undefined,
    });
  });

  test('a key in clear is BLACK-C whatever the counts', () => {
    expect(assess({ ...key, keySeen: true })).toMatchObject({
      compromise: 'BLACK-C',
      availability: undefined,
    });
  });

  test('exposure does not hide a loss', () => {
    expect(assess({ ...key, exposed: 1, healthy: 2 })).toMatchObject({
      compromise: 'AMBER-C',
      availability: 'BLACK-A1',
    });
  });

  test('the previous generation counts while it reaches its own threshold', () => {
    expect(assess({ ...key, previous: 3 })).toMatchObject({ compromise: 'AMBER-C', previousAlive: true });
    expect(assess({ ...key, previous: 2 })).toMatchObject({ compromise: undefined, previousAlive: false });
    expect(assess({ ...key, previous: 2, previousThreshold: 2 })).toMatchObject({ previousAlive: true });
    expect(assess({ ...key, previous: 0, previousThreshold: 2 })).toMatchObject({ previousAlive: false });
  });
});

test('refuses what is not a count', () => {
  for (const bad of [-1, 1.5, 256, Number.NaN]) {
    for (const field of ['healthy', 'exposed', 'previous'] as const) {
      expect(() => assess({ ...key, [field]: bad })).toThrow(RangeError);
    }
  }
  expect(() => assess({ ...key, threshold: 0 })).toThrow(RangeError);
  expect(() => assess({ ...key, healthy: '5' as never })).toThrow(TypeError);
});
