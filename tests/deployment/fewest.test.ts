/** The fewest people: the search against trying everything, and the posts against the rules of the build. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { checkDeployment } from '../../src/deployment/checks';
import { fewestPeople, fillPosts } from '../../src/deployment/fewest';
import { loadDeployment } from '../../src/deployment/load';
import { type Posts, postsOf, shapeOf } from '../../src/deployment/posts';
import { deploymentOf, shape } from './shapes';

/** Whether people with these posts keep every pair apart and reach few enough shards. */
function keeps({ posts, apart, most }: Posts, filled: readonly number[]): boolean {
  if (apart.some(([a, b]) => filled[a] === filled[b])) return false;
  return [...new Set(filled)].every((person) => {
    const reached = posts.flatMap(({ reaches }, post) => (filled[post] === person ? reaches : []));
    return new Set(reached).size <= most;
  });
}

/** Slow and obvious: every way to put the posts into groups. Undefined where none keeps the rules. */
function tried(posts: Posts): number | undefined {
  let best: number | undefined;
  const next = (filled: number[], people: number): void => {
    if (filled.length === posts.posts.length) {
      if (keeps(posts, filled) && (best === undefined || people < best)) best = people;
      return;
    }
    for (let person = 0; person <= people; person++) next([...filled, person], Math.max(people, person + 1));
  };
  next([], 0);
  return best;
}

const smallProblem = fc
  .record({
    reaches: fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 2 }), {
      minLength: 1,
      maxLength: 8,
    }),
    pairs: fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 14 }),
    most: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ reaches, pairs, most }): Posts => {
    const apart = pairs.filter(([a, b]) => a < b && b < reaches.length);
    return { posts: reaches.map((own) => ({ role: 'operator', path: [], reaches: own })), apart, most };
  });

describe('the search', () => {
  it('finds what trying everything finds', () => {
    fc.assert(
      fc.property(smallProblem, (posts) => {
        const found = fewestPeople(posts);
        expect(found?.people).toBe(tried(posts));
        expect(found?.atLeast).toBe(found?.people);
        expect(found === undefined || keeps(posts, found.filled)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('fills posts around those that are filled, with people who may', () => {
    const posts = postsOf(shape(3, 'ohppp'));
    const external = posts.posts.findIndex(({ role }) => role === 'external-witness');
    const outside = (post: number, kind: number) => (kind === 1) === (post === external);
    const filled = fillPosts(posts, [0, 0, 0, 0, 0, 0, 0, 1], outside, new Map([[0, 3]]));
    expect(filled?.[0]).toBe(3);
    expect(filled?.[external]).toBe(7);
    expect(keeps(posts, filled ?? [])).toBe(true);
    expect(fillPosts(posts, Array(7).fill(0), () => true, new Map())).toBeUndefined();
  });
});

const shapes = fc.record({
  shards: fc.string({ unit: fc.constantFrom('o', 'h', 'p'), minLength: 3, maxLength: 6 }),
  threshold: fc.integer({ min: 2, max: 6 }),
  moves: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 2 }),
});

describe('the posts', () => {
  it('are apart where the build refuses one person, and nowhere else', () => {
    const seen = { kept: 0, broken: 0 };
    fc.assert(
      fc.property(shapes, ({ shards, threshold, moves }) => {
        fc.pre(threshold < shards.length);
        const form = shape(threshold, shards);
        const posts = postsOf(form);
        const fewest = fewestPeople(posts);
        fc.pre(fewest !== undefined);
        const { filled, people } = fewest;
        const moved = [...filled];
        for (const [post, person] of moves) moved[post % moved.length] = person % (people + 1);
        const found = checkDeployment(deploymentOf(form, posts, moved));
        seen[found.length === 0 ? 'kept' : 'broken']++;
        expect(found.length === 0, found.map(({ rule, message }) => `${rule} ${message}`).join('\n')).toBe(
          keeps(posts, moved),
        );
      }),
      { numRuns: 60 },
    );
    expect(Math.min(seen.kept, seen.broken)).toBeGreaterThan(8);
  });

  it('of a deployment are those of its shards', () => {
    const eight = loadDeployment('tests/fixtures/deployments/eight-people.yaml');
    expect(fewestPeople(postsOf(shapeOf(eight)))?.people).toBe(8);
    expect(eight.people).toHaveLength(8);
  });
});

test.each<[number, string, number]>([
  [2, 'ppp', 9],
  [2, 'hpp', 9],
  [2, 'ooo', 11],
  [3, 'ppppp', 8],
  [3, 'ohppp', 8],
  [3, 'ooppp', 8],
  [3, 'ooohp', 9],
  [3, 'ooooo', 10],
  [4, 'oooohpp', 9],
  [20, 'p'.repeat(40), 8],
])('%s of %s needs %s people', (threshold, shards, people) => {
  const found = fewestPeople(postsOf(shape(threshold, shards)));
  expect([found?.people, found?.atLeast]).toEqual([people, people]);
});

it('says what it knows where it gives up', () => {
  const found = fewestPeople(postsOf(shape(39, 'p'.repeat(40))));
  expect(found?.people).toBeLessThanOrEqual(7);
  expect(found?.atLeast).toBeGreaterThanOrEqual(6);
});
