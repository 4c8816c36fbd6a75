/**
 * A fresh machine for one scenario, or one for each of its places: home, runtime folder, programs and providers in one
 * private folder, in memory where that is possible. Nothing of it survives, whatever happens to the drill.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { callsPipe, inputDescriptor } from '../../providers/switchboard';
import {
  type Fingerprint,
  fingerprint,
  type Leak,
  type LeakCheck,
  looseModes,
  searchLeaks,
} from '../secrets/leaks';
import { type Home, onDisk } from './homes';
import { hostileEnvironment, hostileVariables, makeHostile } from './hostile-home';
import { idOf, launcher, offlineWords } from './namespaces';
import { sweepSandboxes, writeOwner } from './stale';
import { findTool, lookUpTool } from './tools';
import { unwatch, watch } from './watchdog';

/** Start of the folder names; what has it and belongs to no living process is swept. */
export const sandboxPrefix = 'masterkey-drill-';

/** A place of a scenario that has a machine of its own. */
export interface MachineOptions {
  /** Name of the place, as `workstation-2`; part of the names of folders. */
  readonly name: string;
  /** Programs that its steps call, of those that the page lists. */
  readonly tools: readonly string[];
  /** Folder whose contents are copied into its home. */
  readonly home?: string | undefined;
  /** It has no network: programs that are started there find none, where this machine can show that. */
  readonly offline: boolean;
}

export interface SandboxOptions {
  /** Programs of this machine that the page lists. Builtins of bash, and names that a wrapper has, are passed over. */
  readonly tools: readonly string[];
  /** Programs that are started by other words: name → words, `['/…/node', '/…/providers.cjs', 'aws', '{world}']`. */
  readonly wrappers: Readonly<Record<string, readonly string[]>>;
  /** Folder of the switchboard that answers for these wrappers; what it does not answer is started after all. */
  readonly switchboard?: { readonly folder: string; readonly names: readonly string[] } | undefined;
  /** Folders whose contents are copied into the home and the world. */
  readonly home?: string;
  readonly world?: string;
  /** More variables for the operator's environment. `{home}`, `{world}`, `{run}` are replaced. */
  readonly env?: Readonly<Record<string, string>>;
  /** Places with a machine each. Default: one machine, which has all of the above. */
  readonly machines?: readonly MachineOptions[];
  /** The kind of home that the operator has. Default: a login as it should be. Throws Error where the machine cannot show it. */
  readonly kind?: Home | undefined;
}

export interface Sandbox {
  readonly root: string;
  /** Name of the place that this view is of; undefined where there is one machine for all. */
  readonly place: string | undefined;
  /** The same room as it is seen at a place. Throws RangeError on a place without a machine. */
  at(place: string | undefined): Sandbox;
  /** The views of all its machines. */
  readonly all: readonly Sandbox[];
  readonly home: string;
  /** XDG_RUNTIME_DIR: where plaintext may be for a while. */
  readonly run: string;
  /** State of the stand-ins. */
  readonly world: string;
  /** For the shell's block files and outputs. */
  readonly jobs: string;
  /** The whole PATH. */
  readonly path: string;
  /** The operator's environment, HOME and PATH aside. */
  readonly env: Readonly<Record<string, string>>;
  /** Words that start the operator's shell; none: it is started as it is. */
  readonly launcher: readonly string[];
  /** Programs that this machine does not have. */
  readonly missing: readonly string[];
  /** Gives everything to the operator, who may be another user. To be called when something came into the room. */
  handOver(): void;
  /** Where the files of this place lie on a disk, caches and histories of tools too. */
  readonly disks: readonly string[];
  /** Where they lie in memory. */
  readonly memories: readonly string[];
  /** What is not private in the runtime folder of any place. Cheap: to be called after every block. */
  looseModes(): Leak[];
  /** Whatever the page has left behind, at any place. To be called after the shells were closed. */
  leaks(check: LeakCheck): Leak[];
  /** Puts the machine aside as it is, so that copies of it can be worked with where it stood. */
  setAside(): Aside;
  /** Removes everything. Can be called again. */
  destroy(): void;
}

/** A machine that was put aside. */
export interface Aside {
  /** A fresh copy of it, in its place; the copy before it is gone. Outputs of earlier blocks are not copied. */
  copy(): Sandbox;
  /** It stands in its place again. */
  back(): void;
}

/** Enough for a scenario's files; less, as in some containers, is not used. */
const neededBytes = 128 * 1024 * 1024;

