/** Files of a ceremony: bounded reading, and writing that a power cut leaves either complete or not there. */
import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ShardError } from '../../src/shard/format';
import { type Manifest, parseManifest } from '../../src/shard/manifest';
import { CliError, EXIT, fileError, printable, refusal } from './command';

export const SHARD_LIMIT = 4096;
const MANIFEST_LIMIT = 1024 * 1024;

const REASONS: Record<string, string> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a directory, wanted a file',
  ENOTDIR: 'part of the path is not a directory',
  ENOSPC: 'no space left',
  EROFS: 'the disk is read-only',
  ERR_ACCESS_DENIED: 'denied by the permissions of this Node process',
};

/** An operating system error as one line; Node's own text may hold more than the operator needs. */
export function systemError(file: string, error: unknown): CliError {
  if (error instanceof CliError) return error;
  const code = String((error as { code?: unknown }).code ?? 'unknown error');
  return fileError(`${printable(file)}: ${REASONS[code] ?? code}`);
}

/**
 * Reads a whole file of at most `limit` bytes.
 * @throws CliError (exit 3) when it is missing, a directory, unreadable or larger.
 */
export function readLimited(file: string, limit: number, what: string): Uint8Array {
  // One byte more than allowed shows that there is more; a pipe tells no size.
  const buffer = new Uint8Array(limit + 1);
  let length = 0;
  let fd: number | undefined;
  try {
    fd = openSync(file, 'r');
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(fd, buffer, length, buffer.length - length, null);
    }
    if (length > limit)
      throw fileError(`${printable(file)}: larger than ${limit} bytes, so it is not ${what}`);
    return buffer.slice(0, length);
  } catch (error) {
    throw systemError(file, error);
  } finally {
    buffer.fill(0, 0, length);
    if (fd !== undefined) closeSync(fd);
  }
}

/** Decodes text for the shard and manifest readers; bytes that are no text become characters that they refuse. */
export function readText(file: string, limit: number, what: string): string {
  const bytes = readLimited(file, limit, what);
  try {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  } finally {
    bytes.fill(0);
  }
}

/** Reads a manifest and refuses a TEST set outside a drill, and a real one inside. */
export function readManifest(file: string, test: boolean): Manifest {
  let manifest: Manifest;
  try {
    manifest = parseManifest(readText(file, MANIFEST_LIMIT, 'a manifest'));
  } catch (error) {
    if (error instanceof ShardError) throw fileError(`${printable(file)}: ${error.message}`);
    throw error;
  }
  refuseOtherKind(file, manifest.test, test);
  return manifest;
}

/** TEST sets and real sets never mix. */
export function refuseOtherKind(file: string, isTest: boolean, wantTest: boolean): void {
  if (isTest === wantTest) return;
  throw isTest
    ? refusal(`${printable(file)}: belongs to a TEST set, and TEST sets are refused outside a drill`)
    : refusal(`${printable(file)}: belongs to a real set, and a drill (SSS_TEST=1) accepts TEST sets only`);
}

/** Node's permission model denies fsync; whatever else fails is an error. */
function sync(fd: number): void {
  try {
    fsyncSync(fd);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_ACCESS_DENIED') throw error;
  }
}

// Windows has no O_SYNC.
const { O_WRONLY, O_CREAT, O_EXCL, O_SYNC = 0 } = constants;

/** Writes a file so that its bytes are on the disk before the call returns. */
function writeDurably(file: string, bytes: Uint8Array): void {
  const fd = openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_SYNC, 0o600);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    if (O_SYNC === 0) sync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Makes a rename durable. Where fsync is denied, a power cut can undo the rename, but never leave half of it. */
function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    sync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Refuses a target that exists, and a leftover of a run that was cut off: both need a person. */
export function refuseExisting(target: string): void {
  const exists = (file: string): boolean => {
    try {
      return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
    } catch (error) {
      throw systemError(file, error);
    }
  };
  if (exists(target)) {
    throw fileError(`${printable(target)}: exists already`, 'sss never overwrites. Choose another --out.');
  }
  const partial = `${target}.partial`;
  if (exists(partial)) {
    const hint = `Nothing in it counts, but it can hold secrets: destroy it with shred, then run the command again.`;
    throw fileError(`${printable(partial)}: left over from a run that was cut off`, hint);
  }
}

const writeError = (target: string, error: unknown): CliError =>
  (error as { code?: unknown }).code === 'ENOENT'
    ? fileError(`${printable(target)}: the folder for it does not exist`)
    : systemError(target, error);

/** Writes one new file (0600): temporary file written through to the disk, rename, fsync of the folder. */
export function writeNewFile(target: string, bytes: Uint8Array): void {
  refuseExisting(target);
  const partial = `${target}.partial`;
  try {
    writeDurably(partial, bytes);
    renameSync(partial, target);
    syncFolder(dirname(target));
  } catch (error) {
    rmSync(partial, { force: true });
    throw writeError(target, error);
  }
}

/** Writes one new folder (0700) with all its files, or nothing under that name. */
export function writeNewFolder(target: string, files: ReadonlyMap<string, string>): void {
  refuseExisting(target);
  const partial = `${target}.partial`;
  try {
    mkdirSync(partial, { mode: 0o700 });
    for (const [name, text] of files) writeDurably(join(partial, name), new TextEncoder().encode(text));
    syncFolder(partial);
    renameSync(partial, target);
    syncFolder(dirname(target));
  } catch (error) {
    rmSync(partial, { force: true, recursive: true });
    throw writeError(target, error);
  }
}

export const exitOf = (error: ShardError): number =>
  ['empty', 'not-text', 'prefix', 'manifest'].includes(error.code) ? EXIT.file : EXIT.refused;
