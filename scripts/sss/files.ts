/** Files of a ceremony: bounded reading, and writing that a power cut leaves either complete or not there. */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
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
import { sealHolds } from './seal';

const WRONG_FILE = 'Is it the right file?';
const WRONG_MANIFEST = 'Is it the right file, as it was signed? Take another copy of the manifest.';

export const SHARD_LIMIT = 4096;
const MANIFEST_LIMIT = 1024 * 1024;

const OWNER = 'ls --long shows who may read and write it.';
const ELSEWHERE = 'Choose a name in another folder, such as one in memory.';
/** What went wrong, and what to do about it. */
const REASONS: Record<string, [reason: string, hint: string]> = {
  ENOENT: ['no such file', 'Check the name: ls shows what is in this folder.'],
  EACCES: ['permission denied', OWNER],
  EPERM: ['permission denied', OWNER],
  EEXIST: ['exists already', 'Another run of sss is writing it: wait for its end.'],
  EISDIR: ['is a directory, wanted a file', 'Name one file in it.'],
  ENOTDIR: [
    'part of the path is not a directory',
    'Check the name: what stands before the last / is a file.',
  ],
  ENAMETOOLONG: ['the name is too long', 'Choose a shorter name.'],
  ELOOP: ['the links lead in a circle', 'Name the file itself.'],
  ENOSPC: ['no space left', ELSEWHERE],
  EDQUOT: ['no space left', ELSEWHERE],
  EROFS: ['the disk is read-only', ELSEWHERE],
  ERR_ACCESS_DENIED: [
    'denied by the permissions of this Node process',
    'Allow its folder with --allow-fs-read and --allow-fs-write.',
  ],
};

/** An operating system error as one line; Node's own text may hold more than the operator needs. */
export function systemError(file: string, error: unknown): CliError {
  if (error instanceof CliError) return error;
  const code = String((error as { code?: unknown }).code ?? 'unknown error');
  const [reason, hint] = REASONS[code] ?? [code, 'The operating system says so.'];
  return fileError(`${printable(file)}: ${reason}`, hint);
}

const TYPED = 'What is typed or shown there stays on the screen: use a pipe.';

/** @throws CliError (exit 3) for a terminal: a shard is neither typed there nor shown. */
export function refuseTerminal(fd: 0 | 1): void {
  const stat = fstatSync(fd);
  // Into a file would be a shard in clear that no --out has named.
  if (fd === 0 ? !stat.isCharacterDevice() : stat.isFIFO() || stat.isSocket()) return;
  const found = stat.isCharacterDevice() ? 'a terminal or another device' : 'no pipe';
  throw fileError(`standard ${fd === 0 ? 'input' : 'output'}: ${found}, wanted a pipe`, TYPED);
}

/**
 * Reads a whole file, or standard input for `-`, of at most `limit` bytes.
 * @throws CliError (exit 3) when it is missing, a directory, a terminal, unreadable or larger.
 */
