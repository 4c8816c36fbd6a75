/** The same sources in another folder, on a machine with another clock, language and home, build the same site byte for byte. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { siteState } from '../../scripts/kit/site';
import { filesOf } from '../../scripts/ship/csp';
import { resultsFile } from '../../src/site/latest-drill';
import { testResultsFile } from '../../src/site/latest-tests';

const root = resolve(__dirname, '../..');
const [other, home] = ['another place ', 'home '].map((name) => mkdtempSync(join(tmpdir(), name))) as [
  string,
  string,
];
afterAll(() => {
  for (const folder of [other, home]) rmSync(folder, { recursive: true, force: true });
});

const git = (...words: string[]) => {
  const { status, stdout } = spawnSync('git', ['-C', root, ...words], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
};

beforeAll(() => {
  // Every source as it is now, committed or not; the same commit is named at the foot of the pages.
  const sources = git('ls-files', '-z', '--cached', '--others', '--exclude-standard')
    ?.split('\0')
    .filter(Boolean);
  const parts = sources ?? ['docs', 'src', 'scripts', 'static', 'tests/fixtures', 'package.json'];
  for (const part of [...parts, resultsFile, testResultsFile])
    if (existsSync(join(root, part))) cpSync(join(root, part), join(other, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(other, 'node_modules'));
  const repository = git('rev-parse', '--absolute-git-dir');
  if (repository !== undefined) writeFileSync(join(other, '.git'), `gitdir: ${repository}\n`);
});

test('two builds in two folders', () => {
  expect(siteState(root), 'build/ is not from these sources: npm run build').toBe('fresh');
  expect(existsSync(join(root, 'build/print')), 'build/ holds the printed edition: npm run build').toBe(
    false,
  );
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    TZ: 'Asia/Tokyo',
    LC_ALL: 'tr_TR.UTF-8',
    GIT_OPTIONAL_LOCKS: '0',
    REDRAW_DIAGRAMS: '1',
  };
  execFileSync(process.execPath, [tsx, 'scripts/build.ts'], { cwd: other, env, stdio: 'pipe' });
  const [one, two] = [join(root, 'build'), join(other, 'build')];
  expect(filesOf(two)).toEqual(filesOf(one));
  const differ = filesOf(one).filter(
    (file) => !readFileSync(join(one, file)).equals(readFileSync(join(two, file))),
  );
  expect(differ).toEqual([]);
}, 300_000);
