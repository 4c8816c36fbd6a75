/**
 * Reads the brightness of a JPEG (ITU-T T.81, baseline and progressive, Huffman) into gray. Colors are parsed and
 * dropped, and coefficients take two bytes each, so that a photo of 12 megapixels needs some 60 MB.
 */
import { checkSize, checkTime, type Deadline, type Gray, ImageError } from './gray';

const damaged = () => new ImageError('image');

/** Coefficients that are kept at a time: two bytes each. */
const MOST_COEFFICIENTS = 30e6;

const ZIGZAG = Uint8Array.of(
  ...[
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21,
  ],
  ...[
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53,
    60, 61,
  ],
  ...[54, 47, 55, 62, 63],
);

/** A canonical code: for each length the largest code and where its values begin (T.81, F.2.2.3). */
interface Huffman {
  largest: Int32Array;
  offset: Int32Array;
  values: Uint8Array;
}

interface Component {
  id: number;
  h: number;
  v: number;
  table: number;
  /** Blocks that hold pixels, and blocks a row as they are stored. */
  columns: number;
  rows: number;
  stride: number;
  coefficients: Int16Array;
  /** Only one block is kept, and overwritten. */
  dropped: boolean;
  dc: Huffman | undefined;
  ac: Huffman | undefined;
  last: number;
}

interface Frame {
  progressive: boolean;
  width: number;
  height: number;
  mcusAcross: number;
  mcusDown: number;
  components: Component[];
}

class Reader {
  private bits = 0;
  private count = 0;
  constructor(
    readonly bytes: Uint8Array,
    public at: number,
  ) {}

  byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw damaged();
    this.at += 1;
    return byte;
  }

  word(): number {
    return this.byte() * 256 + this.byte();
  }

  bit(): number {
    if (this.count === 0) {
      const byte = this.bytes[this.at] ?? 0xff;
      // A marker ends the data of a scan; T.81 lets a decoder go on with ones.
      if (byte === 0xff && this.bytes[this.at + 1] !== 0) throw damaged();
      this.at += byte === 0xff ? 2 : 1;
      this.bits = byte;
      this.count = 8;
    }
    this.count -= 1;
    return (this.bits >> this.count) & 1;
  }

  receive(length: number): number {
    let value = 0;
    for (let i = 0; i < length; i += 1) value = value * 2 + this.bit();
    return value;
  }

  /** A signed number of `length` bits (T.81, F.2.2.1). */
  signed(length: number): number {
    if (length === 0) return 0;
    const value = this.receive(length);
    return value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
  }

  symbol(table: Huffman | undefined): number {
    if (!table) throw damaged();
    let code = 0;
    for (let length = 1; length <= 16; length += 1) {
      code = code * 2 + this.bit();
      if (code <= (table.largest[length] ?? -1)) return table.values[code + (table.offset[length] ?? 0)] ?? 0;
    }
    throw damaged();
  }

  /** Forgets the rest of a byte, and passes a restart marker when there is one. */
  restart(): void {
    this.count = 0;
    const marker = this.bytes[this.at + 1] ?? 0;
    if (this.bytes[this.at] === 0xff && marker >= 0xd0 && marker <= 0xd7) this.at += 2;
    else throw damaged();
  }

  endScan(): void {
    this.count = 0;
  }
}

function readHuffman(reader: Reader): Huffman {
  const counts = Array.from({ length: 16 }, () => reader.byte());
  const total = counts.reduce((sum, n) => sum + n, 0);
  if (total > 256) throw damaged();
  const [largest, offset] = [new Int32Array(17).fill(-1), new Int32Array(17)];
  let [code, first] = [0, 0];
  for (const [i, count] of counts.entries()) {
    offset[i + 1] = first - code;
    if (count > 0) largest[i + 1] = code + count - 1;
    code = (code + count) * 2;
    first += count;
  }
  return { largest, offset, values: Uint8Array.from({ length: total }, () => reader.byte()) };
}

function readFrame(reader: Reader, progressive: boolean): Frame {
  if (reader.byte() !== 8) throw damaged();
  const [height, width] = [reader.word(), reader.word()];
  checkSize(width, height);
  const read = Array.from({ length: reader.byte() }, () => {
    const [id, sampling, table] = [reader.byte(), reader.byte(), reader.byte()];
    return { id, h: sampling >> 4, v: sampling & 15, table };
  });
  if (read.length < 1 || read.length > 4 || read.some(({ h, v }) => h < 1 || h > 4 || v < 1 || v > 4))
    throw damaged();
  const [mostH, mostV] = [Math.max(...read.map(({ h }) => h)), Math.max(...read.map(({ v }) => v))];
  const [mcusAcross, mcusDown] = [Math.ceil(width / 8 / mostH), Math.ceil(height / 8 / mostV)];
  // Colors of a baseline image are dropped block by block; a progressive one needs all to the end.
  const sizes = read.map(({ h, v }, i) => (i === 0 || progressive ? mcusAcross * h * mcusDown * v * 64 : 64));
  if (sizes.reduce((sum, n) => sum + n, 0) > MOST_COEFFICIENTS) throw new ImageError('jpeg');
  const components = read.map((one, i) => ({
    ...one,
    columns: Math.ceil(Math.ceil((width * one.h) / mostH) / 8),
    rows: Math.ceil(Math.ceil((height * one.v) / mostV) / 8),
    stride: mcusAcross * one.h,
    coefficients: new Int16Array(sizes[i] ?? 0),
    dropped: i > 0 && !progressive,
    dc: undefined,
    ac: undefined,
    last: 0,
  }));
  return { progressive, width, height, mcusAcross, mcusDown, components };
}

