/** Reads the QR code (ISO/IEC 18004) of a PNG or JPEG image; bundled apart, so that no image code meets a key. */
import { decode as decodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import decodeQr from 'qr/decode.js';

export type Decoded = { text: string } | { problem: 'format' | 'image' | 'qr' };

/** More than this many pixels is no photo of a sheet; it only costs memory. */
const MEGAPIXELS = 60;

/**
 * The text of the one QR code in the image, or what is wrong. The libraries' own messages are dropped: they may
 * quote what they read.
 */
export function decodeImage(bytes: Uint8Array): Decoded {
  const png = bytes[0] === 0x89 && bytes[1] === 0x50;
  const jpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  if (!png && !jpeg) return { problem: 'format' };
  let image: { width: number; height: number; data: Uint8Array };
  try {
    image = png ? readPng(bytes) : decodeJpeg(bytes, { useTArray: true, maxResolutionInMP: MEGAPIXELS });
  } catch {
    return { problem: 'image' };
  }
  try {
    const text = decodeQr({ ...image, data: Uint8Array.from(image.data) }, { effort: 8, timeLimit: 10_000 });
    return { text };
  } catch {
    return { problem: 'qr' };
  }
}

function readPng(bytes: Uint8Array): { width: number; height: number; data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint32(16) * view.getUint32(20) > MEGAPIXELS * 1e6) throw new RangeError('too large');
  return PNG.sync.read(Buffer.from(bytes));
}
