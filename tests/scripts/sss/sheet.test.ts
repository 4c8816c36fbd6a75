/** sheet and scan: the round trip over paper, with decoders that are not the encoder's. */
import * as fs from 'node:fs';
import path from 'node:path';
import jpeg from 'jpeg-js';
import jsqr from 'jsqr';
import { parse } from 'parse5';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { printShard } from '../../../src/shard/format';
import { errorOf, fileWith, type MadeSet, makeSet, scratch, sss } from './run';

/** Paints the path of the sheet's QR code: squares of one module, each starting where `M` or `m` says. */
function paint(html: string, scale: number): PNG {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(html)?.[1]);
  const image = new PNG({ width: size * scale, height: size * scale });
  image.data.fill(255);
  let [x, y] = [0, 0];
  for (const [, command, dx = '', dy = ''] of (/<path d="([^"]+)"/.exec(html)?.[1] ?? '').matchAll(
    /([Mm])\s*(-?\d+)[ ,]?(-?\d+)/g,
  )) {
    [x, y] = command === 'M' ? [Number(dx), Number(dy)] : [x + Number(dx), y + Number(dy)];
    for (let row = y * scale; row < (y + 1) * scale; row += 1) {
      for (let column = x * scale; column < (x + 1) * scale; column += 1) {
        image.data.set([0, 0, 0], (row * image.width + column) * 4);
      }
    }
  }
  return image;
}

async function makeSheet(set: MadeSet, n: number, env?: Record<string, string>) {
  const file = path.join(scratch(), 'sheet.html');
  const ran = await sss(['sheet', '--manifest', set.manifest, '--out', file, set.shard(n)], env);
  expect(ran.code, ran.err).toBe(0);
  return { file, ran, html: fs.readFileSync(file, 'utf8'), line: fs.readFileSync(set.shard(n), 'utf8') };
}