/** Folders that may hold sandboxes, the best first. */
export function sandboxParents(): string[] {
  return ['/dev/shm', tmpdir()].filter((parent) => {
    try {
      const { bavail, bsize } = statfsSync(parent);
      return lstatSync(parent).isDirectory() && bavail * bsize >= neededBytes;
    } catch {
      return false;
    }
  });
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

let swept = false;

/** Removes a folder also when its own modes are in the way. */
export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    const open = (path: string) => {
      if (!lstatSync(path).isDirectory()) return;
      chmodSync(path, 0o700);
      for (const name of readdirSync(path)) open(join(path, name));
    };
    open(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Names that bash has built in: a page may list them, but no program is needed. */
function builtins(): Set<string> {
  const { stdout } = spawnSync('bash', ['--noprofile', '--norc', '-c', 'compgen -b'], { encoding: 'utf8' });
  return new Set(stdout.split('\n'));
}
let known: Set<string> | undefined;

/** Lines of a wrapper that let the switchboard answer the call; they fall through where it does not. */
function askFirst(calls: string, tool: string, world: string, place: string): string {
  const [mkfifo = '', cat = '', rm = ''] = ['mkfifo', 'cat', 'rm'].map((name) => quote(findTool(name)));
  return `reply=${quote(place)}.$$
${mkfifo} "$reply" && exec ${inputDescriptor}<&0 9<>"$reply"
printf '%s\\t%s\\t%s\\t%s\\n' "$$" ${quote(tool)} ${quote(world)} "$reply" >>${quote(calls)}
read -r status <&9
exec ${inputDescriptor}<&- 9<&-
[ ! -s "$reply.out" ] || ${cat} "$reply.out"
[ ! -s "$reply.err" ] || ${cat} "$reply.err" >&2
${rm} -f "$reply" "$reply.out" "$reply.err"
[ "$status" = own ] || exit "$status"
`;
}

/** What one machine of a sandbox is made of. */
type Machine = Pick<
  Sandbox,
  'place' | 'home' | 'run' | 'jobs' | 'path' | 'env' | 'launcher' | 'disks' | 'memories'
> & {
  readonly missing: readonly string[];
  /** Folder outside the root that lies on a disk, and what was in it. */
  readonly disk: string | undefined;
  readonly diskBefore: Fingerprint | undefined;
};

/** Where a machine is made, and what it shares with the others. */
interface Site {
  readonly root: string;
  readonly world: string;
  /** Makes a folder of the sandbox, below the root. */
  readonly folder: (name: string) => string;
  /** Makes a folder elsewhere, which goes with the sandbox. */
  readonly beside: (where: string) => string;
  /** Folder for programs, where they can be started. */
  readonly bin: string;
}

/** Makes one machine: the one of the sandbox, or that of a place. */
function makeMachine(options: SandboxOptions, site: Site, own?: MachineOptions): Machine {
  const { root, world, folder } = site;
  const below = (name: string) => folder(own ? `${own.name}/${name}` : name);
  if (own) folder(own.name);
  const [home, run, tmp] = ['home', 'run', 'tmp'].map(below) as [string, string, string];
  const jobs = own ? folder(`jobs/${own.name}`) : join(root, 'jobs');
  const before = own ? own.home : options.home;
  if (before !== undefined) cpSync(before, home, { recursive: true });
  makeHostile(home);

  const bin = own ? join(site.bin, own.name) : site.bin;
  if (own) mkdirSync(bin, { mode: 0o700 });
  const places = { home, world, run };
  const fill = (text: string) =>
    text.replace(/\{(home|world|run)\}/g, (_, name: keyof typeof places) => places[name]);
  const tools = own?.tools ?? options.tools;
  const wrappers = Object.entries(options.wrappers).filter(([name]) => !own || tools.includes(name));
  for (const [name, words] of wrappers) {
    const command = words.map(fill).map(quote).join(' ');
    const answered = options.switchboard?.names.includes(name)
      ? askFirst(join(options.switchboard.folder, callsPipe), name, world, join(jobs, 'call'))
      : '';
    writeFileSync(join(bin, name), `#!/bin/sh\n${answered}exec ${command} "$@"\n`, { mode: 0o700 });
  }
  const missing: string[] = [];
  for (const name of new Set(tools)) {
    if (!/^[A-Za-z0-9._+-]+$/.test(name)) throw new RangeError(`"${name}" is not the name of a program`);
    if (name in options.wrappers) continue;
    const file = lookUpTool(name);
    // Some builtins are programs as well, and `env` or `xargs` may need those.
    if (file !== undefined) symlinkSync(file, join(bin, name));
    else if (!known?.has(name)) missing.push(name);
  }

  const { kind } = options;
  const shm = kind && below('shm');
  if (shm) {
    chmodSync(shm, 0o777);
    // The sandbox keeps its name where the operator's /dev/shm is this folder.
    mkdirSync(join(shm, basename(root)), { mode: 0o700 });
  }
  const disk = kind?.runtime === 'disk' ? site.beside(onDisk() ?? tmpdir()) : undefined;
  if (disk) {
    mkdirSync(join(disk, 'recovery'));
    writeFileSync(join(disk, 'recovery', 'plan.txt'), 'notes of the operator\n', { mode: 0o600 });
  }

  const env: Record<string, string> = {
    ...hostileEnvironment,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    COLUMNS: '200',
    TERM: 'dumb',
    USER: 'operator',
    LOGNAME: 'operator',
    HISTFILE: join(home, '.bash_history'),
    XDG_RUNTIME_DIR: run,
    TMPDIR: tmp,
  };
  if (kind?.runtime === 'unset') delete env.XDG_RUNTIME_DIR;
  if (disk) env.XDG_RUNTIME_DIR = disk;
  if (kind?.variables === 'hostile') Object.assign(env, hostileVariables(home));
  for (const [name, value] of Object.entries(options.env ?? {})) env[name] = fill(value);
  return {
    place: own?.name,
    home,
    run,
    jobs,
    path: bin,
    env,
    launcher: [
      ...(own?.offline ? offlineWords() : []),
      ...(kind && shm ? launcher(kind.user, root, shm) : []),
    ],
    missing,
    disks: [home, tmp, ...(disk ? [disk] : [])],
    memories: [run, ...(shm ? [shm] : [])],
    disk,
    diskBefore: disk === undefined ? undefined : fingerprint(disk),
  };
}

/** Makes a sandbox, and on the first call sweeps those of drills that were killed. Throws Error when no folder can hold it. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const parents = sandboxParents();
  if (!swept) sweepSandboxes(parents, sandboxPrefix, removeFolder);
  swept = true;
  known ??= builtins();
  const [parent] = parents;
  if (parent === undefined)
    throw new Error(`no room for a sandbox: neither /dev/shm nor ${tmpdir()} has 128 MiB free`);
  const make = (where: string) => {
    const made = realpathSync(mkdtempSync(join(where, sandboxPrefix)));
    writeOwner(made);
    watch({ folder: made });
    return made;
  };
  const root = make(parent);
  const folder = (name: string) => {
    mkdirSync(join(root, name), { mode: 0o700 });
    return join(root, name);
  };
  const folders = [root];
  const beside = (where: string) => {
    const made = make(where);
    folders.push(made);
    return made;
  };
  const world = folder('world');
  folder('jobs');
  if (options.world !== undefined) cpSync(options.world, world, { recursive: true });

  let bin = folder('bin');
  const probe = join(bin, 'probe');
  writeFileSync(probe, '#!/bin/sh\n', { mode: 0o700 });
  if (spawnSync(probe).status !== 0) {
    // Memory that is mounted noexec holds the data all the same; the programs go beside it.
    bin = join(beside(tmpdir()), 'bin');
    mkdirSync(bin, { mode: 0o700 });
  }
  rmSync(probe, { force: true });
  const site: Site = { root, world, folder, beside, bin };
  const machines = options.machines
    ? options.machines.map((own) => makeMachine(options, site, own))
    : [makeMachine(options, site)];
  const memories = machines.flatMap((machine) => machine.memories);

  const id = options.kind && idOf(options.kind.user);
  const handOver = () => {
    if (id === undefined || id === process.getuid?.()) return;
    const give = (path: string) => {
      const status = lstatSync(path);
      if (status.uid !== id) lchownSync(path, id, id);
      if (status.isDirectory()) for (const name of readdirSync(path)) give(join(path, name));
    };
    for (const made of folders) give(made);
  };

  const before = fingerprint(root);
  const leaks = (check: LeakCheck): Leak[] => {
    const all = check.declared.flatMap((name) =>
      machines.map(({ place }) => (place === undefined ? name : `${place}/${name}`)),
    );
    return [
      ...searchLeaks(root, before, { ...check, declared: all }, memories),
      ...machines.flatMap(({ disk, diskBefore }) =>
        disk && diskBefore
          ? searchLeaks(disk, diskBefore, { ...check, declared: [] }, []).map((leak) => ({
              ...leak,
              file: `on the disk: ${leak.file}`,
            }))
          : [],
      ),
    ];
  };
  const room = (destroy: () => void): Sandbox => {
    const all: Sandbox[] = [];
    const at = (place: string | undefined): Sandbox => {
      const found = all.find((view) => view.place === place);
      if (!found) throw new RangeError(`there is no machine at ${place ?? 'no place'}`);
      return found;
    };
    for (const { disk, diskBefore, ...machine } of machines)
      all.push({
        ...machine,
        missing: machines.flatMap(({ missing }) => missing),
        root,
        world,
        at,
        all,
        handOver,
        looseModes: () => memories.flatMap((memory) => looseModes(root, memory)),
        leaks,
        setAside,
        destroy,
      });
    return all[0] as Sandbox;
  };
  function setAside(): Aside {
    // Renamed, not copied: who works in it keeps its folders.
    const aside = `${root}.aside`;
    watch({ folder: aside });
    renameSync(root, aside);
    const outputs = machines.map(({ jobs }) => join(aside, relative(root, jobs)));
    const clear = () => removeFolder(root);
    return {
      copy() {
        clear();
        const filter = (file: string) => !outputs.includes(dirname(file));
        cpSync(aside, root, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, filter });
        return room(clear);
      },
      back() {
        clear();
        renameSync(aside, root);
        unwatch({ folder: aside });
      },
    };
  }
  return room(() => {
    for (const made of folders.splice(0)) {
      removeFolder(made);
      unwatch({ folder: made });
    }
  });
}
