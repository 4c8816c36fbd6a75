/** The browser draws with the fonts of the packages only, and characters that they lack are known before anything is printed. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fontConfiguration, missingGlyphs, ownFonts } from '../../scripts/common/fonts';
import { fontsOf } from '../../scripts/print/sheets';

const folder = mkdtempSync(join(tmpdir(), 'fonts & more '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the configuration of fontconfig', () => {
  test('names the given folders and no other, and is the same file again', () => {
    const file = fontConfiguration(folder, [ownFonts(), folder]);
    const text = readFileSync(file, 'utf8');
    const dirs = [...text.matchAll(/<dir>(.*?)<\/dir>/g)].map(([, dir]) => dir);
    expect(dirs).toEqual([ownFonts(), folder.replace('&', '&amp;')]);
    expect(text).not.toMatch(/<include/);
    expect(fontConfiguration(folder, [ownFonts(), folder])).toBe(file);
    expect(fontConfiguration(folder, [ownFonts()])).not.toBe(file);
  });

  test.skipIf(!existsSync('/usr/bin/fc-list'))('gives fontconfig the fonts of the packages alone', () => {
    const env = { FONTCONFIG_FILE: fontConfiguration(folder, [ownFonts()]) };
    const files = execFileSync('/usr/bin/fc-list', ['--format', '%{file}\n'], { env, encoding: 'utf8' });
    const known = readdirSync(ownFonts()).filter((name) => name.endsWith('.ttf'));
    expect(files.trim().split('\n').sort()).toEqual(known.map((name) => join(ownFonts(), name)).sort());
  });
});

test.skipIf(!existsSync('/usr/bin/fc-match')).each([
  ['system-ui', 'DejaVu Sans'],
  ['', 'DejaVu Sans'],
  ['Segoe UI', 'DejaVu Sans'],
  ['serif', 'DejaVu Serif'],
  ['ui-monospace', 'DejaVu Sans Mono'],
])('whoever asks for "%s" gets %s', (asked, given) => {
  const env = { FONTCONFIG_FILE: fontConfiguration(folder, [ownFonts()]) };
  expect(
    execFileSync('/usr/bin/fc-match', ['--format', '%{family[0]}', asked.replace('-', '\\-')], {
      env,
      encoding: 'utf8',
    }),
  ).toBe(given);
});

describe('characters without a glyph', () => {
  test('are named once each; letters, signs, boxes and what draws nothing are there', () => {
    const missing = missingGlyphs([ownFonts()]);
    expect(missing('Żółć Ω Ж ≥ ✓ ☐ → ↳ “” …\u00A0\u200B\u2066\n\uE020 é')).toEqual([]);
    expect(missing('山田 太郎 山')).toEqual(['山', '田', '太', '郎']);
  });

  test('are looked for in further fonts as well', () => {
    const katex = 'node_modules/katex/dist/fonts/KaTeX_Main-Regular.ttf';
    cpSync(katex, join(folder, 'Main.ttf'));
    expect(missingGlyphs([folder])('a≥')).toEqual([]);
    expect(missingGlyphs([folder])('Ж')).toEqual(['Ж']);
    expect(missingGlyphs([folder, ownFonts()])('Ж')).toEqual([]);
  });
});

describe('fonts of a PDF', () => {
  const composite = '5 0 obj\n<</Type /Font\n/Subtype /Type0\n/DescendantFonts [6 0 R]>>\nendobj\n';
  const descendant = (descriptor: number) =>
    `6 0 obj\n<</Type /Font\n/FontDescriptor ${descriptor} 0 R\n/BaseFont /A\n/Subtype /CIDFontType2>>\nendobj\n`;
  const descriptor = (number: number, file: string) =>
    `${number} 0 obj\n<</Type /FontDescriptor\n/FontName /A\n/Flags 4${file}>>\nendobj\n`;
  const drawn = (glyphs: string) =>
    `8 0 obj\n<</Type /Font\n/Subtype /Type3\n/FontDescriptor 7 0 R\n${glyphs}>>\nendobj\n`;
  const file = '\n/FontFile2 9 0 R';

  test('a font whose file is inside is carried; its parent is not counted', () => {
    expect(fontsOf(composite + descendant(7) + descriptor(7, file))).toEqual({ used: 1, embedded: 1 });
    expect(fontsOf(composite + descendant(7) + descriptor(7, ''))).toEqual({ used: 1, embedded: 0 });
    expect(fontsOf(composite + descendant(3) + descriptor(7, file))).toEqual({ used: 1, embedded: 0 });
  });

  test('a Type 3 font is carried by its procedures, and its descriptor needs no file', () => {
    expect(fontsOf(drawn('/CharProcs <</g1 3 0 R>>') + descriptor(7, ''))).toEqual({ used: 1, embedded: 1 });
    expect(fontsOf(drawn('') + descriptor(7, ''))).toEqual({ used: 1, embedded: 0 });
  });

  test('one of the fonts that every reader is said to have is not carried', () => {
    expect(fontsOf('4 0 obj\n<</Type /Font\n/Subtype /Type1\n/BaseFont /Helvetica>>\nendobj\n')).toEqual({
      used: 1,
      embedded: 0,
    });
  });
});
