/** The image of the room's machine: its recipe, its lock, what is taken out of the packages, and how they are brought. No image is built here. */

import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { copyrightOf, licensesIn, needsOf, placeCopyrights } from '../../../scripts/image/facts';
import {
  type ImageLock,
  lockChanges,
  lockFile,
  lockText,
  parseImageLock,
  readImageLock,
} from '../../../scripts/image/lock';
import { bringPackages } from '../../../scripts/image/packages';
import { imageFolder, packagesDigest, parseRecipe, readRecipe } from '../../../scripts/image/recipe';
import { imageBill, licenseOf } from '../../../scripts/image/sbom';
import { imageTables } from '../../../scripts/image/tables';
import { dateAll, plainModes, prune } from '../../../scripts/image/tree';
import { schemaErrors } from '../kit/cyclonedx';

const folder = mkdtempSync(join(tmpdir(), 'image-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const recipe = readRecipe('.');
const lock = readImageLock(lockFile('.'));
const recipeText = readFileSync(join(imageFolder('.'), 'recipe.yaml'), 'utf8');

/** A folder with files, by path. */
function tree(name: string, files: Readonly<Record<string, number>>): string {
  const root = join(folder, name);
  for (const [file, mode] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), file);
    chmodSync(join(root, file), mode);
  }
  return root;
}

describe('the recipe', () => {
  test('says why of every line', () => {
    const lines = recipeText.split('\n').filter((line) => /^ +- (name|option|set|from|path): /.test(line));
    expect(recipeText.split('\n').filter((line) => /^ +why: /.test(line)).length).toBe(
      lines.length - recipe.archives.length,
    );
  });

  test('is refused with the place of a mistake', () => {
    expect(() => parseRecipe(recipeText.replace('to: etc/motd', 'to: ../motd'))).toThrow(
      /recipe\.yaml:\d+: SCHEMA: files \d+\. to: /,
    );
    expect(() =>
      parseRecipe(recipeText.replace('why: the shell of every block on the pages', 'why: x')),
    ).toThrow(/recipe\.yaml:\d+: SCHEMA: packages 1\. why: wanted at least 4 characters/);
  });

  test('names files that are there, all of them', () => {
    const named = recipe.files.map(({ from }) => from);
    // These two are put beside the system, not into it.
    expect(readdirSync(join(imageFolder('.'), 'files')).sort()).toEqual(
      [...named, 'grub.cfg', 'init'].sort(),
    );
  });

  test('greets in lines that a screen of 80 columns shows whole', () => {
    const lines = readFileSync(join(imageFolder('.'), 'files/motd'), 'utf8').split('\n');
    expect(lines.filter((line) => line.length > 79)).toEqual([]);
  });

  test('has no driver of a network, a radio, a sound card, a camera or a printer, and no file system but the medium’s', () => {
    const names = recipe.modules.map(({ name }) => name).join(' ');
    expect(names).not.toMatch(
      /net|e1000|wifi|iwl|80211|bluetooth|snd|sound|uvc|usblp|ext4|xfs|btrfs|ntfs|exfat/,
    );
  });
});

