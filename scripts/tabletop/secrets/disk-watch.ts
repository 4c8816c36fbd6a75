/** Looks after every block for secrets on a disk; files that have not changed since are not read again. */
import { type Leak, plainOnDisk, stateOf } from './leaks';
import type { Secret } from './secrets';

export class DiskWatch {
  #seen = '';

  /** The first secret that lies outside memory: where, and what it is. Undefined: none, or nothing has changed. */
  look(disks: readonly string[], secrets: readonly Secret[], typed: ReadonlySet<string>): string | undefined {
    const now = `${stateOf(disks)} ${secrets.length} ${typed.size}`;
    if (now === this.#seen) return undefined;
    this.#seen = now;
    const [leak]: Leak[] = plainOnDisk(disks, secrets, typed);
    return leak && `${leak.file}: ${leak.message}`;
  }
}
