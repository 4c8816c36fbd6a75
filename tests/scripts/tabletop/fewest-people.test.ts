/** What the drill needs of people, the build asks for: whatever few people the rules allow fill every step of every page. */
import { resolve } from 'node:path';
import { expect, it, test } from 'vitest';
import { pairFor, walkRoom } from '../../../scripts/tabletop/judging/walk';
import { planned } from '../../../scripts/tabletop/plan/setting';
import { checkDeployment } from '../../../src/deployment/checks';
import type { Deployment } from '../../../src/deployment/deployment';
import { withEdits } from '../../../src/deployment/edit';
import { fewestPeople, fillPosts } from '../../../src/deployment/fewest';
import { type PeopleShape, postsOf } from '../../../src/deployment/posts';
import { loadProcedures } from '../../../src/procedure/load';
import { deploymentOf, shape } from '../../deployment/shapes';
import { exampleRoot } from '../../example';

const root = resolve(__dirname, '../../..');

/** Ways to fill all posts: with the fewest, and with each post in turn held by somebody else. */
function* fillings(form: PeopleShape): Generator<Deployment> {
  const posts = postsOf(form);
  const fewest = fewestPeople(posts);
  if (fewest === undefined) return;
  yield deploymentOf(form, posts, fewest.filled);
  for (const [post, held] of fewest.filled.entries()) {
    if (post % 3 > 0) continue;
    const person = (held + 1) % fewest.people;
    const other = fillPosts(posts, Array(fewest.people).fill(0), () => true, new Map([[post, person]]));
    if (other) yield deploymentOf(form, posts, other);
  }
}

/** Steps for which the drill would find no two people. */
function unfilled(deployment: Deployment): string[] {
  return steps(deployment).flatMap((step) =>
    pairFor(step, deployment) ? [] : [`${step.id}: ${step.by} and ${step.witness}`],
  );
}

const compiled = new Map<string, ReturnType<typeof loadProcedures>>();

/** Every step of every page that applies; people change names on pages, and no step. */
function steps(deployment: Deployment) {
  const key = `${deployment.key.threshold} ${deployment.shards.map(({ provider }) => provider).join(' ')}`;
  const procedures = compiled.get(key) ?? loadProcedures(root, deployment);
  compiled.set(key, procedures);
  return procedures.filter(({ applies }) => applies).flatMap((page) => page.steps);
}

const forms: [number, string][] = [
  [2, 'ppp'],
  [2, 'hpp'],
  [2, 'oop'],
  [3, 'ohppp'],
  [3, 'ooohp'],
  [3, 'ooooo'],
];

test.each(forms)('every step of %s of %s has its two people', (threshold, shards) => {
  let tried = 0;
  for (const deployment of fillings(shape(threshold, shards))) {
    tried++;
    expect(checkDeployment(deployment)).toEqual([]);
    expect(unfilled(deployment)).toEqual([]);
  }
  expect(tried).toBeGreaterThan(4);
});

it('walks every page of acts with eight people', () => {
  const [deployment] = fillings(shape(3, 'ohppp'));
  if (!deployment) throw new Error('eight people are too few');
  const setting = planned(root, deployment, loadProcedures(root, deployment));
  const walks = setting.scenarios.filter(({ world }) => world === 'room');
  expect(walks.length).toBeGreaterThan(10);
  const context = { ...setting, root: exampleRoot() };
  for (const scenario of walks) {
    const { steps: found, problems } = walkRoom(scenario, context);
    expect([...problems, ...found.flatMap(({ failure }) => failure ?? [])], scenario.id).toEqual([]);
  }
});

it('refuses in the build what the drill would miss, for every pair of entries in one person', () => {
  const form = shape(3, 'ohppp');
  const [deployment] = fillings(form);
  if (!deployment) throw new Error('eight people are too few');
  const { posts } = postsOf(form);
  let missed = 0;
  for (const [index, { path: first }] of posts.entries())
    for (const { path: second } of posts.slice(0, index)) {
      const value = 'somebody-new';
      const both = withEdits(deployment, [
        { path: first, value },
        { path: second, value },
      ]);
      if (unfilled(both).length === 0) continue;
      missed++;
      expect(checkDeployment(both).length, `${first.join('.')} and ${second.join('.')}`).toBeGreaterThan(0);
    }
  expect(missed).toBeGreaterThan(20);
});
