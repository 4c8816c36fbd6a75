/** Writes a POSIX ustar archive (IEEE Std 1003.1-1988 §10.1.1) whose bytes depend on names, contents and one time only. */

const BLOCK = 512;

function header(name: string, size: number, seconds: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  // A long path is divided at a slash: up to 155 bytes of prefix, up to 100 of name.
  const bytes = Buffer.byteLength(name);
  let cut = 0;
  if (bytes > 100) cut = name.lastIndexOf('/', 155);
  const [prefix, base] = cut > 0 ? [name.slice(0, cut), name.slice(cut + 1)] : ['', name];
  if (Buffer.byteLength(base) > 100 || Buffer.byteLength(prefix) > 155)
    throw new RangeError(`${name}: too long for an archive`);
  block.write(base, 0, 'utf8');
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(seconds, 136, 12);
  block.fill(0x20, 148, 156);
  block.write('0', 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  block.write(prefix, 345, 'utf8');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** An archive of files in byte order of their names. `seconds` is the time of every entry, since 1970. */
export function tarOf(files: ReadonlyMap<string, Uint8Array>, seconds: number): Buffer {
  const names = [...files.keys()].sort((a, b) => (a < b ? -1 : 1));
  const parts = names.flatMap((name) => {
    const bytes = files.get(name) ?? new Uint8Array();
    return [
      header(name, bytes.length, seconds),
      bytes,
      Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK),
    ];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}
