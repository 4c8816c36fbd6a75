/** Names that look the same: what can't be seen is refused, and what can't be told apart is the same. */
import { describe, expect, it } from 'vitest';
import { appearanceOf, hasUnseen, isPlainName } from '../../src/shard/names';
import { makeSet } from '../scripts/sss/run';

const of = (...codes: number[]) => String.fromCodePoint(...codes);

describe('plain names', () => {
  it('may be in any script, with signs that law and vendors allow', () => {
    for (const name of [
      "Elena O'Example",
      'HSM, Zürich',
      'Søren & Sons Ltd',
      '鈴木 一郎',
      'Ольга',
      'محمد',
      'masterkey (UserPIN)',
    ])
      expect(isPlainName(name), name).toBe(true);
  });

  it('hold nothing that a reader cannot see', () => {
    const unseen = [
      0, 9, 10, 0x1b, 0x85, 0xa0, 0xad, 0x34f, 0x61c, 0x115f, 0x1680, 0x17b4, 0x180e, 0x2003, 0x200b,
    ];
    unseen.push(
      0x2028,
      0x202e,
      0x202f,
      0x205f,
      0x2060,
      0x2066,
      0x206f,
      0x2800,
      0x3000,
      0x3164,
      0xd800,
      0xe000,
    );
    unseen.push(0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xffff, 0x1bca0, 0x1d173, 0xe0041, 0xe0100, 0xe01ef, 0xf0000);
    for (const code of unseen) expect(isPlainName(`safe${of(code)}, Oslo`), code.toString(16)).toBe(false);
    for (const name of ['', ' ', ' safe', 'safe ', 'safe  Oslo']) expect(isPlainName(name)).toBe(false);
  });

  it('covers every character that Unicode calls invisible, as this Node knows it', () => {
    const unicode =
      /[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Zs}]/u;
    for (let code = 0; code <= 0x10ffff; code += 1) {
      if (code === 0x20) continue;
      if (unicode.test(of(code)) && !hasUnseen(of(code))) throw new Error(`U+${code.toString(16)} passes`);
    }
  });
});

const TWINS = [
  ['safe-a', 'safe\u2010a'],
  ['safe-a', 'safe\u2013a'],
  ['safe-a', 'safe\u2212a'],
  ["O'Brien", 'O\u2019Brien'],
  ["O'Brien", 'O\u00b4Brien'],
  ['safe "A"', 'safe \u201cA\u201d'],
  ['safe, A', 'safe\u201a A'],
  ['Bill', 'BiIl'],
  ['safe 1', 'safe l'],
  ['vault 10', 'vault IO'],
  ['Barns', 'Bams'],
  ['Vivvien', 'Viwien'],
  ['Ana', 'Ana\u0332'],
  ['Safe', '\u13daafe'],
  ['ian', '\u0131an'],
  ['Oslo', '\u0585slo'],
] as const;
const APART = [
  ['safe 1', 'safe 2'],
  ['René', 'Rene'],
  ['Müller', 'Muller'],
  ['राम', 'रीम'],
  ['safe-a', 'safe a'],
  ['HSM 1, slot 1', 'HSM 1, slot 7'],
] as const;

describe('names that look the same', () => {
  it('have one appearance', () => {
    const same = [
      'safe, Oslo',
      'safe,\u00a0Oslo',
      'safe, Oslo ',
      'Safe, OSLO',
      'sa\u061cfe, Oslo',
      'safe,\u180e Oslo',
      'safe, Oslo\u3164',
      `safe, Oslo${of(0xe0041)}`,
      'ｓａｆｅ, Oslo',
      'sаfe, Oslo',
    ];
    for (const name of same) expect(appearanceOf(name), JSON.stringify(name)).toBe('safe, oslo');
    expect(appearanceOf('Zu\u0308rich')).toBe(appearanceOf('Zürich'));
    expect(appearanceOf('safe, Lima')).not.toBe(appearanceOf('safe, Oslo'));
    for (const [one, other] of TWINS) expect(appearanceOf(one), other).toBe(appearanceOf(other));
    for (const [one, other] of APART) expect(appearanceOf(one), other).not.toBe(appearanceOf(other));
  });

  it('are refused as holders of one set', async () => {
    const refused: [holders: string[], reason: RegExp][] = [
      ...['\u061c', '\u180e', '\u3164', of(0xe0041), '\u00a0', ' '].map((more): [string[], RegExp] => [
        ['safe, Oslo', `safe, Oslo${more}`],
        /--holder, number 2: a holder is 1 to 120 characters of plain text/,
      ]),
      [['safe, Oslo', 'Safe, Oslo'], /--holder, number 2: looks the same as number 1/],
      [['safe, Oslo', 'sаfe, Oslo'], /--holder, number 2: looks the same as number 1/],
      [['safe-a', 'safe\u2010a'], /--holder, number 2: looks the same as number 1/],
      [['vault 10', 'vault IO'], /--holder, number 2: looks the same as number 1/],
      [['Zürich', 'Zu\u0308rich'], /--holder, number 2: looks the same as number 1/],
    ];
    for (const [holders, reason] of refused)
      await expect(makeSet({ threshold: 2, holders })).rejects.toThrow(reason);
  });
});
