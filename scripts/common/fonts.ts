/**
 * The fonts that the project's Chromium draws with: DejaVu (a free license), which comes with the packages, and no font of
 * the machine. So the same build gives the same diagrams and the same paper everywhere that fontconfig is used (Linux).
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What a page may ask for, and what it gets. */
const FAMILIES: Readonly<Record<string, string>> = {
  'sans-serif': 'DejaVu Sans',
  'system-ui': 'DejaVu Sans',
  serif: 'DejaVu Serif',
  monospace: 'DejaVu Sans Mono',
  'ui-monospace': 'DejaVu Sans Mono',
};

/** Folder of the fonts that come with the packages. */
export function ownFonts(): string {
  return join(dirname(createRequire(__filename).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
}

/**
 * Writes a configuration of fontconfig that knows the fonts of these folders only.
 * @param parent Where it is kept, under a name that follows from its content. @returns its file, for FONTCONFIG_FILE.
 */
export function fontConfiguration(parent: string, folders: readonly string[]): string {
  const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  const aliases = Object.entries(FAMILIES).map(
    ([asked, given]) =>
      `<alias binding="same"><family>${asked}</family><prefer><family>${given}</family></prefer></alias>`,
  );
  const dirs = folders.map((folder) => `<dir>${escaped(folder)}</dir>`);
  // For a name that nobody has, and for none at all, which is how Chromium asks for the font of the system.
  const rest =
    '<match target="pattern"><edit name="family" mode="append_last" binding="weak"><string>DejaVu Sans</string></edit></match>';
  const body = [...dirs, ...aliases, rest].join('\n');
  const target = join(parent, `fonts-${createHash('sha256').update(body).digest('hex').slice(0, 12)}`);
  const file = join(target, 'fonts.conf');
  if (existsSync(file)) return file;
  mkdirSync(target, { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(
    partial,
    `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n${body}\n<cachedir>${escaped(join(target, 'cache'))}</cachedir>\n</fontconfig>\n`,
  );
  renameSync(partial, file);
  return file;
}

/** Ranges of characters that a TrueType font has a glyph for (OpenType, `cmap`, formats 4 and 12). */
function rangesOf(font: Buffer): [number, number][] {
  const tables = Array.from({ length: font.readUInt16BE(4) }, (_, index) => 12 + 16 * index);
  const entry = tables.find((at) => font.toString('latin1', at, at + 4) === 'cmap');
  if (entry === undefined) return [];
  const cmap = font.readUInt32BE(entry + 8);
  const subtables = Array.from(
    { length: font.readUInt16BE(cmap + 2) },
    (_, index) => cmap + font.readUInt32BE(cmap + 8 + 8 * index),
  );
  return subtables.flatMap((at): [number, number][] => {
    const format = font.readUInt16BE(at);
    if (format === 12)
      return Array.from({ length: font.readUInt32BE(at + 12) }, (_, index) => [
        font.readUInt32BE(at + 16 + 12 * index),
        font.readUInt32BE(at + 20 + 12 * index),
      ]);
    if (format !== 4) return [];
    const count = font.readUInt16BE(at + 6) / 2;
    return Array.from({ length: count }, (_, index): [number, number] => [
      font.readUInt16BE(at + 16 + 2 * count + 2 * index),
      font.readUInt16BE(at + 14 + 2 * index),
    ]).filter(([first]) => first !== 0xff_ff);
  });
}

/**
 * Tells of a text which of its characters no font of these folders can draw. Control and format characters draw nothing;
 * those of private use belong to a font that a page brings itself, as KaTeX does.
 */
export function missingGlyphs(folders: readonly string[]): (text: string) => string[] {
  const ranges = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ttf|otf)$/i.test(name))
      .flatMap((name) => rangesOf(readFileSync(join(folder, name)))),
  );
  const known = new Map<string, boolean>();
  const has = (character: string): boolean => {
    const point = character.codePointAt(0) ?? 0;
    const found =
      known.get(character) ??
      (/[\p{Cc}\p{Cf}\p{Co}\p{Zs}\p{Zl}\p{Zp}\p{M}]/u.test(character) ||
        ranges.some(([first, last]) => point >= first && point <= last));
    known.set(character, found);
    return found;
  };
  return (text) => [...new Set(text)].filter((character) => !has(character));
}
