/** What a Linux machine can tell about its own fitness for a ceremony, read from /proc, /sys and /dev. */
import * as fs from 'node:fs';
import path from 'node:path';
import { printable } from './command';

/** `look`: the machine can't know, so a person must. */
export interface Item {
  item: string;
  verdict: 'pass' | 'fail' | 'look';
  found: string;
}

type Finding = Omit<Item, 'item'>;

const verdict = (bad: readonly string[], none: string): Finding => ({
  verdict: bad.length === 0 ? 'pass' : 'fail',
  found: bad.length === 0 ? none : bad.join(', '),
});

/** What a check may read of a machine; each throws where there is nothing to read. */
interface Machine {
  text(file: string): string;
  list(folder: string): string[];
  /** Entries of a folder that a machine without such hardware does not have. */
  listIfThere(folder: string): string[];
  isFile(file: string): boolean;
  link(file: string): string;
}

function machineAt(root: string): Machine {
  const at = (name: string) => path.join(root, name);
  const list = (folder: string) => fs.readdirSync(at(folder)).sort();
  return {
    text: (file) => fs.readFileSync(at(file), 'utf8'),
    list,
    listIfThere: (folder) => (fs.existsSync(at(folder)) ? list(folder) : []),
    isFile: (file) => fs.statSync(at(file)).isFile(),
    link: (file) => fs.realpathSync(at(file)),
  };
}

/** Devices that the buses name and no driver has taken, by a class of PCI or of a USB interface. */
function devices(machine: Machine, pci: RegExp, usb: RegExp): string[] {
  const { text, listIfThere } = machine;
  const on = (bus: string, file: string, wanted: RegExp) =>
    listIfThere(`sys/bus/${bus}/devices`).filter((name) => {
      const at = `sys/bus/${bus}/devices/${name}`;
      const has = listIfThere(at);
      if (has.includes('driver')) return false;
      return has.includes(file) && wanted.test(text(`${at}/${file}`).trim());
    });
  return [
    ...on('pci', 'class', pci).map((name) => `PCI ${name}`),
    ...on('usb', 'bInterfaceClass', usb).map((name) => `USB ${name}`),
  ];
}

/** Classes as the PCI Code and ID Assignment Specification and usb.org list them. */
const NETWORK = [/^0x(02|0d)/, /^(02|e0)$/] as const;
const CAMERA = [/^0x0400/, /^0e$/] as const;
const SOUND = [/^0x040[13]/, /^01$/] as const;
const STORAGE = [/^0x01/, /^08$/] as const;

function networkInterfaces(machine: Machine): Finding {
  const { list, listIfThere, isFile } = machine;
  // The bonding module keeps a plain file among the interfaces.
  const wired = list('sys/class/net').filter((name) => name !== 'lo' && !isFile(`sys/class/net/${name}`));
  // Where the kernel lists every radio that it can switch off, and those of its subsystems that do without.
  const radios = ['rfkill', 'ieee80211', 'bluetooth', 'nfc', 'wwan'].flatMap((kind) =>
    listIfThere(`sys/class/${kind}`),
  );
  // A card without a driver can reach nothing today, and another system can give it one.
  const idle = devices(machine, ...NETWORK);
  return verdict([...new Set([...wired, ...radios, ...idle])], 'none but the loopback');
}

function swap({ text }: Machine): Finding {
  const lines = text('proc/swaps').trim().split('\n').slice(1);
  return verdict(
    lines.map((line) => line.split(/\s+/)[0] ?? ''),
    'off',
  );
}

function coreDumps({ text }: Machine): Finding {
  const limit = /^Max core file size\s+(\S+)/m.exec(text('proc/self/limits'))?.[1];
  // A handler behind a pipe gets the core whatever the limit is.
  const piped = text('proc/sys/kernel/core_pattern').startsWith('|');
  return verdict(
    [...(limit === '0' ? [] : [`limit ${limit}`]), ...(piped ? ['a handler is set'] : [])],
    'off',
  );
}

/** Kinds of file system that keep nothing once the power is off. */
const FLEETING = new Set(
  `autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs fusectl hugetlbfs mqueue nsfs proc
   pstore ramfs rootfs rpc_pipefs securityfs selinuxfs sysfs tmpfs tracefs`.split(/\s+/),
);

