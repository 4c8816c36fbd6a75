/** The places of an exercise: which shell is open where, and what people carry from one place to another. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Sandbox } from '../machine/sandbox';
import type { ScenarioPlace } from '../plan/places';
import type { Secret } from '../secrets/secrets';
import { handOn, savedIn } from '../world/carry';
import { type ShellStart, shellAt } from './operator-shell';

/** What was carried, from where to where. */
export interface Carried {
  readonly files: readonly string[];
  readonly from: string;
  readonly to: string;
}

export class Places {
  /** Shells that were opened last, by the name of their place. */
  private readonly shells = new Map<string, number>();

  constructor(
    private readonly sandbox: Pick<Sandbox, 'all'>,
    /** Undefined where the page is done on one machine. */
    private readonly known: readonly ScenarioPlace[] | undefined,
    /** Whether the machines that can have a network are on it. */
    private readonly connected: () => boolean,
    /** What must not leave a place in clear. */
    private readonly secrets: () => readonly Secret[],
  ) {}

  /** Names of the places, that of the page first; none where the page is done on one machine. */
  get names(): string[] {
    return (this.known ?? []).map(({ name }) => name);
  }

  /** The machine that has this home. */
  viewOf(home: string): Sandbox {
    const found = this.sandbox.all.find((view) => view.home === home);
    if (!found) throw new RangeError(`no machine has the home ${home}`);
    return found;
  }

  /** Whether a machine is on a network. */
  online({ place }: Pick<Sandbox, 'place'>): boolean {
    return this.connected() && !this.known?.some(({ name, offline }) => name === place && offline);
  }

  /** Notes that a shell was opened at a place. */
  opened(place: string | undefined, pid: number): void {
    if (place !== undefined) this.shells.set(place, pid);
  }

  /** The shell that is opened at a place. Throws RangeError, in one line, where none can be. */
  enter(place: string): ShellStart {
    const view = this.find(place, place === '' ? 'at PLACE' : undefined);
    if (this.folderAt(place) !== undefined)
      throw new RangeError(`your shell at ${place} is open: exit leads back to it`);
    return shellAt(view, view.home);
  }

  /**
   * Takes files from a folder in which somebody stands to a place: into the folder in which a shell stands there, or into
   * `received` in the home. Throws RangeError, in one line, when one is not there or must not leave in clear: then none is
   * carried.
   */
  carry(from: Sandbox, folder: string, names: readonly string[], place: string): Carried {
    const { home } = this.find(place, names.length === 0 ? 'carry FILE... PLACE' : undefined);
    if (place === from.place) throw new RangeError(`you are at ${place}: there is no way to carry anything`);
    const files = names.map((name) => {
      const path = resolve(folder, name);
      if (!existsSync(path) || !statSync(path).isFile())
        throw new RangeError(`there is no file ${name} here to be carried`);
      return { place: from.place ?? '', file: basename(name), bytes: readFileSync(path) };
    });
    handOn(files, () => [savedIn(this.folderAt(place) ?? home, home)], this.secrets());
    return { files: files.map(({ file }) => file), from: from.place ?? '', to: place };
  }

  /** The machine at a place. `wanted` is said instead where something was left out. */
  private find(place: string, wanted: string | undefined): Sandbox {
    if (this.names.length === 0) throw new RangeError('this page is done on one machine, at one place');
    const found = this.sandbox.all.find((view) => view.place === place);
    if (!found || wanted !== undefined)
      throw new RangeError(
        `${wanted === undefined ? `there is no place "${place}"` : `wanted: ${wanted}`}; there are ${this.names.join(', ')}`,
      );
    return found;
  }

  /** The folder in which a shell stands at a place; undefined where none is open. */
  private folderAt(place: string): string | undefined {
    const folder = join('/proc', String(this.shells.get(place) ?? 0), 'cwd');
    return existsSync(folder) ? folder : undefined;
  }
}