export function readLimited(file: string, limit: number, what: string): Uint8Array {
  // One byte more than allowed shows that there is more; a pipe tells no size.
  const buffer = new Uint8Array(limit + 1);
  let length = 0;
  let fd: number | undefined;
  try {
    if (file === '-') refuseTerminal(0);
    fd = file === '-' ? 0 : openSync(file, 'r');
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(fd, buffer, length, buffer.length - length, null);
    }
    if (length > limit)
      throw fileError(`${printable(file)}: larger than ${limit} bytes, so it is not ${what}`, WRONG_FILE);
    return buffer.slice(0, length);
  } catch (error) {
    throw systemError(file, error);
  } finally {
    buffer.fill(0, 0, length);
    if (fd) closeSync(fd);
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

/** A manifest with the bytes that it was read from: what is shown, hashed and checked is one and the same reading. */
export interface ManifestFile {
  manifest: Manifest;
  bytes: Uint8Array;
}

/** Reads a manifest once, and refuses a TEST set outside a drill, and a real one inside. Its seal is still to be checked. */
export function readManifestFile(file: string, test: boolean): ManifestFile {
  const bytes = readLimited(file, MANIFEST_LIMIT, 'a manifest');
  let manifest: Manifest;
  try {
    manifest = parseManifest(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    if (error instanceof ShardError)
      throw fileError(`${printable(file)}: ${error.message}`, error.hint || WRONG_MANIFEST);
    throw error;
  }
  refuseOtherKind(file, manifest.test, test);
  return { manifest, bytes };
}

/** @throws CliError (exit 1) when a sealed manifest was changed after it was made. */
export function requireSeal(file: string, manifest: Manifest): void {
  if (manifest.seal && !sealHolds(manifest))
    throw refusal(`${printable(file)}: changed after it was made: its seal does not fit`, WRONG_MANIFEST);
}

/** Reads a manifest once, with every check that needs no other file. */
export function readManifest(file: string, test: boolean): Manifest {
  const { manifest } = readManifestFile(file, test);
  requireSeal(file, manifest);
  return manifest;
}

const MIXED = 'Find out how it came here: drills and real shards never share a folder.';

/** TEST sets and real sets never mix. */
export function refuseOtherKind(file: string, isTest: boolean, wantTest: boolean): void {
  if (isTest === wantTest) return;
  throw isTest
    ? refusal(`${printable(file)}: belongs to a TEST set, and TEST sets are refused outside a drill`, MIXED)
    : refusal(
        `${printable(file)}: belongs to a real set, and a drill (SSS_TEST=1) accepts TEST sets only`,
        MIXED,
      );
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

type Content = Uint8Array | string;

/** Writes a file so that its bytes are on the disk before the call returns. */
function writeDurably(file: string, content: Content, opened = () => {}): void {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const fd = openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_SYNC, 0o600);
  opened();
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

const NEVER_OVERWRITES = 'sss never overwrites. Choose another name.';

/** Refuses a target that exists, a leftover of a run that was cut off, and a missing folder: each needs a person. */
export function refuseExisting(target: string): void {
  const look = (file: string) => {
    try {
      return lstatSync(file, { throwIfNoEntry: false });
    } catch (error) {
      throw systemError(file, error);
    }
  };
  const partial = `${target}.partial`;
  const [there, left] = [look(target), look(partial)];
  // Cut off between the two names of a finished file: shredding the one would destroy the other.
  if (there?.isFile() && left?.ino === there.ino && left.dev === there.dev) rmSync(partial);
  if (there) throw fileError(`${printable(target)}: exists already`, NEVER_OVERWRITES);
  if (left) {
    const hint = `Nothing in it counts, but it can hold secrets: destroy it with shred, then run the command again.`;
    throw fileError(`${printable(partial)}: left over from a run that was cut off`, hint);
  }
  if (!look(dirname(target))) throw noFolder(target);
}

const noFolder = (target: string): CliError =>
  fileError(`${printable(target)}: the folder for it does not exist`, 'Make it first: mkdir --mode=0700.');

/** Removes what this run began, and says what went wrong. */
function writeError(target: string, partial: string, begun: boolean, error: unknown): CliError {
  const { code } = error as { code?: unknown };
  if (begun) rmSync(partial, { force: true, recursive: true });
  if (begun && (code === 'EEXIST' || code === 'ENOTEMPTY' || code === 'ENOTDIR'))
    return fileError(`${printable(target)}: exists already`, NEVER_OVERWRITES);
  return code === 'ENOENT' ? noFolder(target) : systemError(target, error);
}

/** File systems without hard links, such as those of memory sticks, and Node's permission model. */
const NO_LINKS = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ERR_ACCESS_DENIED']);

/**
 * Gives a finished file its name, and fails when there is something under that name by now: a rename would replace it.
 * Without hard links the name is taken by an empty file of our own first.
 */
function publish(partial: string, target: string): void {
  try {
    linkSync(partial, target);
  } catch (error) {
    if (!NO_LINKS.has(String((error as { code?: unknown }).code))) throw error;
    closeSync(openSync(target, O_WRONLY | O_CREAT | O_EXCL, 0o600));
    renameSync(partial, target);
    return;
  }
  rmSync(partial);
}

/** Writes one new file (0600): temporary file written through to the disk, its name, fsync of the folder. */
export function writeNewFile(target: string, content: Content): void {
  refuseExisting(target);
  const partial = `${target}.partial`;
  let begun = false;
  try {
    writeDurably(partial, content, () => {
      begun = true;
    });
    publish(partial, target);
    begun = false;
    syncFolder(dirname(target));
  } catch (error) {
    throw writeError(target, partial, begun, error);
  }
}

/** Writes new files in this order, all or none. */
export function writeNewFiles(files: readonly (readonly [name: string, content: Content])[]): void {
  const written: string[] = [];
  try {
    for (const [name, content] of files) {
      writeNewFile(name, content);
      written.push(name);
    }
  } catch (error) {
    for (const name of written) rmSync(name);
    throw error;
  }
}

/**
 * Writes one new folder (0700) with all its files, or nothing under that name. A rename never replaces a folder that
 * holds anything, nor a file.
 */
export function writeNewFolder(target: string, files: ReadonlyMap<string, Content>): void {
  refuseExisting(target);
  const partial = `${target}.partial`;
  let begun = false;
  try {
    mkdirSync(partial, { mode: 0o700 });
    begun = true;
    for (const [name, content] of files) writeDurably(join(partial, name), content);
    syncFolder(partial);
    renameSync(partial, target);
    begun = false;
    syncFolder(dirname(target));
  } catch (error) {
    throw writeError(target, partial, begun, error);
  }
}

export const exitOf = (error: ShardError): number =>
  ['empty', 'not-text', 'prefix', 'manifest'].includes(error.code) ? EXIT.file : EXIT.refused;
