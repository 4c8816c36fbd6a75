/** Builds the image of the room from the lock: the same bytes from the same lock, commit and kit, in any folder. */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { jsonText } from '../common/json';
import { placeCopyrights, unpackAll, withFacts } from './facts';
import { type ImageLock, lockText } from './lock';
import { run } from './packages';
import { imageFolder, type Recipe, readRecipe } from './recipe';
import { imageBill } from './sbom';
import { dateAll, furnishRoom, plainModes, prune } from './tree';

export interface ImageOptions {
  /** Project folder. */
  readonly root: string;
  readonly lock: ImageLock;
  /** Folder of the image. */
  readonly out: string;
  /** Folder with the locked packages. */
  readonly packages: string;
  /** The kit that goes into the image. */
  readonly kit: string;
  /** What the image is called on its first screen. */
  readonly name: string;
  /** Version of the project, for the bill of materials. */
  readonly version: string;
  readonly progress?: (message: string) => void;
}

export interface Image {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Its bill of materials. */
  readonly bill: { readonly file: string; readonly sha256: string };
}

/** Starts a program out of unpacked packages, with its own libraries. */
type Tool = (name: string, words: readonly string[], input?: string) => string;

function toolsIn(folder: string, seconds: number): Tool {
  const libraries = join(folder, 'usr/lib/x86_64-linux-gnu');
  const loader = join(libraries, 'ld-linux-x86-64.so.2');
  const env = { SOURCE_DATE_EPOCH: String(seconds), TZ: 'UTC', MTOOLSRC: '/dev/null' };
  return (name, words, input) => {
    const program = ['usr/bin', 'usr/sbin'].map((bin) => join(folder, bin, name)).find(existsSync);
    if (program === undefined) throw new Error(`no package of the tools has ${name}`);
    return run(loader, ['--library-path', libraries, program, ...words], {
      env,
      ...(input === undefined ? {} : { input }),
    });
  };
}

/** The modules of the recipe and what they need, unpacked, in the order in which they are loaded. */
function modules(recipe: Recipe, work: string, initramfs: string, tool: Tool): void {
  const kernel = join(work, 'kernel');
  const [version = ''] = readdirSync(join(kernel, 'usr/lib/modules'));
  const base = join(kernel, 'usr');
  tool('depmod', ['--basedir', base, version]);
  const order: string[] = [];
  mkdirSync(join(initramfs, 'modules'));
  for (const { name } of recipe.modules) {
    const listed = tool('modprobe', ['--show-depends', '--dirname', base, '--set-version', version, name]);
    for (const line of listed.trim().split('\n')) {
      if (line.startsWith('builtin ')) throw new RangeError(`recipe.yaml: modules: ${name} is in the kernel`);
      const file = line.replace(/^insmod (\S+).*$/, '$1');
      const plain = basename(file, '.xz');
      if (order.includes(plain)) continue;
      order.push(plain);
      copyFileSync(file, join(initramfs, 'modules', `${plain}.xz`));
    }
  }
  const packed = order.map((name) => join(initramfs, 'modules', `${name}.xz`));
  run(join(initramfs, 'busybox'), ['unxz', ...packed]);
  writeFileSync(join(initramfs, 'modules/order'), `${order.join('\n')}\n`);
}

const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** What the boot loader starts the kernel with: the first program, its modules, and the system as one file. */
function makeInitramfs(recipe: Recipe, root: string, work: string, tool: Tool, seconds: number): string {
  const folder = join(work, 'initramfs');
  mkdirSync(folder);
  copyFileSync(join(imageFolder(root), 'files/init'), join(folder, 'init'));
  copyFileSync(join(work, 'room/usr/bin/busybox'), join(folder, 'busybox'));
  modules(recipe, work, folder, tool);
  renameSync(join(work, 'system.squashfs'), join(folder, 'system.squashfs'));
  writeFileSync(
    join(folder, 'system.sha256'),
    `${sha256(join(folder, 'system.squashfs'))}  /system.squashfs\n`,
  );
  run('chmod', ['755', join(folder, 'init'), join(folder, 'busybox')]);
  plainModes(folder);
  dateAll(folder, seconds);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const file = join(work, 'initrd');
  tool(
    'cpio',
    [
      ...['--create', '--format=newc', '--reproducible', '--owner=0:0', '--quiet'],
      ...[`--directory=${folder}`, `--file=${file}`],
    ],
    `${names.join('\n')}\n`,
  );
  return file;
}