describe('the lock', () => {
  const of = (use: string) =>
    lock.packages.filter((each) => each.use.some((one) => one === use)).map(({ name }) => name);

  test('has every package of the recipe, and none that is left out', () => {
    const room = of('room');
    expect(recipe.packages.map(({ name }) => name).filter((name) => !room.includes(name))).toEqual([]);
    expect(recipe.left_out.map(({ name }) => name).filter((name) => room.includes(name))).toEqual([]);
    expect(of('boot').sort()).toEqual(recipe.boot.map(({ name }) => name).sort());
    expect(of('kernel')).toHaveLength(1);
    const tools = of('tools');
    expect(recipe.tools.map(({ name }) => name).filter((name) => !tools.includes(name))).toEqual([]);
  });

  test('is of this recipe, and of no other', () => {
    expect(lock.recipe).toBe(packagesDigest(recipe));
    const [, ...fewer] = recipe.packages;
    expect(packagesDigest({ ...recipe, packages: fewer })).not.toBe(lock.recipe);
    const reasons = recipe.packages.map((each) => ({ ...each, why: 'another reason' }));
    expect(packagesDigest({ ...recipe, packages: reasons })).toBe(lock.recipe);
  });

  test('has a Node that the kit accepts', () => {
    const [, major = 0, minor = 0] =
      /^(\d+)\.(\d+)/.exec(lock.packages.find(({ name }) => name === 'nodejs')?.version ?? '') ?? [];
    expect(
      Number(major) > 22 ||
        (Number(major) === 22 && Number(minor) >= 12) ||
        (Number(major) === 20 && Number(minor) >= 19),
    ).toBe(true);
  });

  test('is read as it is written', () => {
    expect(parseImageLock(lockText(lock))).toEqual(lock);
    expect(lockText(lock)).toBe(readFileSync(lockFile('.'), 'utf8'));
    expect(() => parseImageLock(lockText(lock).replace(/sha256: "./, `sha256: "X`))).toThrow(
      /lock\.yaml:6: SCHEMA: packages 1\. sha256: /,
    );
  });

  test('has no package in the room that nothing there asks for', () => {
    const room = lock.packages.filter(({ use }) => use.includes('room'));
    const wanted = new Set([
      ...recipe.packages.map(({ name }) => name),
      ...room.flatMap(({ needs }) => needs),
    ]);
    expect(room.map(({ name }) => name).filter((name) => !wanted.has(name))).toEqual([]);
  });

  test('tells what changed', () => {
    const [first, second, third, ...others] = lock.packages as [
      ImageLock['packages'][number],
      ImageLock['packages'][number],
      ImageLock['packages'][number],
    ];
    const after = [
      { ...first, version: '99' },
      { ...second, sha256: '0'.repeat(64) },
      { ...third, name: 'zz' },
      ...others,
    ];
    expect(lockChanges(lock, { ...lock, packages: after })).toEqual([
      `changed: ${first.name} ${first.version} → 99`,
      `other bytes under the same version: ${second.name} ${second.version}`,
      `gone: ${third.name} ${third.version}`,
      `new: zz ${third.version}`,
    ]);
    expect(lockChanges(lock, lock)).toEqual([]);
  });
});

test('the tables of the audit page have a row for each line of recipe and lock, and no cell that ends too early', () => {
  const tables = imageTables(recipe, lock);
  const rows = (name: string) => (tables[name] ?? '').split('\n').slice(2);
  expect(rows('packages')).toHaveLength(recipe.packages.length + 1 + recipe.boot.length);
  const room = lock.packages.filter(({ use }) => use.includes('room')).map(({ name }) => name);
  const shown = [...rows('packages'), ...rows('needed')].join('\n');
  expect(room.filter((name) => !shown.includes(`\`${name}\``))).toEqual([]);
  expect(rows('options')).toHaveLength(recipe.kernel.options.length + recipe.settings.length);
  const licenses = [...rows('packages'), ...rows('needed'), ...rows('tools')].map((row) => row.split('|')[4]);
  expect(licenses.filter((cell) => !/^ (`|see its copyright file)/.test(cell ?? ''))).toEqual([]);
  expect(rows('needed').filter((row) => !row.includes('| needed by `'))).toEqual([]);
  for (const [name, text] of Object.entries(tables)) {
    const widths = new Set(text.split('\n').map((line) => line.split('|').length));
    expect([name, widths.size]).toEqual([name, 1]);
    expect(text).not.toContain('``');
  }
});

const machineReadable = (...licenses: string[]) =>
  [
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/',
    ...licenses.map((license) => `\nFiles: *\nCopyright: somebody\nLicense: ${license}\n text`),
  ].join('\n');

describe('what packages say of themselves', () => {
  test('licenses are the names in a copyright file that programs can read, each once', () => {
    expect(
      licensesIn(machineReadable('GPL-3+', 'GPL-3+ or Less, and X11', 'GPL-2+ with Bison exception', '')),
    ).toEqual(['GPL-2+ with Bison exception', 'GPL-3+', 'Less', 'X11']);
    expect(licensesIn('This package is under the\nLicense: GPL-3+\n')).toEqual([]);
  });

  test('the copyright file is found where another package of the source has it, and put into the image', () => {
    const [system, other] = [join(folder, 'facts'), join(folder, 'facts-other')];
    mkdirSync(join(system, 'usr/share/doc'), { recursive: true });
    symlinkSync('base', join(system, 'usr/share/doc/a'));
    mkdirSync(join(other, 'usr/share/doc/base'), { recursive: true });
    writeFileSync(join(other, 'usr/share/doc/base/copyright'), 'text');
    expect(copyrightOf('a', [system, other])).toBe('text');
    expect(() => copyrightOf('b', [system, other])).toThrow('b: the package has no copyright file');
    const [first] = lock.packages as [ImageLock['packages'][number]];
    const packages = [
      { ...first, name: 'a', use: ['room' as const] },
      { ...first, name: 'b', use: ['tools' as const] },
    ];
    placeCopyrights({ ...lock, packages }, system, [system, other]);
    expect(readFileSync(join(system, 'usr/share/doc/a/copyright'), 'utf8')).toBe('text');
    expect(existsSync(join(system, 'usr/share/doc/b'))).toBe(false);
  });

  test('needs are names of the same lock, also under a name that another provides', () => {
    const needs = needsOf([
      { name: 'a', needs: 'libc6 (>= 2.38), c:any | d, mail-agent', provides: '' },
      { name: 'libc6', needs: '', provides: '' },
      { name: 'c', needs: 'c', provides: 'mail-agent (= 1)' },
    ]);
    expect(Object.fromEntries(needs)).toEqual({ a: ['c', 'libc6'], libc6: [], c: [] });
  });
});

describe('the bill of materials', () => {
  const bill = imageBill(recipe, lock, { version: '1.2.3', sha256: 'a'.repeat(64) });

  test('keeps the schema of CycloneDX 1.6', () => {
    expect(schemaErrors(bill)).toEqual([]);
    const [first] = bill.components;
    expect(
      schemaErrors({ ...bill, components: [{ ...first, licenses: [{ license: { id: 'GPL-2+' } }] }] }),
    ).not.toEqual([]);
  });

  test('has every package of the lock, and says what only builds the image', () => {
    expect(bill.components.map(({ name }) => name).sort()).toEqual(
      lock.packages.map(({ name }) => name).sort(),
    );
    const scopes = new Map(bill.components.map(({ name, scope }) => [name, scope]));
    expect(['bash', 'libc6', 'shim-signed', 'xorriso'].map((name) => scopes.get(name))).toEqual([
      'required',
      'required',
      'required',
      'excluded',
    ]);
    const bash = bill.components.find(({ name }) => name === 'bash');
    expect(bash?.purl).toMatch(/^pkg:deb\/debian\/bash@5[\w.%-]+\?arch=amd64$/);
    expect(bash?.description).toBe('the shell of every block on the pages');
    const needs = bill.dependencies.find(({ ref }) => ref === bash?.purl)?.dependsOn ?? [];
    expect(needs.some((ref) => ref.startsWith('pkg:deb/debian/libc6@'))).toBe(true);
  });

  test('names licenses by SPDX where Debian’s name is one that SPDX knows, and else as Debian does', () => {
    expect(['GPL-2', 'LGPL-2.1+', 'Expat', 'GPL-2+ with Bison exception'].map(licenseOf)).toEqual([
      { license: { id: 'GPL-2.0-only' } },
      { license: { id: 'LGPL-2.1-or-later' } },
      { license: { id: 'MIT' } },
      { license: { name: 'GPL-2+ with Bison exception' } },
    ]);
    const free = bill.components.find(({ name }) => name === 'busybox-static');
    expect(free?.licenses).toEqual([{ license: { name: 'see /usr/share/doc/busybox-static/copyright' } }]);
  });

  test('names the image by its digest, and is another bill for another image', () => {
    expect(bill.metadata.component.hashes).toEqual([{ alg: 'SHA-256', content: 'a'.repeat(64) }]);
    const same = imageBill(recipe, lock, { version: '1.2.3', sha256: 'a'.repeat(64) });
    expect(JSON.stringify(same)).toBe(JSON.stringify(bill));
    const other = imageBill(recipe, lock, { version: '1.2.3', sha256: 'b'.repeat(64) });
    expect(other.serialNumber).not.toBe(bill.serialNumber);
  });
});

describe('the system', () => {
  test('loses what the recipe takes out, and a line that takes nothing out is refused', () => {
    const root = tree('prune', {
      'usr/share/doc/a/copyright': 0o644,
      'usr/share/doc/a/README': 0o644,
      'usr/share/man/b': 0o644,
    });
    prune(root, [
      { path: 'usr/share/doc/*/*', except: 'copyright', why: 'reason' },
      { path: 'usr/share/man', why: 'reason' },
    ]);
    expect(readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()).toEqual([
      'usr',
      'usr/share',
      'usr/share/doc',
      'usr/share/doc/a',
      'usr/share/doc/a/copyright',
    ]);
    expect(() => prune(root, [{ path: 'usr/share/m*', why: 'reason' }])).toThrow(
      'nothing is at usr/share/m*',
    );
  });

  test('has one program that acts as root, and its opposite, and nothing that others can write to', () => {
    const root = tree('modes', {
      'usr/bin/mount': 0o4755,
      'usr/bin/umount': 0o4755,
      'usr/bin/su': 0o4755,
      'usr/bin/x': 0o2777,
      'etc/y': 0o666,
    });
    plainModes(root);
    const mode = (file: string) => (statSync(join(root, file)).mode & 0o7777).toString(8);
    expect(['usr/bin/mount', 'usr/bin/umount', 'usr/bin/su', 'usr/bin/x', 'etc/y'].map(mode)).toEqual([
      '4755',
      '4755',
      '755',
      '755',
      '644',
    ]);
  });

  test('has one date', () => {
    const root = tree('dates', { 'a/b': 0o644 });
    symlinkSync('nowhere', join(root, 'link'));
    dateAll(root, 86_400);
    expect(['', 'a', 'a/b'].map((file) => statSync(join(root, file)).mtimeMs)).toEqual([
      86_400_000, 86_400_000, 86_400_000,
    ]);
  });
});

describe.runIf(existsSync('/usr/lib/apt/apt-helper'))('packages', () => {
  const archive = join(folder, 'archive');
  const bytes = 'a package';
  mkdirSync(join(archive, 'pool'), { recursive: true });
  writeFileSync(join(archive, 'pool/a_1.deb'), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const archives = [{ name: 'debian', url: `file://${archive}`, suite: 'x' }];
  const locked = {
    name: 'a',
    version: '1',
    use: ['room' as const],
    archive: 'debian',
    file: 'pool/a_1.deb',
    size: 9,
    sha256,
    needs: [],
    licenses: [],
  };

  test('are brought once, by their digest', () => {
    const into = join(folder, 'packages');
    expect(bringPackages([locked], archives, into)).toEqual([]);
    expect(readdirSync(into)).toEqual([`${sha256}.deb`]);
    expect(bringPackages([locked], [{ name: 'debian', url: 'file:///gone', suite: 'x' }], into)).toEqual([]);
  });

  test('are named when the archive has others, or none', () => {
    const into = join(folder, 'others');
    const other = { ...locked, name: 'b', sha256: '0'.repeat(64) };
    const gone = { ...locked, name: 'c', file: 'pool/c.deb', sha256: '1'.repeat(64) };
    expect(bringPackages([other, locked, gone], archives, into)).toEqual(['b', 'c']);
    expect(readdirSync(into).filter((name) => name.endsWith('.deb'))).toEqual([`${sha256}.deb`]);
  });
});
