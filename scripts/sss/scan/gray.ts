/** Gray images, one byte a pixel: the only form in which a picture of a sheet is kept, so that its memory is bounded. */

export interface Gray {
  width: number;
  height: number;
  data: Uint8Array;
}

/** Why a picture gives no code. */
export type Problem = 'format' | 'image' | 'large' | 'jpeg' | 'slow' | 'qr' | 'several';

export class ImageError extends RangeError {
  constructor(readonly problem: Problem) {
    super(problem);
    this.name = 'ImageError';
  }
}

/** More than this many pixels is no photo of a sheet. */
const MEGAPIXELS = 60;

/** @throws ImageError `image` for an empty picture, `large` for more pixels than anybody needs. */
export function checkSize(width: number, height: number): void {
  if (!(width > 0 && height > 0)) throw new ImageError('image');
  if (width * height > MEGAPIXELS * 1e6) throw new ImageError('large');
}

/** Milliseconds that one picture may take; a moment of the clock after which it is given up. */
export type Deadline = number;

export function checkTime(deadline: Deadline): void {
  if (Date.now() > deadline) throw new ImageError('slow');
}

/** The image with each square of `by` by `by` pixels averaged into one. */
export function shrink(image: Gray, by: number): Gray {
  if (by <= 1) return image;
  const [width, height] = [Math.floor(image.width / by), Math.floor(image.height / by)];
  if (width === 0 || height === 0) return image;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      for (let row = y * by; row < (y + 1) * by; row += 1)
        for (let i = row * image.width + x * by, end = i + by; i < end; i += 1) sum += image.data[i] ?? 0;
      data[y * width + x] = sum / (by * by);
    }
  }
  return { width, height, data };
}

/** Smaller by whole steps until the longest side has at most `side` pixels. */
export const shrinkTo = (image: Gray, side: number): Gray =>
  shrink(image, Math.ceil(Math.max(image.width, image.height) / side));

/** Contrast stretched over the whole range, from the darkest to the brightest hundredth. */
export function stretch({ width, height, data }: Gray): Gray {
  const counts = new Uint32Array(256);
  for (const value of data) counts[value] = (counts[value] ?? 0) + 1;
  const edge = data.length / 100;
  const find = (step: 1 | -1) => {
    let seen = 0;
    for (let value = step > 0 ? 0 : 255; ; value += step) {
      seen += counts[value] ?? 0;
      if (seen > edge || value < 0 || value > 255) return value;
    }
  };
  const [low, high] = [find(1), find(-1)];
  const scale = 255 / Math.max(1, high - low);
  return { width, height, data: data.map((value) => Math.max(0, Math.min(255, (value - low) * scale))) };
}

/**
 * Black and white by comparison with the mean of the neighborhood, an eighth of the shorter side: for light that falls
 * off over the sheet, and for ink that is hardly darker than the paper.
 */
export function threshold({ width, height, data }: Gray): Gray {
  const half = Math.max(8, Math.round(Math.min(width, height) / 16));
  // Sums of everything above and left of a pixel (Bradley and Roth 2007).
  const sums = new Float64Array((width + 1) * (height + 1));
  const at = (x: number, y: number) => sums[y * (width + 1) + x] ?? 0;
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      row += data[y * width + x] ?? 0;
      sums[(y + 1) * (width + 1) + x + 1] = at(x + 1, y) + row;
    }
  }
  const result = new Uint8Array(data.length);
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [Math.max(0, y - half), Math.min(height, y + half)];
    for (let x = 0; x < width; x += 1) {
      const [left, right] = [Math.max(0, x - half), Math.min(width, x + half)];
      const sum = at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top);
      const mean = sum / ((bottom - top) * (right - left));
      result[y * width + x] = (data[y * width + x] ?? 0) < mean - 3 ? 0 : 255;
    }
  }
  return { width, height, data: result };
}

/** Four bytes a pixel, as the decoders of codes want it. */
export function toRgba({ data }: Gray): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(data.length * 4);
  for (let i = 0; i < data.length; i += 1) rgba.fill(data[i] ?? 0, i * 4, i * 4 + 3);
  for (let i = 3; i < rgba.length; i += 4) rgba[i] = 255;
  return rgba;
}

export interface Point {
  x: number;
  y: number;
}

/** The image with a four-cornered area, and a fifth of its size around it, painted white. */
export function blank(image: Gray, corners: readonly Point[]): Gray {
  const center = { x: 0, y: 0 };
  for (const { x, y } of corners) {
    center.x += x / corners.length;
    center.y += y / corners.length;
  }
  const grown = corners.map(({ x, y }) => ({
    x: center.x + (x - center.x) * 1.2,
    y: center.y + (y - center.y) * 1.2,
  }));
  const data = Uint8Array.from(image.data);
  const clamp = (value: number, most: number) => Math.max(0, Math.min(most, Math.round(value)));
  const bottom = clamp(Math.max(...grown.map(({ y }) => y)), image.height);
  for (let y = clamp(Math.min(...grown.map((p) => p.y)), image.height); y < bottom; y += 1) {
    const cuts = grown.flatMap((a, i) => {
      const b = grown[(i + 1) % grown.length] ?? a;
      return a.y <= y !== b.y <= y ? [a.x + ((y - a.y) * (b.x - a.x)) / (b.y - a.y)] : [];
    });
    if (cuts.length < 2) continue;
    const [left, right] = [clamp(Math.min(...cuts), image.width), clamp(Math.max(...cuts), image.width)];
    data.fill(255, y * image.width + left, y * image.width + right);
  }
  return { ...image, data };
}