/** Band of coefficients, and bits, that one scan brings. */
interface Band {
  from: number;
  to: number;
  high: number;
  low: number;
}

/** Decodes blocks of one scan; holds the run of empty blocks that a progressive scan counts. */
class BlockDecoder {
  empty = 0;
  constructor(
    private readonly reader: Reader,
    private readonly band: Band,
    private readonly progressive: boolean,
  ) {}

  decode(component: Component, at: number): void {
    const { from, to, high, low } = this.band;
    const block = component.coefficients.subarray(component.dropped ? 0 : at).subarray(0, 64);
    if (!this.progressive) {
      this.difference(component, block, 0);
      this.baseline(component, block);
    } else if (from === 0) {
      if (to !== 0) throw damaged();
      if (high === 0) this.difference(component, block, low);
      else if (this.reader.bit()) block[0] = (block[0] ?? 0) | (1 << low);
    } else if (high === 0) this.first(component, block);
    else this.refine(component, block);
  }

  private difference(component: Component, block: Int16Array, low: number): void {
    const length = this.reader.symbol(component.dc);
    if (length > 11) throw damaged();
    component.last += this.reader.signed(length);
    block[0] = component.last << low;
  }

  private baseline(component: Component, block: Int16Array): void {
    for (let k = 1; k < 64; k += 1) {
      const symbol = this.reader.symbol(component.ac);
      const [run, length] = [symbol >> 4, symbol & 15];
      if (length === 0 && run < 15) return;
      k += run;
      if (k > 63) throw damaged();
      if (length > 0) block[ZIGZAG[k] ?? 0] = this.reader.signed(length);
    }
  }

  private first(component: Component, block: Int16Array): void {
    if (this.empty > 0) {
      this.empty -= 1;
      return;
    }
    for (let k = this.band.from; k <= this.band.to; k += 1) {
      const symbol = this.reader.symbol(component.ac);
      const [run, length] = [symbol >> 4, symbol & 15];
      if (length === 0 && run < 15) {
        this.empty = (1 << run) - 1 + this.reader.receive(run);
        return;
      }
      k += run;
      if (k > 63) throw damaged();
      if (length > 0) block[ZIGZAG[k] ?? 0] = this.reader.signed(length) * (1 << this.band.low);
    }
  }

  /** One more bit of coefficients that are there, and new ones of size 1 between them (T.81, G.1.2.3). */
  private refine(component: Component, block: Int16Array): void {
    const { from, to, low } = this.band;
    const one = 1 << low;
    const more = (at: number) => {
      const value = block[at] ?? 0;
      if (this.reader.bit() && (value & one) === 0) block[at] = value + (value >= 0 ? one : -one);
    };
    let k = from;
    if (this.empty === 0) {
      for (; k <= to; k += 1) {
        const symbol = this.reader.symbol(component.ac);
        let run = symbol >> 4;
        let value = 0;
        if ((symbol & 15) !== 0) value = this.reader.bit() ? one : -one;
        else if (run < 15) {
          this.empty = (1 << run) + this.reader.receive(run);
          break;
        }
        for (; k <= to; k += 1) {
          const at = ZIGZAG[k] ?? 0;
          if (block[at] !== 0) more(at);
          else {
            if (run === 0) {
              if (value !== 0) block[at] = value;
              break;
            }
            run -= 1;
          }
        }
      }
    }
    if (this.empty === 0) return;
    for (; k <= to; k += 1) if (block[ZIGZAG[k] ?? 0] !== 0) more(ZIGZAG[k] ?? 0);
    this.empty -= 1;
  }
}

interface Tables {
  dc: (Huffman | undefined)[];
  ac: (Huffman | undefined)[];
  interval: number;
}