/** Whether a mounted device is a medium that can be taken out, from which nothing is executed. */
function isMarkedMedium(machine: Machine, device: string, how: string): boolean {
  const options = how.split(',');
  if (!['noexec', 'nosuid', 'nodev'].every((option) => options.includes(option))) return false;
  const part = device.replace(/^\/dev\//, '');
  const disk = machine
    .list('sys/block')
    .find((name) => name === part || machine.listIfThere(`sys/block/${name}`).includes(part));
  return disk !== undefined && isLoose(machine, disk);
}

function writableDisks(machine: Machine): Finding {
  const mounts = machine
    .text('proc/self/mounts')
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , kind = '', how = '']) => !FLEETING.has(kind) && /^rw(,|$)/.test(how));
  const [layers, disks, media]: [string[], string[], string[]] = [[], [], []];
  for (const [device = '', at = '', kind, how = ''] of mounts) {
    const list = kind === 'overlay' ? layers : isMarkedMedium(machine, device, how) ? media : disks;
    if (!list.includes(at)) list.push(at);
  }
  if (disks.length > 0 || layers.length + media.length === 0) return verdict(disks, 'none');
  const questions = [
    // A live system writes over its read-only image; only its maker knows where to.
    ...(layers.length > 0
      ? [`overlay on ${layers.join(', ')}: is what is written there kept in memory?`]
      : []),
    ...(media.length > 0 ? [`${media.join(', ')}: is it the ceremony medium?`] : []),
  ];
  return { verdict: 'look', found: questions.join(' ') };
}

const cameras = (machine: Machine): Finding =>
  verdict(
    [...machine.list('dev').filter((name) => /^video\d/.test(name)), ...devices(machine, ...CAMERA)],
    'none',
  );

function microphones(machine: Machine): Finding {
  const { text, list, listIfThere } = machine;
  // Without a sound system there is no such file; without /proc nothing is known.
  list('proc/self');
  const lines = listIfThere('proc/asound').includes('pcm') ? text('proc/asound/pcm').split('\n') : [];
  const recorders = lines.filter((line) => line.includes('capture')).map((line) => line.slice(0, 5));
  // Without a driver nobody can tell whether a sound card records.
  return verdict([...recorders, ...devices(machine, ...SOUND)], 'none');
}

const flag = ({ text }: Machine, disk: string, name: string) => text(`sys/block/${disk}/${name}`).trim();

/** Sticks with a fixed disk's answer, and cards, show by the bus that they hang on. */
const isLoose = (machine: Machine, disk: string) =>
  flag(machine, disk, 'removable') === '1' || /\/(usb|mmc)[^/]*\//.test(machine.link(`sys/block/${disk}`));

/** Disks that hold something, by their names. */
const disksOf = (machine: Machine) =>
  machine.list('sys/block').filter((disk) => flag(machine, disk, 'size') !== '0');

/** Block devices that the kernel makes of files and of memory, or of other disks. */
const MADE = /^(loop|ram|zram|dm-|md)\d/;

const drives = (machine: Machine): Finding =>
  verdict(
    [
      ...disksOf(machine)
        .filter((disk) => !MADE.test(disk) && !isLoose(machine, disk))
        .map((disk) => `${disk}, ${Math.round(Number(flag(machine, disk, 'size')) / 2048)} MiB`),
      // What hangs on a controller without a driver shows nowhere.
      ...devices(machine, ...STORAGE).map((name) => `${name} without a driver`),
    ],
    'none',
  );

/** Whether a disk or a part of it is mounted, or carries another disk. */
function inUse({ text, listIfThere }: Machine, disk: string): boolean {
  const parts = [disk, ...listIfThere(`sys/block/${disk}`).filter((name) => name.startsWith(disk))];
  const mounted = text('proc/self/mounts').split('\n');
  return parts.some(
    (part) =>
      mounted.some((line) => line.startsWith(`/dev/${part} `)) ||
      listIfThere(`sys/class/block/${part}/holders`).length > 0,
  );
}

function removableMedia(machine: Machine): Finding {
  const disks = disksOf(machine).filter((disk) => !MADE.test(disk) && isLoose(machine, disk));
  if (disks.length === 0) return verdict([], 'none');
  const idle = disks.filter((disk) => !inUse(machine, disk));
  if (idle.length > 0) return { verdict: 'fail', found: `${idle.join(', ')}: not in use, so take it out` };
  return { verdict: 'look', found: `${disks.join(', ')}: nothing but the known ones?` };
}

/** Consoles that the kernel was told to use, and lines on which somebody can sign in. */
function linesAskedFor({ text, list, listIfThere }: Machine): string[] {
  const told = [...text('proc/cmdline').matchAll(/(?:^|\s)console=([^\s,]+)/g)].map(([, name = '']) => name);
  const programs = list('proc').filter(
    (pid) => /^\d+$/.test(pid) && listIfThere(`proc/${pid}`).includes('cmdline'),
  );
  const signIns = programs.flatMap(
    (pid) => /getty\0.*?\b(tty[A-Z]+\d+|hvc\d+)\b/.exec(text(`proc/${pid}/cmdline`))?.[1] ?? [],
  );
  return [...told, ...signIns];
}

