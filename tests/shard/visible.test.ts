/** What is shown of foreign text: nothing that acts, hides or turns, and JSON stays the same JSON. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { visible, visibleLine } from '../../src/shard/visible';

it('leaves no character that acts, hides or turns, of all that there are', () => {
  const left: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    const shown = visible(character);
    const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u.test(character);
    // Characters that are not assigned yet, and private ones, draw a box.
    const drawn = !unseen || /[\p{Co}\p{Cn}]/u.test(character);
    if (drawn ? !/^(?:\\u[0-9a-f]{4}){1,2}$/.test(shown) && shown !== character : shown === character)
      if (code !== 0x0a) left.push(code.toString(16));
  }
  expect(left).toEqual([]);
});

it.each([
  ['\u001b[1A\u001b[2K', '\\u001b[1A\\u001b[2K'],
  ['a\rb\tc\u0007', 'a\\u000db\\u0009c\\u0007'],
  ['\u009b31m', '\\u009b31m'],
  ['\u202etxt.exe', '\\u202etxt.exe'],
  ['a\u{e0041}b', 'a\\udb40\\udc41b'],
  ['x\u2028y\u200b', 'x\\u2028y\\u200b'],
  ['\ud800', '\\ud800'],
  ['José Ñ 山田 · … “quoted”\n', 'José Ñ 山田 · … “quoted”\n'],
])('shows %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
  expect(visible(shown)).toBe(shown);
});

it('keeps the value of JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
      const json = JSON.stringify([value, text]);
      expect(JSON.parse(visible(json))).toEqual(JSON.parse(json));
    }),
    { numRuns: 2000 },
  );
});

it('lets no foreign text begin a line of its own', () => {
  expect(visibleLine('happened\nOne story')).toBe('happened\\u000aOne story');
});
