/** Setting up must notice every difference between what is locked and what is there, and explain npm's failures. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
// @ts-expect-error It is plain JavaScript, as it runs before anything is installed.
import { difference, explain, supportsNode } from '../../scripts/setup.mjs';

let root: string;

const good = {
  '': { name: 'x' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/b-linux': {
    version: '1.0.0',
    integrity: 'sha512-b',
    optional: true,
    os: ['nowhere'],
    cpu: ['none'],
  },
};

function write(file: string, packages: object): void {
  mkdirSync(join(root, file, '..'), { recursive: true });
  writeFileSync(join(root, file), JSON.stringify({ packages }));
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'setup test '));
  write('package-lock.json', good);
  const { '': _project, 'node_modules/b-linux': _foreign, ...installed } = good;
  write('node_modules/.package-lock.json', installed);
  write('node_modules/a/package.json', {});
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('what is installed', () => {
  test('matches', () => expect(difference(root)).toBeUndefined());

  test('is missing', () => {
    rmSync(join(root, 'node_modules'), { recursive: true });
    expect(difference(root)).toBe('nothing is installed yet');
  });

  test('has another version', () => {
    write('node_modules/.package-lock.json', {
      'node_modules/a': { version: '0.9.0', integrity: 'sha512-a' },
    });
    expect(difference(root)).toBe('a is 0.9.0, package-lock.json wants 1.0.0');
  });

  test('has other content under the same version', () => {
    write('node_modules/.package-lock.json', {
      'node_modules/a': { version: '1.0.0', integrity: 'sha512-z' },
    });
    expect(difference(root)).toBe('a differs from package-lock.json');
  });

  test('was interrupted', () => {
    rmSync(join(root, 'node_modules/a'), { recursive: true });
    expect(difference(root)).toBe('a is incomplete');
  });

  test('lacks the optional package of this machine', () => {
    const mine = { version: '1.0.0', optional: true, os: [process.platform], cpu: [process.arch] };
    write('package-lock.json', { ...good, 'node_modules/mine': mine });
    expect(difference(root)).toBe('mine is not installed');
  });

  test('has something more', () => {
    write('package-lock.json', { '': {} });
    expect(difference(root)).toBe('a is no longer wanted');
  });
});

test.each([
  ['18.20.4', false],
  ['20.18.3', false],
  ['20.19.0', true],
  ['21.7.3', false],
  ['22.11.0', false],
  ['22.12.0', true],
  ['24.0.0', true],
  ['30.1.0', true],
])('Node %s: %s', (version, supported) => expect(supportsNode(version)).toBe(supported));

test.each([
  ['npm error code EUSAGE', 'package.json and package-lock.json disagree'],
  ['npm error code EINTEGRITY', 'a package does not have the content that package-lock.json recorded'],
  ['npm error code ENOTFOUND', 'the package registry cannot be reached'],
  ['npm error code ENOSPC', 'the disk is full'],
  ['npm error code EACCES', 'node_modules cannot be written by this user'],
  ['npm error something else', 'npm could not install the packages'],
])('%s: %s', (output, cause) => expect(explain(output)[0]).toBe(cause));

describe('scripts of packages', () => {
  const ROOT = resolve(__dirname, '../..');
  const put = (file: string, text: string) => {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), text);
  };

  test('setup asks npm, of whatever release, to run none', () => {
    // A copy of the project that has nothing installed, and an npm that only says what it was asked for.
    put('project/scripts/setup.mjs', readFileSync(join(ROOT, 'scripts/setup.mjs'), 'utf8'));
    put('project/package-lock.json', JSON.stringify({ packages: good }));
    put('npm.cjs', "require('node:fs').writeFileSync(process.env.SAID, process.argv.slice(2).join('\\n'))");
    const said = join(root, 'said');
    const env = { PATH: process.env.PATH, npm_execpath: join(root, 'npm.cjs'), SAID: said };
    spawnSync('node', [join(root, 'project/scripts/setup.mjs')], { env });
    expect(readFileSync(said, 'utf8').split('\n')).toEqual(
      expect.arrayContaining(['ci', '--ignore-scripts']),
    );
  });

  test('run in no installation at all, because .npmrc says so', () => {
    put(
      'package/package.json',
      JSON.stringify({ name: 'p', version: '1.0.0', scripts: { postinstall: 'touch ran' } }),
    );
    put(
      'project/package.json',
      JSON.stringify({ name: 'x', dependencies: { p: 'file:../package' }, allowScripts: { p: true } }),
    );
    const install = (...more: string[]) =>
      spawnSync(
        'npm',
        ['install', '--offline', '--no-audit', '--no-fund', '--install-links=false', ...more],
        {
          cwd: join(root, 'project'),
          env: { PATH: process.env.PATH, HOME: root },
          encoding: 'utf8',
        },
      );
    // Without the file such a script runs, so that the test is able to fail.
    const free = install('--foreground-scripts');
    expect(existsSync(join(root, 'package/ran')), free.stderr).toBe(true);
    rmSync(join(root, 'package/ran'));
    rmSync(join(root, 'project/node_modules'), { recursive: true });
    copyFileSync(join(ROOT, '.npmrc'), join(root, 'project/.npmrc'));
    expect(install('--foreground-scripts').status).toBe(0);
    expect(existsSync(join(root, 'project/node_modules/p'))).toBe(true);
    expect(existsSync(join(root, 'package/ran'))).toBe(false);
  });

  test('are needed by no package: those that have one work without it, and a new one is looked at', () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
    const scripted = Object.entries<{ hasInstallScript?: boolean }>(packages).filter(
      ([, entry]) => entry.hasInstallScript,
    );
    // esbuild and @swc/core check their binary, which is a package of its own; core-js asks for donations.
    expect(scripted.map(([path]) => path.replace('node_modules/', '')).sort()).toEqual([
      '@swc/core',
      'core-js',
      'esbuild',
    ]);
    const { allowScripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(allowScripts).toEqual({ '@swc/core': false, 'core-js': false, esbuild: false });
  });

  test('are ignored by every command of the pages and of CI that installs', () => {
    const files = ['docs/ceremony/kit.mdx', 'docs/ceremony/setup.mdx', '.github/workflows/ci.yml', '.ci/run'];
    files.push('.github/workflows/pages.yml', 'README.md', 'CONTRIBUTING.md');
    for (const file of files)
      expect(readFileSync(join(ROOT, file), 'utf8'), file).not.toMatch(
        /^\s*(- run: )?npm (ci|install|i)(?!.* --ignore-scripts)/m,
      );
  });
});
