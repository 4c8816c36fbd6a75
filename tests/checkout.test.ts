/** A checkout gives the same bytes on every system: the kit, its digests and the site are made from them. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = resolve(__dirname, '..');
const isClone = existsSync(join(ROOT, '.git'));
const git = (cwd: string, ...argv: string[]): string => {
  const env = { PATH: process.env.PATH, HOME: cwd, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  return execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...argv], {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
};

// A repository of the files as they stand here, changes included.
describe.runIf(isClone)('a clone', () => {
  let folder: string;
  let files: string[];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'checkout-'));
    const source = join(folder, 'source');
    const listed = git(ROOT, 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
    files = listed.split('\0').filter((file) => file !== '' && existsSync(join(ROOT, file)));
    for (const file of files) {
      mkdirSync(dirname(join(source, file)), { recursive: true });
      copyFileSync(join(ROOT, file), join(source, file));
    }
    git(source, 'init', '--quiet');
    git(source, '-c', 'core.safecrlf=false', 'add', '--all', '--force');
    git(source, 'commit', '--quiet', '--no-verify', '--message', 'all');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

  test.each([
    ['core.autocrlf=true', 'core.eol=native'],
    ['core.autocrlf=true', 'core.eol=crlf'],
    ['core.autocrlf=false', 'core.eol=crlf'],
    ['core.autocrlf=input', 'core.eol=lf'],
  ])('with %s and %s has the same bytes in every file', (autocrlf, eol) => {
    const clone = join(folder, `${autocrlf}-${eol}`);
    git(folder, 'clone', '--quiet', '-c', autocrlf, '-c', eol, join(folder, 'source'), clone);
    const other = files.filter((file) => sha256(join(clone, file)) !== sha256(join(ROOT, file)));
    expect(other).toEqual([]);
    for (const file of ['static/recover.py', 'static/sql/shard-registry.sql']) expect(files).toContain(file);
  });
});
