/** The workflows as GitHub reads them: what they may publish and when, and on which systems the tests run. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { drillUnavailable } from '../scripts/common/platform';

interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly 'runs-on': string;
  readonly permissions?: Readonly<Record<string, string>> | string;
  readonly environment?: unknown;
  readonly strategy?: { readonly matrix: { readonly node: readonly string[] } };
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}
interface Workflow {
  readonly permissions?: Readonly<Record<string, string>> | string;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = '.github/workflows';
const workflows = Object.fromEntries(
  readdirSync(folder).map((name) => [name, parse(readFileSync(`${folder}/${name}`, 'utf8')) as Workflow]),
);
const optedIn = "vars.PUBLISH_RUNBOOK == 'public'";

/** Ways out of the repository that others than its members can read: Pages, releases, packages, and what pushes. */
const publishing =
  /pages|gh-release|create-release|deploy|docker|npm publish|git push|gh release|s3 |rsync|scp /i;

/** Jobs that could publish, and are not closed until a person has opted in. Whoever opts in says so for each job: a skipped one does not stop all that need it. */
function open(workflow: Workflow): string[] {
  return Object.entries(workflow.jobs).flatMap(([name, job]) => {
    const rights = typeof job.permissions === 'object' ? job.permissions : {};
    const may = typeof job.permissions === 'string' || Object.values(rights).includes('write');
    const acts = job.steps.some(({ uses = '', run = '' }) => publishing.test(uses) || publishing.test(run));
    return (may || acts || job.environment !== undefined) && job.if !== optedIn ? [name] : [];
  });
}

describe('nothing is published before a person has opted in', () => {
  test.each(Object.entries(workflows))('by %s', (_, workflow) => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(open(workflow)).toEqual([]);
  });

  test('and a job that publishes all the same is told', () => {
    const step = (step: Job['steps'][number], more = {}) =>
      open({ jobs: { job: { 'runs-on': 'x', steps: [step], ...more } } });
    expect(step({ uses: 'actions/deploy-pages@1' })).toEqual(['job']);
    expect(step({ uses: 'actions/upload-pages-artifact@1' }, { if: 'always()' })).toEqual(['job']);
    expect(step({ run: 'git push origin gh-pages' })).toEqual(['job']);
    expect(step({ run: 'true' }, { permissions: { pages: 'write' } })).toEqual(['job']);
    expect(step({ run: 'true' }, { permissions: 'write-all' })).toEqual(['job']);
    expect(step({ run: 'git push' }, { if: optedIn })).toEqual([]);
  });

  test('and whoever waits for it is told what would become public', () => {
    const text = readFileSync(`${folder}/pages.yml`, 'utf8');
    expect(workflows['pages.yml']?.jobs.closed?.if).toBe("vars.PUBLISH_RUNBOOK != 'public'");
    for (const word of ['PUBLISH_RUNBOOK', 'names of people', 'safes', 'keys']) {
      expect(text).toContain(word);
      expect(readFileSync('docs/introduction/hosting.mdx', 'utf8')).toContain(word);
    }
  });
});

test('the tests run on Node 20, 22, 24 and the current release of Linux, and on macOS', () => {
  const { test: linux, macos } = workflows['ci.yml']?.jobs ?? {};
  const nodes = linux?.strategy?.matrix.node ?? [];
  expect([linux?.['runs-on'].split('-')[0], macos?.['runs-on'].split('-')[0]]).toEqual(['ubuntu', 'macos']);
  expect(nodes.map((version) => version.split('.')[0])).toEqual(['20', '22', '24', 'current']);
  // The floor is the one that package.json names.
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
  expect(engines.node.startsWith(`^${nodes[0]} `)).toBe(true);
});

describe('what a system cannot run is said in one line', () => {
  const gnu = 'sha256sum (GNU coreutils) 9.1';
  test.each([
    [{ platform: 'darwin', coreutils: gnu }, 'this is macOS'],
    [{ platform: 'win32', coreutils: undefined }, 'this is Windows'],
    [{ platform: 'linux', coreutils: undefined }, 'BusyBox'],
    [{ platform: 'linux', coreutils: 'BusyBox v1.36' }, 'BusyBox'],
  ])('%j', (system, words) => {
    const said = drillUnavailable(system);
    expect(said).toContain(words);
    expect(said).not.toContain('\n');
  });

  test('and nothing where it can', () => {
    expect(drillUnavailable({ platform: 'linux', coreutils: gnu })).toBeUndefined();
    expect(
      drillUnavailable({ platform: 'linux', coreutils: 'sha256sum (uutils coreutils) 0.2.2' }),
    ).toBeUndefined();
    expect(drillUnavailable()).toBeUndefined();
  });
});
