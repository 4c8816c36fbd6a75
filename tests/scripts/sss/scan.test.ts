/** Pictures that are hostile, weak or ambiguous: bounded memory and time, and never a code that was not meant. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { encodeQR } from 'qr';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleSss } from '../../../scripts/sss/bundle';
import { decodeImage } from '../../../scripts/sss/scan/decode';
import { readJpeg } from '../../../scripts/sss/scan/jpeg';
import { readPng } from '../../../scripts/sss/scan/png';
import { errorOf, fileWith, type MadeSet, makeSet, scratch, sss } from './run';

let set: MadeSet;
let program: string;
beforeAll(async () => {
  set = await makeSet();
  const folder = scratch();
  await bundleSss(folder);
  program = path.join(folder, 'sss.cjs');
});

const lineOf = (n: number) => fs.readFileSync(set.shard(n), 'utf8');

/** Paints codes side by side: `ink` and `paper` are grays, or functions of the place from 0 to 1. */
type Tone = number | ((x: number, y: number) => number);
function picture(
  texts: readonly string[],
  { ink = 0, paper = 255, scale = 6 }: { ink?: Tone; paper?: Tone; scale?: number } = {},
) {
  const codes = texts.map((text) =>
    encodeQR(text.toUpperCase(), 'raw', { ecc: 'high', border: 6, encoding: 'alphanumeric' }),
  );
  const side = Math.max(...codes.map((code) => code.length)) * scale;
  const image = new PNG({ width: side * texts.length, height: side });
  const tone = (of: Tone, x: number, y: number) => (typeof of === 'number' ? of : of(x, y));
  for (let y = 0; y < image.height; y += 1) {
    for (let x = 0; x < image.width; x += 1) {
      const dark = codes[Math.floor(x / side)]?.[Math.floor(y / scale)]?.[Math.floor((x % side) / scale)];
      const value = Math.round(tone(dark ? ink : paper, x / image.width, y / image.height));
      image.data.set([value, value, value, 255], (y * image.width + x) * 4);
    }
  }
  return PNG.sync.write(image);
}

const scan = async (bytes: Uint8Array) => {
  const out = path.join(scratch(), 'shard.txt');
  const ran = await sss(['scan', fileWith('picture', bytes), '--out', out]);
  return { ...ran, line: fs.existsSync(out) ? fs.readFileSync(out, 'utf8') : undefined };
};

describe('a weak picture', () => {
  const cases: [name: string, ink: Tone, paper: Tone, scale?: number][] = [
    ['faded ink', 189, 235],
    ['ink that is hardly there', 221, 235],
    ['underexposed', 4, 30],
    ['light that falls off', (x) => 20 + 60 * x, (x) => 250 - 150 * x],
    ['faded, in light that falls off', (x, y) => 150 - 60 * x - 30 * y, (x, y) => 200 - 60 * x - 30 * y],
    ['white on black', 255, 0],
    ['faded white on black', 120, 80],
    ['small', 0, 255, 2],
    ['small and faded', 170, 220, 3],
  ];
  for (const [name, ink, paper, scale] of cases) {
    it(`is read: ${name}`, async () => {
      const ran = await scan(picture([lineOf(1)], { ink, paper, scale: scale ?? 6 }));
      expect(ran.code, ran.err).toBe(0);
      expect(ran.line).toBe(lineOf(1));
    });
  }
});

describe('two codes in one picture', () => {
  it('are refused, whichever is plainer', async () => {
    const two = [
      picture([lineOf(1), lineOf(2)]),
      picture([lineOf(1), 'HTTPS://EXAMPLE.COM/']),
      picture(['HTTPS://EXAMPLE.COM/', lineOf(1)]),
      picture([lineOf(2), lineOf(1)], { ink: (x) => (x < 0.5 ? 0 : 180), paper: 230 }),
    ];
    for (const bytes of two) {
      const ran = await scan(bytes);
      expect(ran).toMatchObject({ code: 3, out: '', line: undefined });
      expect(errorOf(ran)).toMatch(/more than one QR code in the image\nsss: hint: Cover every code/);
    }
    expect((await scan(picture([lineOf(1), lineOf(1)]))).line).toBe(lineOf(1));
  });
});

