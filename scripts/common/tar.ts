/** Reads regular files out of a POSIX ustar archive (IEEE Std 1003.1-1988 §10.1.1), as carried by the bundled browser. */

const BLOCK = 512;

/** One regular file of an archive. */
export interface TarFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Lists the regular files of an uncompressed archive; folders are skipped.
 * @throws RangeError if an entry has a size that is no octal number, is cut off, or would leave the target folder.
 */
export function untar(archive: Uint8Array): TarFile[] {
  const text = (at: number, length: number): string =>
    Buffer.from(archive.subarray(at, at + length))
      .toString('utf8')
      .replace(/\0.*$/s, '')
      .trim();
  const files: TarFile[] = [];
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const name = text(at, 100);
    if (name === '') break;
    const octal = text(at + 124, 12);
    const size = Number.parseInt(octal, 8);
    const start = at + BLOCK;
    if (!/^[0-7]+$/.test(octal) || start + size > archive.length) {
      throw new RangeError(`archive entry ${name}: expected ${octal || 'a size'} bytes (octal), found fewer`);
    }
    if (name.startsWith('/') || name.split('/').includes('..')) {
      throw new RangeError(`archive entry ${name}: expected a path inside the archive`);
    }
    const kind = text(at + 156, 1);
    if (kind === '0' || kind === '') files.push({ name, bytes: archive.subarray(start, start + size) });
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
