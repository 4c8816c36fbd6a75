/** What each place has ever seen: every content that a file had there after a command, and everything that was shown there. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { filesBelow } from './leaks';

/** A larger file holds no shard of its own. */
const largest = 4 * 1024 * 1024;

export class Account {
  /** Contents by place and digest. */
  private readonly seen = new Map<string, Map<string, Buffer>>();
  /** Files whose present content is known, by path, size and time. */
  private readonly known = new Set<string>();

  private note(place: string, bytes: Buffer): void {
    const contents = this.seen.get(place) ?? new Map<string, Buffer>();
    this.seen.set(place, contents);
    if (bytes.length > 0) contents.set(createHash('sha256').update(bytes).digest('hex'), bytes);
  }

  /** Reads what lies in the folders of a place; files that have not changed are not read again. */
  look(place: string, folders: readonly string[]): void {
    for (const file of folders.flatMap(filesBelow)) {
      const status = statSync(file, { throwIfNoEntry: false });
      if (!status?.isFile() || status.size > largest) continue;
      const state = `${file} ${status.size} ${status.mtimeMs} ${status.ctimeMs} ${status.ino}`;
      if (this.known.has(state)) continue;
      this.known.add(state);
      try {
        this.note(place, readFileSync(file));
      } catch {
        // Gone, or a page took its modes away: the judge of leaks says so.
      }
    }
  }

  /** Notes what was shown at a place. */
  hear(place: string, text: string): void {
    this.note(place, Buffer.from(text));
  }

  /** Every place that has seen something. */
  places(): string[] {
    return [...this.seen.keys()];
  }

  /** Everything that a place has seen, each content once. */
  contents(place: string): Buffer[] {
    return [...(this.seen.get(place)?.values() ?? [])];
  }

  /** The same account, for a run that goes on from another. */
  copy(): Account {
    const copied = new Account();
    for (const [place, contents] of this.seen) copied.seen.set(place, new Map(contents));
    // The files of a copied room are others, at the same paths: they are read again.
    return copied;
  }
}
