/** The lock of a trail: one writer at a time, by whatever name it reaches the file; a writer that was killed does not block the next one. */
import * as fs from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileError, printable } from '../command';
import { systemError } from '../files';

const WAIT_MS = 15_000;
const ABANDONED_MS = 10_000;

function create(file: string, text: string): boolean {
  try {
    const fd = fs.openSync(file, 'wx', 0o600);
    try {
      fs.writeSync(fd, text);
    } finally {
      fs.closeSync(fd);
    }
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code === 'ENOENT') throw fileError(`${printable(path.dirname(file))}: no such folder`);
    throw systemError(file, error);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** True when the process that made the lock is certainly gone. A process of another machine never is. */
function isAbandoned(file: string): boolean {
  let text: string;
  let age: number;
  try {
    text = fs.readFileSync(file, 'utf8');
    age = Date.now() - fs.statSync(file).mtimeMs;
  } catch {
    return false;
  }
  const [pid, host] = text.trim().split(' ');
  // Killed between creating the file and writing to it.
  if (text === '') return age > ABANDONED_MS;
  return host === hostname() && !isAlive(Number(pid));
}

/** Removes an abandoned lock. A second lock guards this, or two waiters could remove each other's fresh lock. */
function clear(lock: string, owner: string): void {
  const guard = `${lock}.clear`;
  if (!create(guard, owner)) return;
  try {
    if (isAbandoned(lock)) fs.unlinkSync(lock);
  } catch {
    // It belongs to another user: whoever waits is told its name in the end.
  } finally {
    fs.unlinkSync(guard);
  }
}

/** One folder for every process of the machine, whatever its environment says. */
const SHARED = process.platform === 'win32' ? tmpdir() : '/tmp';

/** Where a trail lies, links followed. A file that is not there yet has a folder that is. */
function placeOf(trail: string): string {
  try {
    return fs.realpathSync(trail);
  } catch {
    try {
      return path.join(fs.realpathSync(path.dirname(trail)), path.basename(trail));
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? fileError(`${printable(path.dirname(trail))}: no such folder`)
        : systemError(trail, error);
    }
  }
}

/**
 * Locks of a trail, in the order in which they are taken: beside the file, for other machines on a shared disk, and by
 * the file itself, which may have further names (hard links, a folder that is mounted twice).
 */
function locksOf(trail: string): string[] {
  const place = placeOf(trail);
  const stat = fs.statSync(place, { bigint: true, throwIfNoEntry: false });
  const own = stat && path.join(SHARED, `masterkey-trail-${stat.dev}-${stat.ino}.lock`);
  return own === undefined ? [`${place}.lock`] : [`${place}.lock`, own];
}

async function take(trail: string, lock: string, until: number): Promise<void> {
  const owner = `${process.pid} ${hostname()}`;
  while (!create(lock, owner)) {
    if (isAbandoned(lock)) clear(lock, owner);
    if (Date.now() > until) {
      const hint = `If no other program writes to the trail, remove ${printable(lock)} and ${printable(lock)}.clear.`;
      throw fileError(`${printable(trail)}: another program holds ${printable(lock)}`, hint);
    }
    await sleep(5 + Math.random() * 20);
  }
}

/**
 * Runs `work` while holding the lock of a trail. Waits up to 15 seconds for another writer.
 * @throws CliError (exit 3) that names the lock file when it is still held then.
 */
export async function withLock<T>(trail: string, work: () => T): Promise<T> {
  const until = Date.now() + WAIT_MS;
  const held: string[] = [];
  try {
    for (;;) {
      const wanted = locksOf(trail);
      const next = wanted.find((lock) => !held.includes(lock));
      if (next !== undefined) {
        await take(trail, next, until);
        held.push(next);
      }
      // The name may have come to mean another file while this one waited.
      else if (wanted.length === held.length) return work();
      else for (const lock of held.splice(0)) fs.unlinkSync(lock);
    }
  } finally {
    for (const lock of held.toReversed()) fs.unlinkSync(lock);
  }
}
