/** The hook for contributors refuses what CI would refuse in its first seconds, and nothing else. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const project = resolve(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'a hook '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const git = (...words: string[]) => {
  const who = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com'];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const { status, stdout, stderr } = spawnSync('git', [...who, ...words], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  return { status, out: `${stdout}${stderr}` };
};

/** Commits files; what was staged before by a commit that was refused is taken back first. */
function commit(files: Readonly<Record<string, string>>) {
  git('reset', '--quiet', '--hard');
  mkdirSync(join(folder, 'docs'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  git('add', '--all');
  return git('commit', '--quiet', '--message', 'Change');
}

beforeAll(() => {
  cpSync(join(project, 'scripts/hooks'), join(folder, 'scripts/hooks'), { recursive: true });
  for (const name of ['biome.json', '.markdownlint-cli2.jsonc', '.gitignore'])
    cpSync(join(project, name), join(folder, name));
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify({ name: 'x', private: true, scripts: { check: "echo 'pages are read' && test ! -e docs/wrong.mdx" } }, null, 2)}\n`,
  );
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--no-verify', '--message', 'The project');
  git('config', 'core.hooksPath', 'scripts/hooks');
});

test('well-formed files are committed, also with a blank in the name, and no page is read', () => {
  const { status, out } = commit({ 'a file.ts': 'export const x = 1;\n', 'a.md': '# A\n', 'b.txt': 'b' });
  expect(status, out).toBe(0);
  expect(out).not.toContain('pages are read');
});

test.each<[string, string, string, RegExp]>([
  ['a badly formatted file', 'b.ts', 'export const  x = "1"\n', /b\.ts/],
  ['Markdown that the linter refuses', 'b.md', '# B\n\n\n\n#C\n', /MD0\d\d/],
  ['a page that does not compile', 'docs/wrong.mdx', 'x\n', /pages are read/],
])('%s is not', (_, name, text, said) => {
  const { status, out } = commit({ [name]: text });
  expect(status).not.toBe(0);
  expect(out).toMatch(said);
});

test('a page that compiles is', () => {
  const { status, out } = commit({ 'docs/right.mdx': 'x\n' });
  expect(status, out).toBe(0);
  expect(out).toContain('pages are read');
});
