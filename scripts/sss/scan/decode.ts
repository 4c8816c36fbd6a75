/** Reads the QR code (ISO/IEC 18004) of a PNG or JPEG image; bundled apart, so that no image code meets a key. */
import { decode as decodeJpeg } from 'jpeg-js';
import readQr from 'jsqr';
import { PNG } from 'pngjs';
import decodeQr from 'qr/decode.js';

export type Decoded = { text: string } | { problem: 'format' | 'image' | 'large' | 'qr' };

interface Image {
  width: number;
  height: number;
  data: Uint8Array;
}

/** More than this many pixels is no photo of a sheet; it only costs memory, and a JPEG of them some two gigabytes. */
const MEGAPIXELS = 60;
/** Longest sides, in pixels, at which the second decoder looks: it is slow on a photo in full. */
const SIDES = [800, 1600, 400];

/**
 * The text of the one QR code in the image, or what is wrong. Two decoders that share no code look for it: the first
 * is quick and finds small and blurred codes, the second those that are seen at an angle. The libraries' own messages
 * are dropped: they may quote what they read.
 */
export function decodeImage(bytes: Uint8Array): Decoded {
  const png = bytes[0] === 0x89 && bytes[1] === 0x50;
  const jpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  if (!png && !jpeg) return { problem: 'format' };
  let image: Image;
  try {
    image = png
      ? readPng(bytes)
      : decodeJpeg(bytes, { useTArray: true, maxResolutionInMP: MEGAPIXELS, maxMemoryUsageInMB: 2048 });
  } catch (error) {
    return { problem: /limit exceeded/.test(String(error)) ? 'large' : 'image' };
  }
  try {
    return {
      text: decodeQr({ ...image, data: Uint8Array.from(image.data) }, { effort: 8, timeLimit: 10_000 }),
    };
  } catch {
    const longest = Math.max(image.width, image.height);
    for (const by of new Set(SIDES.map((side) => Math.ceil(longest / side)))) {
      const { data, width, height } = shrink(image, by);
      const text = readQr(new Uint8ClampedArray(data), width, height)?.data;
      if (text) return { text };
    }
    return { problem: 'qr' };
  }
}

function readPng(bytes: Uint8Array): Image {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint32(16) * view.getUint32(20) > MEGAPIXELS * 1e6) throw new RangeError('limit exceeded');
  return PNG.sync.read(Buffer.from(bytes));
}

/** The image with each square of `by` by `by` pixels averaged into one. */
function shrink(image: Image, by: number): Image {
  if (by === 1) return image;
  const [width, height] = [Math.floor(image.width / by), Math.floor(image.height / by)];
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let color = 0; color < 3; color += 1) {
        let sum = 0;
        for (let i = 0; i < by * by; i += 1) {
          const [column, row] = [x * by + (i % by), y * by + Math.floor(i / by)];
          sum += image.data[(row * image.width + column) * 4 + color] ?? 0;
        }
        data[(y * width + x) * 4 + color] = sum / (by * by);
      }
    }
  }
  return { width, height, data };
}
