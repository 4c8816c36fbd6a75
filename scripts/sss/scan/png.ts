/** Reads a PNG (ISO/IEC 15948) row by row into gray: never more than one row is unpacked, whatever the file claims. */
import { Readable } from 'node:stream';
import { crc32, createInflate } from 'node:zlib';
import { checkSize, checkTime, type Deadline, type Gray, ImageError } from './gray';

const damaged = () => new ImageError('image');

/** Samples a pixel by color type: gray, RGB, palette, gray with alpha, RGB with alpha. */
const SAMPLES: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Record<number, number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Passes of an interlaced image (Adam7): first column and row, steps. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

interface Header {
  width: number;
  height: number;
  depth: number;
  color: number;
  interlaced: boolean;
}

function readHeader(body: Uint8Array): Header {
  if (body.length !== 13) throw damaged();
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  checkSize(width, height);
  const [depth = 0, color = 0, method, filter, interlace = 0] = body.subarray(8);
  if (!DEPTHS[color]?.includes(depth) || method !== 0 || filter !== 0 || interlace > 1) throw damaged();
  return { width, height, depth, color, interlaced: interlace === 1 };
}

/** The parts of the file that matter; every other chunk is skipped. */
function readChunks(bytes: Uint8Array): { header: Header; palette: Uint8Array; data: Uint8Array[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const data: Uint8Array[] = [];
  let palette: Uint8Array = new Uint8Array();
  let header: Header | undefined;
  for (let at = 8; ; ) {
    if (at + 12 > bytes.length) throw damaged();
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length) throw damaged();
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    const body = bytes.subarray(at + 8, at + 8 + length);
    // First, so that a claim of any size is refused for its size.
    if (type === 'IHDR') header = readHeader(body);
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)) throw damaged();
    if (type === 'PLTE') palette = body;
    else if (type === 'IDAT') data.push(body);
    else if (type === 'IEND') break;
    at += 12 + length;
  }
  if (!header) throw damaged();
  return { header, palette, data };
}

/** Undoes the filter of a row in place (ISO/IEC 15948, 9.2); `step` is the bytes of a pixel. */
function unfilter(row: Uint8Array, before: Uint8Array, filter: number, step: number): void {
  if (filter === 0) return;
  if (filter > 4) throw damaged();
  for (let i = 0; i < row.length; i += 1) {
    const left = i < step ? 0 : (row[i - step] ?? 0);
    const up = before[i] ?? 0;
    let guess = filter === 1 ? left : filter === 2 ? up : (left + up) >> 1;
    if (filter === 4) {
      const corner = i < step ? 0 : (before[i - step] ?? 0);
      const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
      guess = a <= b && a <= c ? left : b <= c ? up : corner;
    }
    row[i] = (row[i] ?? 0) + guess;
  }
}

/** Gray of one pixel of a row, over white paper where it is transparent. */
function pixelReader({ depth, color }: Header, palette: Uint8Array): (row: Uint8Array, x: number) => number {
  const bytes = depth / 8;
  const luma = (r: number, g: number, b: number) => (r * 77 + g * 150 + b * 29) >> 8;
  if (depth < 8) {
    const most = (1 << depth) - 1;
    return (row, x) => {
      const shift = 8 - depth - ((x * depth) & 7);
      const value = ((row[(x * depth) >> 3] ?? 0) >> shift) & most;
      if (color === 0) return (value * 255) / most;
      return luma(palette[value * 3] ?? 0, palette[value * 3 + 1] ?? 0, palette[value * 3 + 2] ?? 0);
    };
  }
  const samples = SAMPLES[color] ?? 1;
  return (row, x) => {
    const sample = (n: number) => row[(x * samples + n) * bytes] ?? 0;
    if (color === 3) {
      const at = sample(0) * 3;
      return luma(palette[at] ?? 0, palette[at + 1] ?? 0, palette[at + 2] ?? 0);
    }
    const gray = samples < 3 ? sample(0) : luma(sample(0), sample(1), sample(2));
    if (samples % 2 === 1) return gray;
    const alpha = sample(samples - 1);
    return 255 - ((255 - gray) * alpha) / 255;
  };
}

/**
 * The picture in gray. Unless it is interlaced, squares of pixels are averaged while it is read, so that its longest side
 * has at most `side` pixels and the whole of a large one never lies in memory.
 *
 * @throws ImageError `image`, `large`, or `slow` after the deadline.
 */
export async function readPng(
  bytes: Uint8Array,
  deadline: Deadline,
  side = Number.POSITIVE_INFINITY,
): Promise<Gray> {
  const { header, palette, data } = readChunks(bytes);
  const { width, height, depth, color, interlaced } = header;
  const whole = Math.ceil(Math.max(width, height) / side);
  const by = interlaced || whole > Math.min(width, height) ? 1 : Math.max(1, whole);
  const [columns, rows] = [Math.floor(width / by), Math.floor(height / by)];
  const gray = new Uint8Array(columns * rows);
  const sums = new Uint32Array(columns);
  const bits = (SAMPLES[color] ?? 1) * depth;
  const read = pixelReader(header, palette);
  const passes = (interlaced ? ADAM7 : ([[0, 0, 1, 1]] as const)).filter(([x, y]) => x < width && y < height);
  let [pass, y, filled] = [0, passes[0]?.[1] ?? 0, 0];
  const widthOf = () => Math.ceil((width - (passes[pass]?.[0] ?? 0)) / (passes[pass]?.[2] ?? 1));
  let line = new Uint8Array(1 + Math.ceil((widthOf() * bits) / 8));
  let before = new Uint8Array(line.length - 1);

  /** Adds a row to the squares that it crosses, and ends them after their last row. */
  const average = (row: Uint8Array): void => {
    for (let x = 0; x < columns * by; x += 1) {
      const column = Math.floor(x / by);
      sums[column] = (sums[column] ?? 0) + Math.trunc(read(row, x));
    }
    if ((y + 1) % by !== 0) return;
    const at = Math.floor(y / by) * columns;
    for (let x = 0; x < columns; x += 1) gray[at + x] = (sums[x] ?? 0) / (by * by);
    sums.fill(0);
  };

  /** Takes one whole row; true after the last one of the image. */
  const finishRow = (): boolean => {
    checkTime(deadline);
    const [left, top, right, down] = passes[pass] ?? ADAM7[0];
    const row = line.subarray(1);
    unfilter(row, before, line[0] ?? 0, Math.max(1, bits >> 3));
    if (by === 1) for (let x = left, n = 0; x < width; x += right, n += 1) gray[y * width + x] = read(row, n);
    else average(row);
    before.set(row);
    y += down;
    if (y < height) return false;
    pass += 1;
    if (pass === passes.length) return true;
    y = passes[pass]?.[1] ?? top;
    line = new Uint8Array(1 + Math.ceil((widthOf() * bits) / 8));
    before = new Uint8Array(line.length - 1);
    return false;
  };

  const inflate = createInflate({ chunkSize: 1 << 16 });
  Readable.from(data, { objectMode: true }).pipe(inflate);
  try {
    for await (const chunk of inflate as AsyncIterable<Uint8Array>) {
      for (let at = 0; at < chunk.length; ) {
        const part = chunk.subarray(at, at + line.length - filled);
        line.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled < line.length) continue;
        filled = 0;
        // What follows the last row, however long it unpacks to, is never looked at.
        if (finishRow()) return { width: columns, height: rows, data: gray };
      }
    }
  } catch (error) {
    throw error instanceof ImageError ? error : damaged();
  } finally {
    inflate.destroy();
  }
  throw damaged();
}