/** A FAT file system with the signed boot loaders for UEFI. */
function makeEfiPartition(work: string, file: string, tool: Tool, seconds: number): void {
  const efi = join(work, 'efi');
  mkdirSync(efi);
  copyFileSync(join(work, 'boot/usr/lib/shim/shimx64.efi.signed'), join(efi, 'BOOTX64.EFI'));
  // The one that finds its menu on the medium from which it was started.
  copyFileSync(join(work, 'boot/usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed'), join(efi, 'grubx64.efi'));
  dateAll(efi, seconds);
  tool('mformat', [
    '-C',
    '-i',
    file,
    '-T',
    '8192',
    '-h',
    '16',
    '-s',
    '32',
    '-N',
    '4d4b5321',
    '-v',
    'ROOM',
    '::',
  ]);
  tool('mmd', ['-i', file, '::/EFI', '::/EFI/BOOT']);
  for (const name of readdirSync(efi).sort())
    tool('mcopy', ['-m', '-i', file, join(efi, name), `::/EFI/BOOT/${name}`]);
}

/** The medium: kernel, what it starts with, the boot loaders and their menu. Boots from a disc and from a stick. */
function makeIso(recipe: Recipe, options: ImageOptions, work: string, tool: Tool, seconds: number): string {
  const { root } = options;
  const disc = join(work, 'disc');
  const grub = join(work, 'boot/usr/lib/grub/i386-pc');
  for (const folder of ['boot/grub', '.disk']) mkdirSync(join(disc, folder), { recursive: true });
  writeFileSync(join(disc, '.disk/info'), `${options.name}\n`);
  const [kernel = ''] = readdirSync(join(work, 'kernel/boot')).filter((name) => name.startsWith('vmlinuz'));
  copyFileSync(join(work, 'kernel/boot', kernel), join(disc, 'boot/vmlinuz'));
  renameSync(makeInitramfs(recipe, root, work, tool, seconds), join(disc, 'boot/initrd'));
  const menu = readFileSync(join(imageFolder(root), 'files/grub.cfg'), 'utf8');
  const words = recipe.kernel.options.map(({ option }) => option).join(' ');
  writeFileSync(join(disc, 'boot/grub/grub.cfg'), menu.replace('@OPTIONS@', words));
  const begin = join(work, 'begin.cfg');
  writeFileSync(begin, 'search --file --set=root /.disk/info\nset prefix=($root)/boot/grub\n');
  tool('grub-mkimage', [
    ...['--format=i386-pc-eltorito', `--directory=${grub}`, '--prefix=/boot/grub', `--config=${begin}`],
    `--output=${join(disc, 'boot/grub/bios.img')}`,
    ...['biosdisk', 'iso9660', 'part_msdos', 'part_gpt', 'search', 'search_fs_file', 'normal', 'linux'],
  ]);
  const efi = join(work, 'efi.img');
  makeEfiPartition(work, efi, tool, seconds);
  dateAll(disc, seconds);
  const file = join(work, 'room.iso');
  tool('xorriso', [
    ...['-as', 'mkisofs', '-quiet', '-rational-rock', '-volid', 'MKS_ROOM', '-output', file],
    ...['-eltorito-boot', 'boot/grub/bios.img', '-no-emul-boot', '-boot-load-size', '4', '-boot-info-table'],
    ...['--grub2-boot-info', '--grub2-mbr', join(grub, 'boot_hybrid.img')],
    ...['-append_partition', '2', '0xef', efi, '-appended_part_as_gpt'],
    ...['-eltorito-alt-boot', '-e', '--interval:appended_partition_2:all::', '-no-emul-boot', disc],
  ]);
  return file;
}

/** Builds the image in `out`, complete or not at all. */
export function buildImage(options: ImageOptions): Image {
  const { root, lock, out, packages, kit, progress = () => undefined } = options;
  const recipe = readRecipe(root);
  const seconds = Date.parse(lock.time) / 1000;
  const work = join(out, 'work.tmp');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    progress('unpacking packages');
    const unpacked = unpackAll(lock, packages, work);
    if (lockText(withFacts(lock, packages, unpacked)) !== lockText(lock))
      throw new RangeError('lock.yaml: licenses or needs are not those of the packages; --update reads them');
    const tool = toolsIn(join(work, 'tools'), seconds);
    progress('the system of the room');
    const room = join(work, 'room');
    prune(room, recipe.remove);
    placeCopyrights(lock, room, unpacked);
    furnishRoom(root, room, recipe, kit, options.name);
    plainModes(room);
    dateAll(room, seconds);
    tool('mksquashfs', [
      ...[room, join(work, 'system.squashfs'), '-comp', 'zstd', '-b', '1M', '-all-root', '-no-xattrs'],
      ...['-noappend', '-no-progress', '-quiet'],
    ]);
    progress('the medium');
    const made = makeIso(recipe, options, work, tool, seconds);
    const file = join(out, 'room.iso');
    renameSync(made, file);
    const digest = sha256(file);
    writeFileSync(`${file}.sha256`, `${digest}  room.iso\n`);
    const bill = join(out, 'sbom.cdx.json');
    writeFileSync(bill, jsonText(imageBill(recipe, lock, { version: options.version, sha256: digest })));
    return {
      file,
      sha256: digest,
      bytes: statSync(file).size,
      bill: { file: bill, sha256: sha256(bill) },
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
