/**
 * Adoption: another deployment.yaml and a re-made fixture, nothing else touched, give a right drill and a right site.
 * Each deployment gets a copy of the project in a folder of its own, and a test file, so that two of them run side by side.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import { leftovers, readBuild } from '../site/leftovers';

const root = resolve(__dirname, '../..');
const parts = [
  'docs',
  'src',
  'scripts',
  'static',
  'package.json',
  'tsconfig.json',
  'docusaurus.config.ts',
  'sidebars.ts',
];

function run(folder: string, ...words: string[]) {
  const child = spawnSync(
    process.execPath,
    [join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs'), ...words],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  return { code: child.status, out: `${child.stdout}\n${child.stderr}` };
}

const textOf = (html: string) =>
  html
    .replace(/<[^>]+>/g, '')
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"');

export interface Adoption {
  /** Of `tests/fixtures/deployments/NAME.yaml`. */
  readonly name: string;
  /** The pages to drill: paths, or the starts of some. */
  readonly only: readonly string[];
  /** How many quorums the drill must run; without it, at least one. */
  readonly quorums?: number;
  /** What the built unseal page must say, and must not. */
  readonly shown: readonly string[];
  readonly hidden: readonly string[];
}

/** The three tests of one deployment. */
export function adopts({ name, only, quorums, shown, hidden }: Adoption): void {
  describe(name, () => {
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), `adopt ${name} `));
      for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true });
      cpSync(join(root, 'tests', 'fixtures', 'deployments', `${name}.yaml`), join(folder, 'deployment.yaml'));
      symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('refuses to drill without a fixture of its own, in one line', () => {
      const { code, out } = run(folder, 'scripts/tabletop/main.ts', '--only', only[0] ?? '');
      expect(code).toBe(1);
      expect(out).toMatch(
        /tabletop: error: tests\/fixtures\/tabletop:1: FIXTURE: there is no fixture; run npm run tabletop -- fixture/,
      );
    });

    it('makes its fixture by following the ceremony, then recovers with every quorum', () => {
      const made = run(folder, 'scripts/tabletop/main.ts', 'fixture');
      expect(made.out).toMatch(/tests\/fixtures\/tabletop: stored/);
      expect(made.code).toBe(0);
      for (const pages of only) {
        const drilled = run(folder, 'scripts/tabletop/main.ts', '--only', pages);
        expect(drilled.out.trimEnd().split('\n').at(-1), drilled.out.slice(-3000)).toMatch(
          new RegExp(`^${quorums ?? '[1-9]\\d*'} passed, 0 failed$`),
        );
        expect(drilled.code).toBe(0);
      }
    });

    it('builds the site with its own numbers, providers and commands', () => {
      const { code, out } = run(folder, 'scripts/build.ts');
      expect(code, out.slice(-3000)).toBe(0);
      const unseal = textOf(readFileSync(join(folder, 'build', 'emergency', 'unseal', 'index.html'), 'utf8'));
      for (const text of shown) expect(unseal).toContain(text);
      for (const text of hidden) expect(unseal).not.toContain(text);
      expect(
        leftovers(readBuild(join(folder, 'build')), loadDeployment(join(folder, 'deployment.yaml'))),
      ).toEqual([]);
    });
  });
}
