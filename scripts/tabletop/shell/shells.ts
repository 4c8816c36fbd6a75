/** The shells of a scenario: one at each place, opened at the first step that is done there. */
import type { FoundProcess } from '../machine/processes';
import type { Shell } from './shell';

/** Name of a place; undefined where one machine serves for all. */
export type PlaceName = string | undefined;

export class Shells {
  private readonly open = new Map<PlaceName, Shell>();

  constructor(private readonly start: (place: PlaceName) => Shell | Promise<Shell>) {}

  /** The shell at a place. */
  async at(place: PlaceName): Promise<Shell> {
    const known = this.open.get(place);
    if (known) return known;
    const shell = await this.start(place);
    this.open.set(place, shell);
    return shell;
  }

  /** Process id of the shell at a place; undefined where nothing was done yet. */
  pidAt(place: PlaceName): number | undefined {
    return this.open.get(place)?.pid;
  }

  all(): Shell[] {
    return [...this.open.values()];
  }

  /** Closes the shell at a place. The next step there opens another one, which knows nothing of it. */
  async leave(place: PlaceName): Promise<void> {
    await this.open.get(place)?.close();
    this.open.delete(place);
  }

  /** Copies of all shells as they are now, which rest until the copies are closed. Throws Error where one cannot be copied. */
  async fork(): Promise<Shells> {
    const copies = new Shells(this.start);
    for (const [place, shell] of this.open) {
      const copy = await shell.fork?.();
      if (!copy) throw new Error('a shell on a terminal cannot be copied');
      copies.open.set(place, copy);
    }
    return copies;
  }

  /** Resolves when all stand in their folders. */
  async begun(): Promise<void> {
    await Promise.all(this.all().map(({ begun }) => begun));
  }

  /** Ends all, and what they left running, which is returned. */
  async close(): Promise<{ readonly left: readonly FoundProcess[] }> {
    const left: FoundProcess[] = [];
    for (const shell of this.all()) left.push(...(await shell.close()).left);
    return { left };
  }
}
