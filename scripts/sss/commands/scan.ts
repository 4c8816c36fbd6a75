/** `sss scan`: reads a shard from the QR code on a photo or scan of its sheet into a file. */
import { formatShard, labelOf, parseShard } from '../../../src/shard/format';
import { type Command, fileError, printable } from '../command';
import { readLimited, refuseExisting, refuseOtherKind, refuseTerminal, writeNewFile } from '../files';
import { inFile } from '../shard-file';

const IMAGE_LIMIT = 32 * 1024 * 1024;

const PROBLEMS = {
  format: 'neither PNG nor JPEG',
  image: 'a damaged image',
  large: 'more than 60 megapixels',
  jpeg: 'a JPEG of more than 30 megapixels, or of 20 when it is a progressive one',
  slow: 'not read within 10 seconds',
  several: 'more than one QR code in the image',
  qr: 'no readable QR code in the image',
};

const HINTS: Partial<Record<keyof typeof PROBLEMS, string>> = {
  format: 'Save the photo or the scan as JPEG or PNG; what a telephone calls HEIC is neither.',
  large: 'Take it again with fewer pixels: 12 megapixels are plenty.',
  jpeg: 'Take it again with fewer pixels: 12 megapixels are plenty.',
  slow: 'Take it again with fewer pixels, or scan it at 300 dots per inch.',
  several: 'Cover every code but the one of this sheet, and take the picture again.',
  qr: 'Photograph the sheet straight on, in even light, with the whole code and its white margin.',
};

export const scan: Command = {
  name: 'scan',
  summary: 'read a shard from an image of its sheet',
  files: {
    name: 'IMAGE',
    min: 1,
    max: 1,
    help: 'A PNG or JPEG image that shows one QR code: at most 32 megabytes and 60 megapixels.',
  },
  options: [
    {
      name: 'out',
      value: 'FILE',
      required: true,
      pipe: true,
      help: 'New file (0600) for the shard line; - writes it into a pipe, and the report to standard error.',
    },
  ],
  details: [
    'Finds the QR code with either of two decoders, stretches a contrast that is too weak, checks that it holds a shard with a right checksum, and writes the line as sss combine reads it. The shard itself is never shown, and --out - is refused unless it is a pipe, such as the one to sss wrap. Two codes in one picture are refused. The image is as secret as the shard: use a scanner or camera that has no network and no memory card, and destroy the image afterwards.',
  ],
  example: {
    command: 'sss scan sheet-5.png --out shard-5.txt',
    output: 'shard-5.txt: 9F3A-200, read from sheet-5.png, checksum OK',
  },
  async run(args, context) {
    const [file = ''] = args.files;
    const out = args.text('out');
    const piped = out === '-';
    if (piped) refuseTerminal(1);
    else refuseExisting(out);
    const bytes = readLimited(file, IMAGE_LIMIT, 'an image of a sheet');
    const { decodeImage } = await import('../scan/decode');
    const decoded = await decodeImage(bytes);
    bytes.fill(0);
    if ('problem' in decoded) {
      const { problem } = decoded;
      throw fileError(`${printable(file)}: ${PROBLEMS[problem]}`, HINTS[problem]);
    }
    try {
      const shard = parseShard(decoded.text);
      refuseOtherKind(file, shard.test, context.test);
      const line = formatShard(shard);
      if (piped) context.out(line);
      else writeNewFile(out, new TextEncoder().encode(line));
      const label = labelOf(shard);
      shard.share.fill(0);
      return {
        aside: piped,
        lines: [
          `${piped ? 'standard output' : printable(out)}: ${label}, read from ${printable(file)}, checksum OK`,
        ],
        json: { file: out, image: file, label },
      };
    } catch (error) {
      throw inFile(file, error);
    }
  },
};
