/** Sheets of paper in the safes of a drill: pictures of QR codes, as a scanner makes them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PNG } from 'pngjs';
import encodeQR from 'qr';
import decodeQR from 'qr/decode.js';
import type { Shard } from '../../../src/deployment/deployment';

/** Pixels a module, and modules of white around the code (ISO/IEC 18004 asks for four). */
const moduleSize = 6;
const quietZone = 4;

/** Where the picture of a paper shard lies in a world. */
export function sheetFile(world: string, shard: Shard): string {
  if (shard.provider !== 'paper') throw new RangeError(`shard ${shard.n} is not on paper`);
  return join(world, 'safes', shard.safe, `sheet-${shard.n}.png`);
}

/** The picture of a sheet: what a scanner sees of a code with error correction H. */
export function drawSheet(text: string): Buffer {
  const modules = encodeQR(text.toUpperCase(), 'raw', { ecc: 'high', border: quietZone });
  const size = modules.length * moduleSize;
  const png = new PNG({ width: size, height: size, colorType: 0 });
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const dark = modules[Math.floor(y / moduleSize)]?.[Math.floor(x / moduleSize)] ?? false;
      const at = (y * size + x) * 4;
      png.data.fill(dark ? 0 : 255, at, at + 3);
      png.data[at + 3] = 255;
    }
  }
  return PNG.sync.write(png, { colorType: 0 });
}

/** The picture with its upper left half gone, as after a coffee cup: more than error correction H can mend. */
export function stain(picture: Buffer): Buffer {
  const png = PNG.sync.read(picture);
  for (let y = 0; y < png.height; y++) {
    for (let x = 0; x + y < png.width; x++)
      png.data.fill(96, (y * png.width + x) * 4, (y * png.width + x) * 4 + 3);
  }
  return PNG.sync.write(png);
}

/** Puts a sheet into its safe. */
export function storeSheet(file: string, picture: Buffer): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, picture, { mode: 0o600 });
}

/** The text on a sheet, in lower case as the shard format writes it. Throws RangeError when there is none. */
export function readSheet(file: string): string {
  if (!existsSync(file)) throw new RangeError('the safe holds no sheet');
  const { width, height, data } = PNG.sync.read(readFileSync(file));
  return decodeQR({ width, height, data: new Uint8Array(data) }).toLowerCase();
}

/**
 * Draws the sheet that a printer would put out: the first QR code of the printed page, as its SVG draws it.
 * Throws RangeError when the page has none.
 */
export function printSheet(html: string): Buffer {
  const view = /<svg[^>]*viewBox="0 0 (\d+) \d+"[^>]*>(.*?)<\/svg>/s.exec(html);
  const path = view && /<path[^>]*\sd="([^"]+)"/.exec(view[2] ?? '');
  if (!view || !path) throw new RangeError('the sheet shows no QR code');
  const modules = Number(view[1]);
  const size = (modules + 2 * quietZone) * moduleSize;
  const png = new PNG({ width: size, height: size });
  png.data.fill(255);
  const paint = (left: number, top: number, width: number, height: number) => {
    for (let y = top * moduleSize; y < (top + height) * moduleSize; y++) {
      for (let x = left * moduleSize; x < (left + width) * moduleSize; x++) {
        const at = ((y + quietZone * moduleSize) * size + x + quietZone * moduleSize) * 4;
        png.data.fill(0, at, at + 3);
      }
    }
  };
  let [x, y] = [0, 0];
  for (const [, command, numbers = ''] of (path[1] ?? '').matchAll(/([MmHhVvZz])([^MmHhVvZz]*)/g)) {
    const [a = 0, b = 0] = numbers
      .trim()
      .split(/[\s,]+|(?=-)/)
      .map(Number);
    if (command === 'M') [x, y] = [a, b];
    else if (command === 'm') [x, y] = [x + a, y + b];
    else if (command === 'h' && a > 0) paint(x, y, a, 1);
    else if (command === 'H' && a > x) paint(x, y, a - x, 1);
  }
  return PNG.sync.write(png);
}
