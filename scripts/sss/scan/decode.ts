/** Reads the QR code (ISO/IEC 18004) of a PNG or JPEG image; bundled apart, so that no image code meets a key. */
import readQr from 'jsqr';
import decodeQr from 'qr/decode.js';
import {
  blank,
  type Deadline,
  type Gray,
  ImageError,
  type Point,
  type Problem,
  shrinkTo,
  stretch,
  threshold,
  toRgba,
} from './gray';
import { readJpeg } from './jpeg';
import { readPng } from './png';

export type Decoded = { text: string } | { problem: Problem };

/** Milliseconds after which nothing more is begun, and for the look for a second code. One step takes up to 3 seconds. */
const TIME = 7000;
const SECOND_LOOK = 1500;
/** Longest side, in pixels, of what the decoders see: a code of a sheet then still has some ten pixels a module. */
const SIDE = 2400;
/** Longest sides at which the second decoder looks: it is slow on a photo in full. */
const SIDES = [800, 1600, 400];

interface Code {
  text: string;
  corners: readonly Point[];
}

/** The quick decoder, which finds small and blurred codes. */
function lookFast(image: Gray, milliseconds: number): Code | undefined {
  let corners: readonly Point[] = [];
  const options = {
    effort: 8,
    timeLimit: Math.max(100, milliseconds),
    pointsOnDetect: ({ outline }: { outline: readonly Point[] }) => {
      corners = outline;
    },
  };
  try {
    const { width, height } = image;
    return { text: decodeQr({ width, height, data: toRgba(image) }, options), corners };
  } catch {
    // The libraries' own messages are dropped: they may quote what they read.
    return undefined;
  }
}

/** The other decoder, which shares no code with the first and finds codes that are seen at an angle. */
function lookAgain(image: Gray, sides: readonly number[], deadline: Deadline): Code | undefined {
  const seen = new Set<number>();
  for (const side of sides) {
    const small = shrinkTo(image, side);
    if (seen.has(small.width) || Date.now() > deadline) continue;
    seen.add(small.width);
    const found = readQr(toRgba(small), small.width, small.height);
    if (!found?.data) continue;
    const { topLeftCorner, topRightCorner, bottomRightCorner, bottomLeftCorner } = found.location;
    const scale = image.width / small.width;
    const corners = [topLeftCorner, topRightCorner, bottomRightCorner, bottomLeftCorner];
    return { text: found.data, corners: corners.map(({ x, y }) => ({ x: x * scale, y: y * scale })) };
  }
  return undefined;
}

/** As it is, then with its contrast stretched, then in black and white by the light around each place. */
const VARIANTS = [(image: Gray) => image, stretch, threshold];

function findCode(image: Gray, sides: readonly number[], deadline: Deadline): Code | undefined {
  for (const variant of VARIANTS) {
    const left = deadline - Date.now();
    if (left < 0) return undefined;
    const seen = variant(image);
    const found = lookFast(seen, left / 3) ?? lookAgain(seen, sides, deadline);
    if (found) return found;
  }
  return undefined;
}

/**
 * The text of the one QR code in the image, or what is wrong. A second code is a refusal: nobody could tell which of
 * them was meant.
 */
export async function decodeImage(bytes: Uint8Array): Promise<Decoded> {
  const deadline = Date.now() + TIME;
  const png = bytes[0] === 0x89 && bytes[1] === 0x50;
  const jpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  if (!png && !jpeg) return { problem: 'format' };
  let image: Gray;
  try {
    image = shrinkTo(png ? await readPng(bytes, deadline, SIDE) : readJpeg(bytes, deadline), SIDE);
  } catch (error) {
    return { problem: error instanceof ImageError ? error.problem : 'image' };
  }
  const found = findCode(image, SIDES, deadline - SECOND_LOOK);
  if (!found) return { problem: 'qr' };
  const rest = found.corners.length > 0 ? blank(image, found.corners) : undefined;
  const other = rest && findCode(rest, [800], Math.min(deadline, Date.now() + SECOND_LOOK));
  return other && other.text !== found.text ? { problem: 'several' } : { text: found.text };
}