describe('the readers of pictures', () => {
  const at = (name: string) => Uint8Array.from(fs.readFileSync(path.join(__dirname, 'pictures', name)));

  it('know every form of PNG and JPEG that cameras and scanners write', async () => {
    for (const name of fs.readdirSync(path.join(__dirname, 'pictures')))
      expect(await decodeImage(at(name)), name).toEqual({ text: 'PROGRESSIVE' });
  });

  it('see the same brightness as other libraries', async () => {
    for (const name of [
      'progressive.jpg',
      'restarts.jpg',
      'gray.jpg',
      'interlaced.png',
      'deep.png',
      'palette.png',
    ]) {
      const bytes = at(name);
      const png = name.endsWith('png');
      const other = png ? PNG.sync.read(Buffer.from(bytes)) : jpeg.decode(bytes, { useTArray: true });
      const { width, height, data } = png ? await readPng(bytes, Infinity) : readJpeg(bytes, Infinity);
      expect(height).toBeGreaterThanOrEqual(other.height);
      let [worst, sum] = [0, 0];
      for (let y = 0; y < other.height; y += 1) {
        for (let x = 0; x < other.width; x += 1) {
          const [r = 0, g = 0, b = 0] = other.data.subarray((y * other.width + x) * 4);
          const off = Math.abs((data[y * width + x] ?? 0) - (r * 77 + g * 150 + b * 29) / 256);
          worst = Math.max(worst, off);
          sum += off;
        }
      }
      // Colors that JPEG clips move the brightness of single pixels.
      expect(sum / other.width / other.height, name).toBeLessThan(png ? 1 : 2);
      if (png) expect(worst, name).toBeLessThan(2);
    }
  });
});

const chunk = (type: string, body: Uint8Array): Buffer => {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, sum]);
};
/** A PNG of this size and kind, whose packed data is `data`. */
function png(
  width: number,
  height: number,
  data: Uint8Array,
  { depth = 8, color = 6, interlace = 0 } = {},
): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([depth, color, 0, 0, interlace], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

describe('a hostile picture', () => {
  const noise = (length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    for (let at = 0, value = 1; at < length; at += 1) {
      value = (value * 1103515245 + 12345) & 0x7fffffff;
      bytes[at] = value >> 16;
    }
    return bytes;
  };
  const noisyJpeg = (width: number, height: number) => {
    const data = Buffer.alloc(width * height * 4, 255);
    const gray = noise(width * height);
    for (const [i, value] of gray.entries()) data.fill(value, i * 4, i * 4 + 3);
    return jpeg.encode({ width, height, data }, 80).data;
  };
  const cases: [name: string, make: () => Uint8Array][] = [
    [
      'interlaced, 50 megapixels of 16 bits',
      () => png(7000, 7000, deflateSync(new Uint8Array(1 << 28)), { depth: 16, interlace: 1 }),
    ],
    [
      '60 megapixels with every filter',
      () => png(7740, 7740, deflateSync(new Uint8Array(7740 * (7740 * 4 + 1)).fill(4))),
    ],
    [
      'a small one that unpacks to a gigabyte',
      () => png(40, 40, Buffer.concat([deflateSync(new Uint8Array(1 << 29), { level: 1 })])),
    ],
    [
      'noise, interlaced',
      () => png(1500, 1500, deflateSync(noise(1500 * 1600 * 4), { level: 1 }), { interlace: 1 }),
    ],
    ['a JPEG of noise with 12 megapixels', () => noisyJpeg(4000, 3000)],
    [
      'a JPEG that claims 29 megapixels',
      () => {
        const bytes = Buffer.from(noisyJpeg(64, 64));
        bytes.writeUInt32BE((5400 << 16) | 5400, bytes.indexOf(Uint8Array.of(0xff, 0xc0)) + 5);
        return bytes;
      },
    ],
  ];
  // What the kernel tells of the most that a process ever had begins with its parent's; VmHWM is of this program alone.
  const HOOK = `process.on('exit', () => {
    const fs = require('node:fs');
    const own = process.platform === 'linux' && /VmHWM:\\s+(\\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'));
    fs.writeSync(2, 'RSS ' + (own ? own[1] : process.resourceUsage().maxRSS) + '\\n');
  });`;
  for (const [name, make] of cases) {
    it(`takes bounded memory and time: ${name}`, () => {
      const file = fileWith('picture', make());
      const out = path.join(scratch(), 'shard.txt');
      const begun = Date.now();
      const argv = ['--require', fileWith('hook.cjs', HOOK), program, 'scan', file, '--out', out];
      const ran = spawnSync('node', argv, {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, SSS_TEST: '1' },
      });
      expect(ran).toMatchObject({ status: 3, stdout: '' });
      expect(ran.stderr).toMatch(
        /^sss: error: .*(no readable QR code|a damaged image|megapixels|within 10 seconds)/m,
      );
      expect(Number(/RSS (\d+)/.exec(ran.stderr)?.[1])).toBeLessThan(256 * 1024);
      // On a machine that does nothing else it is less than 10 seconds.
      expect(Date.now() - begun).toBeLessThan(20_000);
      expect(fs.existsSync(out)).toBe(false);
    });
  }
});
