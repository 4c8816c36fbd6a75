/**
 * The example project: the pages of this one with a deployment and a TEST set of their own. Tests of the product are about
 * it, so that they say the same in every fork, whatever its `deployment.yaml` is.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const project = resolve(__dirname, '..');

/** Folder of what the example has of its own: `deployment.yaml`, `attestations.yaml` and the TEST set of its drill. */
const own = join(project, 'tests/fixtures/example');

/** The deployment of the example, as a file. */
export const exampleDeployment = join(own, 'deployment.yaml');

const variable = 'RUNBOOK_EXAMPLE';

/** What the example shares with this project. */
const shared = [
  'docs',
  'static',
  'src',
  'scripts',
  'package.json',
  'node_modules',
  'tests/fixtures/issued-steps.json',
  'tests/fixtures/mutants-allowed.yaml',
];

/** Makes the example project in a folder; what it shares are links. */
export function makeExample(folder: string): void {
  mkdirSync(join(folder, 'tests/fixtures'), { recursive: true });
  for (const name of ['deployment.yaml', 'attestations.yaml', 'tests/fixtures/tabletop'])
    cpSync(join(own, name), join(folder, name), { recursive: true });
  for (const name of shared) symlinkSync(join(project, name), join(folder, name));
  // Exports and reports name the commit that they are of.
  const git = (...words: string[]) =>
    execFileSync(
      'git',
      ['-C', folder, '-c', 'user.name=example', '-c', 'user.email=example@example.com', ...words],
      {
        stdio: 'ignore',
      },
    );
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'The example project');
}

/** Folder of the example project, made once for a run of the tests. Throws a RangeError outside such a run. */
export function exampleRoot(): string {
  const folder = process.env[variable];
  if (folder === undefined) throw new RangeError(`no example project: ${variable} is not set`);
  return folder;
}

/** Vitest calls this once before the tests of a project, and what it returns after them. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'runbook-example-'));
  makeExample(folder);
  process.env[variable] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