describe('sheet', () => {
  it('holds the shard as text and as a QR code that another decoder reads', async () => {
    for (const bytes of [16, 32, 64]) {
      const set = await makeSet({ bytes });
      const { ran, html, line, file } = await makeSheet(set, 5);
      expect(ran.out).toMatch(new RegExp(`^${file}: shard 5 of 5, [0-9A-F]{4}-\\d{3}, safe, Oslo\n$`));
      const frame = /<pre>(.*?)<\/pre>/s.exec(html)?.[1] ?? '';
      expect(frame.replace(/<[^>]+>/g, '')).toBe(printShard(line));
      // The numbers that sss locate speaks of.
      const groups = line.toUpperCase().match(/.{1,5}/g) ?? [];
      for (const [, number, first] of frame.matchAll(/<span data-group="(\d+)">(\w+)/g))
        expect(groups[Number(number) - 1]).toBe(first);
      expect(frame.match(/data-group/g)).toHaveLength(Math.ceil(groups.length / 6));
      const image = paint(html, 4);
      const found = jsqr(Uint8ClampedArray.from(image.data), image.width, image.height);
      expect(found?.data).toBe(line.toUpperCase());
      expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    }
  });

  it('still reads with a sixth of the code blanked: level H', async () => {
    const { html, line } = await makeSheet(await makeSet(), 1);
    const image = paint(html, 6);
    const side = Math.round(image.width * Math.sqrt(0.14));
    const from = Math.round((image.width - side) / 2);
    for (let y = from; y < from + side; y += 1)
      image.data.fill(255, (y * image.width + from) * 4, (y * image.width + from + side) * 4);
    const out = path.join(scratch(), 'shard.txt');
    expect(await sss(['scan', fileWith('sheet.png', PNG.sync.write(image)), '--out', out])).toMatchObject({
      code: 0,
    });
    expect(fs.readFileSync(out, 'utf8')).toBe(line);
  });

  it('is well-formed, self-contained, without script, and says TEST only for a TEST set', async () => {
    const test = (await makeSheet(await makeSet(), 1)).html;
    const real = (await makeSheet(await makeSet({}, {}), 1, {})).html;
    for (const html of [test, real]) {
      const errors: string[] = [];
      parse(html, { onParseError: ({ code }) => void errors.push(code) });
      expect(errors).toEqual([]);
      expect(html).not.toMatch(/<script|<link|<img|@import|url\(|src=|href=/);
      expect(html).toContain("default-src 'none'");
      expect(html).toContain('python3 recover.py --out master.key');
      expect(html).toContain('Recovery needs 3 of 5 shards');
    }
    expect(test).toContain('TEST. Protects nothing.');
    expect(real).not.toMatch(/\bTEST\b/);
  });

  it('shows a holder as text, whatever it is called', async () => {
    const set = await makeSet({ threshold: 2, holders: ['<b onload="x">&', 'B'] });
    expect((await makeSheet(set, 1)).html).toContain('&#60;b onload=&#34;x&#34;&#62;&#38;');
  });

  it('refuses a shard that the manifest does not list', async () => {
    const [set, other] = [await makeSet(), await makeSet()];
    const out = path.join(scratch(), 'sheet.html');
    const ran = await sss(['sheet', '--manifest', set.manifest, '--out', out, other.shard(1)]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(fs.existsSync(out)).toBe(false);
  });
});

describe('scan', () => {
  /** A photo: larger canvas, turned by some degrees, taken from an angle, grainy, in light from one side. */
  const photo = (image: PNG, degrees: number, tilt = 0, shade = 0): PNG => {
    const size = Math.round(image.width * 1.6);
    const turned = new PNG({ width: size, height: size });
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    for (let y = 0; y < size; y += 1) {
      for (let x = 0; x < size; x += 1) {
        const [dx, dy] = [x - size / 2, y - size / 2];
        // What lies farther from the camera is smaller.
        const far = 1 + (tilt * dy) / size;
        const u = Math.round((cos * dx + sin * dy) / far + image.width / 2);
        const v = Math.round((cos * dy - sin * dx) / far + image.width / 2);
        const inside = u >= 0 && v >= 0 && u < image.width && v < image.width;
        const base = inside ? (image.data[(v * image.width + u) * 4] ?? 255) : 200;
        const light = 1 - (shade * x) / size;
        const gray = Math.max(0, Math.min(255, (base * 0.7 + 30) * light + (((x * 31 + y * 17) % 23) - 11)));
        turned.data.set([gray, gray, gray, 255], (y * size + x) * 4);
      }
    }
    return turned;
  };

  it('reads PNG and JPEG, straight, turned, from an angle, and half in the shade', async () => {
    const { html, line } = await makeSheet(await makeSet(), 3);
    for (const [degrees, tilt, shade] of [
      [0, 0, 0],
      [7, 0.2, 0.3],
      [90, -0.2, 0],
      [183, 0.15, 0.5],
    ] as const) {
      const image = photo(paint(html, 8), degrees, tilt, shade);
      const files = [
        fileWith('photo.png', PNG.sync.write(image)),
        fileWith('photo.jpg', jpeg.encode({ ...image, data: image.data }, 60).data),
      ];
      for (const file of files) {
        const out = path.join(scratch(), 'shard.txt');
        const ran = await sss(['scan', file, '--out', out]);
        expect(ran.out, `${file} ${degrees} ${ran.err}`).toMatch(
          new RegExp(`^${out}: [0-9A-F]{4}-\\d{3}, read from ${file}, checksum OK\n$`),
        );
        expect(fs.readFileSync(out, 'utf8')).toBe(line);
        expect(fs.statSync(out).mode & 0o777).toBe(0o600);
      }
    }
  });

  it('refuses an image without code, a damaged one, and a huge one', async () => {
    const blank = PNG.sync.write(new PNG({ width: 300, height: 300 }));
    const huge = Buffer.from(blank);
    huge.writeUInt32BE(60_000, 16);
    huge.writeUInt32BE(60_000, 20);
    const hugeJpeg = Buffer.from(jpeg.encode({ width: 8, height: 8, data: Buffer.alloc(256) }, 60).data);
    // Height and width stand five bytes after the marker of the frame.
    hugeJpeg.writeUInt32BE(0xffff_ffff, hugeJpeg.indexOf(Uint8Array.of(0xff, 0xc0)) + 5);
    const cases: [Uint8Array, string][] = [
      [blank, 'no readable QR code in the image'],
      [blank.subarray(0, 60), 'a damaged image'],
      [huge, 'more than 60 megapixels\nsss: hint: Take it again'],
      [Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16), 'a damaged image'],
      [hugeJpeg, 'more than 60 megapixels\nsss: hint: Take it again'],
      [new TextEncoder().encode('GIF89a'), 'neither PNG nor JPEG\nsss: hint: Save the photo'],
    ];
    for (const [bytes, message] of cases) {
      const out = path.join(scratch(), 'shard.txt');
      const ran = await sss(['scan', fileWith('image', bytes), '--out', out]);
      expect(ran).toMatchObject({ code: 3, out: '' });
      expect(errorOf(ran)).toContain(message);
      expect(fs.existsSync(out)).toBe(false);
    }
  });

  it('refuses a code that holds no shard, and a real shard in a drill', async () => {
    const { html } = await makeSheet(await makeSet({}, {}), 1, {});
    const file = fileWith('real.png', PNG.sync.write(paint(html, 4)));
    const ran = await sss(['scan', file, '--out', path.join(scratch(), 'shard.txt')]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(errorOf(ran)).toContain('belongs to a real set');
  });
});
