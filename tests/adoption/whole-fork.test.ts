/**
 * The README's commands in a fork: `npm run tabletop -- fixture` and `npm test`, green with nothing but `deployment.yaml` and the
 * TEST set changed. It takes minutes for each, so FORKS names the deployments: `FORKS=azure,paper`, `FORKS=all`,
 * `FORKS=generated-1,generated-2`. What an adopter's CI runs is run there; with FORK_SUITES="" all of `npm test`.
 */
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drafts, fileOf } from '../generated/deployments';
import { commit, git, makeUpstream, project, run } from './fork';

const fixtures = join(project, 'tests/fixtures/deployments');
const known = readdirSync(fixtures).map((file) => file.replace(/\.yaml$/, ''));
const asked = process.env.FORKS ?? '';
const names = asked === 'all' ? known : asked.split(',').filter(Boolean);
const suites = (process.env.FORK_SUITES ?? 'deployment').split(' ').filter(Boolean);

/** Writes the deployment of a name: a fixture, or one that is generated from a number. */
function writeDeployment(name: string, file: string): void {
  const seed = /^generated-(\d+)$/.exec(name)?.[1];
  if (seed === undefined) cpSync(join(fixtures, `${name}.yaml`), file);
  else {
    const [draft] = fc.sample(drafts(5), { numRuns: 1, seed: Number(seed) });
    if (draft !== undefined) writeFileSync(file, fileOf(draft));
  }
}

/** Npm in the fork; `adoption` there makes no forks of its own. */
const npm = (folder: string, ...words: string[]) => run(folder, 'env', 'FORKS=', 'npm', ...words);

test.each(names)(
  'a fork with the deployment of %s',
  (name) => {
    const folder = mkdtempSync(join(tmpdir(), `a fork of ${name} `));
    try {
      makeUpstream(folder);
      symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
      writeDeployment(name, join(folder, 'deployment.yaml'));
      const made = npm(folder, 'run', '--silent', 'tabletop', '--', 'fixture');
      expect(made.out).toMatch(/tests\/fixtures\/tabletop: stored; now run npm test/);
      commit(folder, 'Ours');
      const tested = npm(folder, 'test', '--silent', ...(suites.length > 0 ? ['--', ...suites] : []));
      expect(tested.out, tested.out.slice(-6000)).toMatch(/^[1-9]\d* passed, 0 failed$/m);
      expect(tested.out).not.toMatch(/^✗/m);
      expect(tested.code).toBe(0);
      // Nothing of the tests is left among the files of the fork.
      expect(git(folder, 'status', '--porcelain')).toBe('');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  3 * 3_600_000,
);

test('every deployment of the fixtures can be asked for, and nothing else', () => {
  expect(known.length).toBeGreaterThan(6);
  expect(names.filter((name) => !known.includes(name) && !/^generated-\d+$/.test(name))).toEqual([]);
});
