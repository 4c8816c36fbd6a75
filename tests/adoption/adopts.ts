/**
 * Adoption: another deployment.yaml and a re-made fixture, nothing else touched, give a right drill and a right site.
 * Each deployment gets a copy of the project in a folder of its own, and a test file, so that two of them run side by side.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import { leftovers, readBuild } from '../site/leftovers';
import { project, script } from './fork';

/** What the drill and the build read. With the lock file, pages that were compiled for the deployment before are not again. */
const parts = [
  'docs',
  'src',
  'scripts',
  'static',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'docusaurus.config.ts',
  'sidebars.ts',
];

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
  /** How many scenarios these pages have; without it, at least one. */
  readonly scenarios?: number;
  /** What the built unseal page must say, and must not. */
  readonly shown: readonly string[];
  readonly hidden: readonly string[];
}

/** Every scenario of the pages, where ADOPTION_DRILLS is "all"; otherwise as many as meet each shard, fault and outage. */
const brief = process.env.ADOPTION_DRILLS === 'all' ? [] : ['--brief'];

/** The three tests of one deployment. */
export function adopts({ name, only, scenarios, shown, hidden }: Adoption): void {
  describe(name, () => {
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), `adopt ${name} `));
      for (const part of parts) cpSync(join(project, part), join(folder, part), { recursive: true });
      cpSync(
        join(project, 'tests', 'fixtures', 'deployments', `${name}.yaml`),
        join(folder, 'deployment.yaml'),
      );
      symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('refuses to drill without a fixture of its own, in one line', () => {
      const { code, out } = script(folder, 'scripts/tabletop/main.ts', '--only', only[0] ?? '');
      expect(code).toBe(1);
      expect(out).toMatch(
        /tabletop: error: tests\/fixtures\/tabletop:1: FIXTURE: there is no fixture; run npm run tabletop -- fixture/,
      );
    });

    it('makes its fixture by following the ceremony, then recovers with every shard', () => {
      const made = script(folder, 'scripts/tabletop/main.ts', 'fixture');
      expect(made.out).toMatch(/tests\/fixtures\/tabletop: stored/);
      expect(made.code).toBe(0);
      const pages = only.flatMap((text) => ['--only', text]);
      const { code, out } = script(folder, 'scripts/tabletop/main.ts', ...pages, ...brief);
      expect(out.trimEnd().split('\n').at(-1), out.slice(-3000)).toMatch(/^[1-9]\d* passed, 0 failed$/);
      expect(code).toBe(0);
      if (scenarios === undefined) return;
      expect(out).toMatch(
        new RegExp(`^(brief: \\d+ of ${scenarios} scenarios|${scenarios} passed, 0 failed)$`, 'm'),
      );
    });

    it('builds the site with its own numbers, providers and commands', () => {
      const { code, out } = script(folder, 'scripts/build.ts');
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
