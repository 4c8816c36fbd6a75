/** The fewest people who can fill posts of which some must be apart: graph coloring with a bound on what one color reaches. */
import type { Posts } from './posts';

/** The fewest people, and one way to fill every post with them. */
export interface Fewest {
  readonly people: number;
  /** Nobody can do with fewer than this. The same as `people` unless the search was given up. */
  readonly atLeast: number;
  /** Index of the person of each post, from 0. */
  readonly filled: readonly number[];
}

/** Steps of one search after which it is given up: many short ones, each with other choices, find more than one long one. */
const patience = 600;

/** How often it is begun again: less often where there are many posts, as a page must not wait for it. */
const turns = (posts: number) => Math.max(8, Math.min(80, Math.floor(3200 / posts)));

interface Graph {
  readonly size: number;
  readonly apart: readonly ReadonlySet<number>[];
  readonly reaches: readonly (readonly number[])[];
  readonly most: number;
}

function graphOf({ posts, apart, most }: Posts): Graph {
  const sets = posts.map(() => new Set<number>());
  for (const [a, b] of apart) {
    sets[a]?.add(b);
    sets[b]?.add(a);
  }
  return { size: posts.length, apart: sets, reaches: posts.map(({ reaches }) => reaches), most };
}

/** Posts that are all apart from each other: the largest such list that is found from any one of them. */
function clique({ apart }: Graph, among: readonly number[]): number[] {
  const degree = (post: number) => apart[post]?.size ?? 0;
  const ordered = [...among].sort((a, b) => degree(b) - degree(a));
  let best: number[] = [];
  for (const first of ordered) {
    const chosen = [first];
    for (const post of ordered) if (chosen.every((other) => apart[post]?.has(other))) chosen.push(post);
    if (chosen.length > best.length) best = chosen;
  }
  return best;
}

/**
 * People without whom it cannot be done: those of `reaching` who reach at most `most` shards each, and as many more as
 * posts are apart from all of those and from each other.
 */
function countedBound(graph: Graph, reaching: readonly number[]): number {
  const shards = new Map<number, number[]>();
  for (const post of reaching)
    for (const shard of graph.reaches[post] ?? []) shards.set(shard, [...(shards.get(shard) ?? []), post]);
  const units = [...shards.values()].reduce((sum, posts) => sum + clique(graph, posts).length, 0);
  const others = Array.from({ length: graph.size }, (_, post) => post).filter(
    (post) => reaching.length > 0 && reaching.every((other) => graph.apart[post]?.has(other)),
  );
  return clique(graph, others).length + Math.ceil(units / graph.most);
}

function lowerBound(graph: Graph): number {
  const all = Array.from({ length: graph.size }, (_, post) => post);
  const reaching = all.filter((post) => (graph.reaches[post]?.length ?? 0) > 0);
  // Posts with the same neighbors in kind stand or fall together, so the sets to count are told by how much is apart from them.
  const sets = [reaching, ...all.map((post) => reaching.filter((other) => graph.apart[post]?.has(other)))];
  return Math.max(1, clique(graph, all).length, ...sets.map((set) => countedBound(graph, set)));
}

/** Fills the posts with at most `people`; undefined where that cannot be done, 'unknown' where it was given up. */
function fill(
  graph: Graph,
  kinds: readonly number[],
  may: (post: number, kind: number) => boolean,
  fixed: ReadonlyMap<number, number>,
): number[] | undefined | 'unknown' {
  for (let turn = 0; turn < turns(graph.size); turn++) {
    const found = fillOnce(graph, kinds, may, fixed, turn);
    if (found !== 'unknown') return found;
  }
  return 'unknown';
}

