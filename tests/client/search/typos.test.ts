/** The mistakes of people who type fast, and words that must stay apart. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowedEdits, editsBetween } from '../../../src/client/search/typos';

describe('edits between two words', () => {
  test.each([
    ['unseal', 'unseal', 0],
    ['unsael', 'unseal', 1],
    ['vualt', 'vault', 1],
    ['recovr', 'recover', 1],
    ['reecover', 'recover', 1],
    ['recuver', 'recover', 1],
    ['ca', 'abc', 3],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('%s and %s: %i', (a, b, expected) => {
    expect(editsBetween(a, b, 9)).toBe(expected);
    expect(editsBetween(b, a, 9)).toBe(expected);
  });

  test('beyond the most that is asked for, one more than it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), fc.nat(4), (a, b, most) => {
        expect(editsBetween(a, b, most)).toBe(Math.min(editsBetween(a, b, 99), most + 1));
      }),
    );
  });

  test('one mistake is one edit', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 12 }), fc.nat(), (word, place) => {
        const at = place % word.length;
        expect(editsBetween(word.slice(0, at) + word.slice(at + 1), word, 2)).toBe(1);
      }),
    );
  });
});

test.each([
  ['key', 0],
  ['us-east-1', 0],
  ['vault', 1],
  ['identity', 2],
])('%s may hold %i mistakes', (word, expected) => expect(allowedEdits(word)).toBe(expected));