/** Whoever holds the other end of a line sees and types what the operator does. A drill may ask for one. */
function consoles(machine: Machine, drill: boolean): Finding {
  const open = machine.text('proc/consoles').split('\n');
  const names = [...open.map((line) => line.split(/\s/)[0] ?? ''), ...linesAskedFor(machine)];
  const others = [...new Set(names)].filter((name) => name !== '' && !/^tty\d/.test(name));
  if (others.length === 0 || !drill) return verdict(others.map(printable), 'none');
  return { verdict: 'look', found: `${others.map(printable).join(', ')}: did the drill ask for it?` };
}

function tracing({ text }: Machine): Finding {
  const tracer = /^TracerPid:\s+(\d+)/m.exec(text('proc/self/status'))?.[1];
  return verdict(tracer === '0' ? [] : [`process ${tracer} reads the memory of this one`], 'no');
}

function preloaded({ text, list, listIfThere }: Machine): Finding {
  // Without /proc nothing is known.
  list('proc/self');
  const there = listIfThere('etc').includes('ld.so.preload');
  return verdict(there ? text('etc/ld.so.preload').split(/\s+/).filter(Boolean) : [], 'no');
}

const CHECKS: [item: string, check: (machine: Machine, drill: boolean) => Finding][] = [
  ['network interfaces', networkInterfaces],
  ['swap', swap],
  ['core dumps', coreDumps],
  ['drives', drives],
  ['disks mounted writable', writableDisks],
  ['cameras', cameras],
  ['microphones', microphones],
  ['removable media', removableMedia],
  ['consoles that are no screen', consoles],
  ['traced by another program', tracing],
  ['libraries in every program', preloaded],
];

/** The items of one machine; `root` is `/` except in tests. In a drill a console that is no screen is no failure. A place that can't be read is never a pass. */
export function machineItems(root: string, drill: boolean): Item[] {
  const machine = machineAt(root);
  return CHECKS.map(([item, check]) => {
    try {
      return { item, ...check(machine, drill) };
    } catch {
      return { item, verdict: 'look', found: 'this system does not tell' };
    }
  });
}

/** What may stand between `node` and `sss.cjs`: the options of the reference page, which take rights away. */
const NODE_OPTIONS = /^--(permission|allow-fs-read=.+|allow-fs-write=.+|allow-child-process)$/;

/**
 * Variables of an ordinary login, none of which the loader, libc, OpenSSL or Node loads code, settings or certificates
 * by, or writes a file for. What is not here fails: nobody knows the list of all that does harm.
 */
const VARIABLES = new Set(
  `COLORTERM COLUMNS DBUS_SESSION_BUS_ADDRESS DISPLAY HISTCONTROL HISTFILE HISTFILESIZE HISTSIZE HOME HOSTNAME LANG LANGUAGE
   LC_ADDRESS LC_ALL LC_COLLATE LC_CTYPE LC_IDENTIFICATION LC_MEASUREMENT LC_MESSAGES LC_MONETARY LC_NAME LC_NUMERIC
   LC_PAPER LC_TELEPHONE LC_TIME LESS LINES LOGNAME LS_COLORS MAIL OLDPWD PAGER PATH PWD SHELL SHLVL SSS_TEST TERM TZ USER
   WAYLAND_DISPLAY XDG_CURRENT_DESKTOP XDG_RUNTIME_DIR XDG_SEAT XDG_SESSION_CLASS XDG_SESSION_DESKTOP XDG_SESSION_ID
   XDG_SESSION_TYPE XDG_VTNR _`.split(/\s+/),
);

/** The items of the running program: Node's options, debugger, environment, shell history. */
export function processItems(env: Record<string, string | undefined>, execArgv: readonly string[]): Item[] {
  // Options may hold paths, and variables secrets: only their names are shown.
  const options = execArgv.filter((arg) => !NODE_OPTIONS.test(arg)).map((arg) => arg.split('=')[0] ?? '');
  const unknown = Object.keys(env).filter((name) => env[name] !== undefined && !VARIABLES.has(name));
  const history = env.HISTFILE === '/dev/null';
  return [
    { item: 'debugger and Node options', ...verdict(options.map(printable), 'none but rights taken away') },
    { item: 'environment', ...verdict(unknown.sort().map(printable), 'only what an ordinary login has') },
    {
      item: 'shell history',
      verdict: history ? 'pass' : 'look',
      found: history ? 'off' : 'run: export HISTFILE=/dev/null',
    },
  ];
}

/** A time in UTC to the second, as an operator writes it; undefined when it is no time. */
export const isoTime = (milliseconds: number): string | undefined =>
  Number.isNaN(milliseconds) ? undefined : `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

/** Compares the clock with a time that people read elsewhere; 60 seconds is the most that may differ. */
export function clockItem(now: number, reference: number | undefined): Item {
  const item = 'clock';
  if (reference === undefined) {
    return { item, verdict: 'look', found: `${isoTime(now)}: right? (--time compares)` };
  }
  const seconds = Math.round((now - reference) / 1000);
  const found = `${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} the given time`;
  return { item, verdict: Math.abs(seconds) <= 60 ? 'pass' : 'fail', found };
}
