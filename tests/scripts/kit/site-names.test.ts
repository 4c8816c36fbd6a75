/** The scripts of the site have the same names and bytes wherever the project lies: otherwise two kits of one commit differ. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { filesOf } from '../../../scripts/ship/csp';

const project = path.resolve('.');
const scratch = mkdtempSync(path.join(tmpdir(), 'site names '));
afterAll(() => rmSync(scratch, { recursive: true }));

const PROGRAM = `import { bundleIslands } from './scripts/ship/islands';
void bundleIslands(process.cwd(), process.argv[2] ?? '', ['chrome114']);\n`;

/** Bundles in a copy of the project and returns the files with their content. */
function bundled(folder: string): Map<string, string> {
  const root = path.join(scratch, folder);
  mkdirSync(root, { recursive: true });
  for (const part of ['src', 'scripts/ship', 'tsconfig.json'])
    cpSync(path.join(project, part), path.join(root, part), { recursive: true });
  symlinkSync(path.join(project, 'node_modules'), path.join(root, 'node_modules'));
  const out = path.join(root, 'out');
  const tsx = path.join(project, 'node_modules/.bin/tsx');
  writeFileSync(path.join(root, 'program.ts'), PROGRAM);
  execFileSync(tsx, ['program.ts', out], { cwd: root, stdio: 'pipe' });
  return new Map(filesOf(out).map((file) => [file, readFileSync(path.join(out, file), 'utf8')]));
}

it('do not depend on the folder', () => {
  const [one, two] = [bundled('one'), bundled('another place/deeper/two')];
  expect([...one.keys()]).toEqual([...two.keys()]);
  expect([...one.keys()].filter((file) => file.startsWith('assets/react-'))).toHaveLength(1);
  for (const [file, text] of one) expect(two.get(file) === text, file).toBe(true);
});