function readScan(reader: Reader, frame: Frame, tables: Tables, deadline: Deadline): void {
  const chosen = Array.from({ length: reader.byte() }, () => {
    const [id, which] = [reader.byte(), reader.byte()];
    const component = frame.components.find((one) => one.id === id);
    if (!component) throw damaged();
    component.dc = tables.dc[which >> 4];
    component.ac = tables.ac[which & 15];
    return component;
  });
  const [from, to, bits] = [reader.byte(), reader.byte(), reader.byte()];
  const band = { from, to, high: bits >> 4, low: bits & 15 };
  const [only] = chosen;
  if (!only || (frame.progressive && (to > 63 || from > to || band.low > 13))) throw damaged();
  const decoder = new BlockDecoder(reader, band, frame.progressive);
  const alone = chosen.length === 1;
  const [across, down] = alone ? [only.columns, only.rows] : [frame.mcusAcross, frame.mcusDown];
  for (const component of chosen) component.last = 0;
  for (let mcu = 0; mcu < across * down; mcu += 1) {
    if (tables.interval > 0 && mcu > 0 && mcu % tables.interval === 0) {
      reader.restart();
      decoder.empty = 0;
      for (const component of chosen) component.last = 0;
    }
    const [row, column] = [Math.floor(mcu / across), mcu % across];
    if (column === 0) checkTime(deadline);
    if (alone) decoder.decode(only, (row * only.stride + column) * 64);
    else
      for (const component of chosen) {
        const { h, v, stride } = component;
        for (let i = 0; i < h * v; i += 1) {
          const [x, y] = [column * h + (i % h), row * v + Math.floor(i / h)];
          decoder.decode(component, (y * stride + x) * 64);
        }
      }
  }
  reader.endScan();
}

/** Cosines of the inverse transform, with its scaling: COSINES[x * 8 + u]. */
const COSINES = Float32Array.from({ length: 64 }, (_, i) => {
  const [x, u] = [i >> 3, i & 7];
  return (Math.cos(((2 * x + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1)) / 2;
});

/** The first component, transformed and cut to its size. */
function toGray(component: Component, quantization: Uint16Array, deadline: Deadline): Gray {
  const [width, height] = [component.columns * 8, component.rows * 8];
  const data = new Uint8Array(width * height);
  const [rows, values] = [new Float32Array(64), new Float32Array(64)];
  for (let by = 0; by < component.rows; by += 1) {
    checkTime(deadline);
    for (let bx = 0; bx < component.columns; bx += 1) {
      const at = (by * component.stride + bx) * 64;
      for (let i = 0; i < 64; i += 1)
        values[i] = (component.coefficients[at + i] ?? 0) * (quantization[i] ?? 0);
      for (let v = 0; v < 8; v += 1) {
        for (let x = 0; x < 8; x += 1) {
          let sum = 0;
          for (let u = 0; u < 8; u += 1) sum += (values[v * 8 + u] ?? 0) * (COSINES[x * 8 + u] ?? 0);
          rows[v * 8 + x] = sum;
        }
      }
      for (let y = 0; y < 8; y += 1) {
        const start = (by * 8 + y) * width + bx * 8;
        for (let x = 0; x < 8; x += 1) {
          let sum = 128.5;
          for (let v = 0; v < 8; v += 1) sum += (rows[v * 8 + x] ?? 0) * (COSINES[y * 8 + v] ?? 0);
          data[start + x] = Math.max(0, Math.min(255, sum));
        }
      }
    }
  }
  return { width, height, data };
}

/** @throws ImageError `image`, `large`, or `slow` after the deadline. */
export function readJpeg(bytes: Uint8Array, deadline: Deadline): Gray {
  const reader = new Reader(bytes, 2);
  const quantization: Uint16Array[] = [];
  const tables: Tables = { dc: [], ac: [], interval: 0 };
  let frame: Frame | undefined;
  let scans = 0;
  for (;;) {
    // Between segments: fill bytes, and what a scan left over.
    let marker = reader.byte();
    while (marker !== 0xff || (bytes[reader.at] ?? 0) === 0) {
      if (marker === undefined) throw damaged();
      marker = reader.byte();
    }
    while (marker === 0xff) marker = reader.byte();
    if (marker === 0xd9) break;
    if (marker >= 0xd0 && marker <= 0xd7) continue;
    const end = reader.at + reader.word();
    if (end > bytes.length) throw damaged();
    if (marker === 0xdb) {
      while (reader.at < end) {
        const which = reader.byte();
        const table = new Uint16Array(64);
        for (const at of ZIGZAG) table[at] = which >> 4 ? reader.word() : reader.byte();
        quantization[which & 15] = table;
      }
    } else if (marker === 0xc4) {
      while (reader.at < end) {
        const which = reader.byte();
        (which >> 4 ? tables.ac : tables.dc)[which & 15] = readHuffman(reader);
      }
    } else if (marker >= 0xc0 && marker <= 0xc2) {
      if (frame) throw damaged();
      frame = readFrame(reader, marker === 0xc2);
    } else if (marker === 0xdd) tables.interval = reader.word();
    else if (marker === 0xda) {
      scans += 1;
      if (!frame || scans > 1000) throw damaged();
      readScan(reader, frame, tables, deadline);
      // One that ends without its last marker is still whole.
      if (reader.at >= bytes.length) break;
      continue;
    } else if (marker > 0xc2 && marker < 0xd0 && marker !== 0xcc && marker !== 0xc8) throw damaged();
    reader.at = end;
  }
  const [first] = frame?.components ?? [];
  const table = first && quantization[first.table];
  if (!first || !table || scans === 0) throw damaged();
  return toGray(first, table, deadline);
}
