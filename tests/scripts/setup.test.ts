/** Setting up must notice every difference between what is locked and what is there, and explain npm's failures. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