function fillOnce(
  graph: Graph,
  kinds: readonly number[],
  may: (post: number, kind: number) => boolean,
  fixed: ReadonlyMap<number, number>,
  seed: number,
): number[] | undefined | 'unknown' {
  // Park and Miller's generator: the same choices in every build.
  let drawn = seed + 1;
  const draw = () => {
    drawn = (drawn * 48_271) % 2_147_483_647;
    return drawn / 2_147_483_647;
  };
  const filled: number[] = Array(graph.size).fill(-1);
  const held: number[][] = kinds.map(() => []);
  const reached: Map<number, number>[] = kinds.map(() => new Map());
  let steps = 0;
  const fits = (post: number, person: number) => {
    if (held[person]?.some((other) => graph.apart[post]?.has(other))) return false;
    const own = reached[person];
    const more = (graph.reaches[post] ?? []).filter((shard) => !own?.has(shard)).length;
    return more === 0 || (own?.size ?? 0) + more <= graph.most;
  };
  const put = (post: number, person: number, by: 1 | -1) => {
    filled[post] = by === 1 ? person : -1;
    if (by === 1) held[person]?.push(post);
    else held[person]?.pop();
    const own = reached[person];
    for (const shard of graph.reaches[post] ?? []) {
      const count = (own?.get(shard) ?? 0) + by;
      if (count > 0) own?.set(shard, count);
      else own?.delete(shard);
    }
  };
  for (const [post, person] of fixed) {
    if (!fits(post, person)) return undefined;
    put(post, person, 1);
  }
  // People of one kind without a post are all alike: the first of them stands for the others.
  const candidates = () => {
    const seen = new Set<number>();
    return held.flatMap((own, person) => {
      const kind = kinds[person] ?? 0;
      if (own.length === 0 && seen.has(kind)) return [];
      if (own.length === 0) seen.add(kind);
      return [person];
    });
  };
  const search = (): boolean | 'unknown' => {
    if (++steps > patience) return 'unknown';
    const open = candidates();
    // The post with the fewest people left goes first; among those, the one that most others must be apart from.
    let [next, choices, degree]: [number, number[], number] = [-1, [], -1];
    for (let post = 0; post < graph.size; post++) {
      if (filled[post] !== -1) continue;
      const own = open.filter((person) => may(post, kinds[person] ?? 0) && fits(post, person));
      const mine = (graph.reaches[post]?.length ?? 0) * 1000 + (graph.apart[post]?.size ?? 0);
      if (next === -1 || own.length < choices.length || (own.length === choices.length && mine > degree))
        [next, choices, degree] = [post, own, mine];
      if (own.length === 0) return false;
    }
    if (next === -1) return true;
    const load = (person: number) => (reached[person]?.size ?? 0) * 4 + (held[person]?.length ?? 0);
    const weighed = choices.map((person) => ({ person, by: load(person) + seed * draw() }));
    for (const { person } of weighed.sort((a, b) => a.by - b.by)) {
      put(next, person, 1);
      const found = search();
      if (found !== false) return found;
      put(next, person, -1);
    }
    return false;
  };
  const found = search();
  if (found === 'unknown') return 'unknown';
  return found ? filled : undefined;
}

/** The fewest people who fill all posts; undefined where one post alone reaches too much, as the PIN of M HSMs does. */
export function fewestPeople(posts: Posts): Fewest | undefined {
  const graph = graphOf(posts);
  if (graph.reaches.some(({ length }) => length > graph.most)) return undefined;
  let atLeast = lowerBound(graph);
  for (let people = atLeast; ; people++) {
    const filled = fill(graph, Array(people).fill(0), () => true, new Map());
    if (filled === undefined && atLeast === people) atLeast = people + 1;
    if (Array.isArray(filled)) return { people: new Set(filled).size, atLeast, filled };
  }
}

/**
 * One way to fill the posts with people who are there already; undefined where there is none or none was found.
 * @param kinds The kind of each person, as a number.
 * @param may Which kind may hold which post that is not filled.
 * @param fixed Posts that are filled, by index of the person.
 */
export function fillPosts(
  posts: Posts,
  kinds: readonly number[],
  may: (post: number, kind: number) => boolean,
  fixed: ReadonlyMap<number, number>,
): readonly number[] | undefined {
  const filled = fill(graphOf(posts), kinds, may, fixed);
  return Array.isArray(filled) ? filled : undefined;
}
