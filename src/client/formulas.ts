/**
 * The common characters of formulas, ready before the first line is laid out: a font that comes later moves what stands
 * beside a formula. A font that is made from bytes in hand needs no load (CSS Font Loading, section 2). Runs before the
 * body of a page with formulas; without scripts the browser takes KaTeX's own files. See src/css/fonts/README.md.
 */
import main from '../css/fonts/Main-Regular.woff2';
import math from '../css/fonts/Math-Italic.woff2';
import size1 from '../css/fonts/Size1-Regular.woff2';
import size2 from '../css/fonts/Size2-Regular.woff2';
import size3 from '../css/fonts/Size3-Regular.woff2';
import size4 from '../css/fonts/Size4-Regular.woff2';

const characters =
  'U+20-7E, U+A0, U+AC, U+B1, U+B7, U+D7, U+F7, U+200B, U+2026, U+2032, U+2190, U+2192, U+2200, U+2203, U+2205, U+2208, U+2209, U+2211, U+220F, U+2212, U+2217, U+221E, U+2223, U+2225, U+2227-222A, U+2248, U+2260, U+2261, U+2264, U+2265, U+2282, U+2286, U+2295, U+22C5, U+22EF, U+2308-230B, U+E020';
const letters = 'U+41-5A, U+61-7A, U+3B1-3B5, U+3BB, U+3BC, U+3C0, U+3C3, U+3C4';
const delimiters = 'U+28, U+29, U+5B, U+5D, U+7B, U+7D, U+2211, U+220F, U+221A, U+2308-230B';

const fonts: readonly (readonly [
  family: string,
  bytes: Uint8Array<ArrayBuffer>,
  range: string,
  style?: string,
])[] = [
  ['KaTeX_Main', main, characters],
  ['KaTeX_Math', math, letters, 'italic'],
  ['KaTeX_Size1', size1, delimiters],
  ['KaTeX_Size2', size2, delimiters],
  ['KaTeX_Size3', size3, delimiters],
  ['KaTeX_Size4', size4, delimiters],
];

for (const [family, bytes, unicodeRange, style = 'normal'] of fonts)
  document.fonts.add(new FontFace(family, bytes, { style, weight: '400', unicodeRange }));
