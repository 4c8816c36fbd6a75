/** Media of a machine: sticks with the file system of the pages' media, filled and read without mounting them. Uses mtools. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTool } from '../machine/tools';

const tool = (name: string, ...words: string[]) =>
  execFileSync(findTool(name), words, { env: { MTOOLSRC: '/dev/null', TZ: 'UTC' }, encoding: 'utf8' });

/** Makes a stick of 16 MB with a label and files. */
export function makeStick(
  file: string,
  label: string,
  files: ReadonlyMap<string, string>,
  scratch: string,
): void {
  rmSync(file, { force: true });
  tool('mformat', '-C', '-i', file, '-T', '32768', '-h', '16', '-s', '32', '-v', label, '::');
  const folder = join(scratch, 'to-stick');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  for (const [name, text] of files) {
    writeFileSync(join(folder, name), text);
    tool('mcopy', '-i', file, join(folder, name), `::${name}`);
  }
}

/** The files of a stick into an empty folder. Returns their names. */
export function readStick(file: string, folder: string): string[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  tool('mcopy', '-n', '-s', '-i', file, '::*', folder);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}
