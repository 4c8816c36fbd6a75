/** Proposes who may hold what, around everything that was answered: the search behind "the fewest people", with the people who are there. */
import { fewestPeople, fillPosts } from '../../src/deployment/fewest';
import type { Posts } from '../../src/deployment/posts';
import { type Answers, type Path, put } from './answers';
import { holdersIn, peopleIn, postsIn } from './partial';

/** The fewest people for the shards of the answers; 0 where no number is enough. */
export function fewestIn(answers: Answers): number {
  return fewestPeople(postsIn(answers))?.people ?? 0;
}

/** Posts that are answered: the place of their person. In a list with more people than posts, the first ones. */
function answered(answers: Answers, { posts }: Posts): Map<number, number> {
  const people = peopleIn(answers).map(({ id }) => id);
  const fixed = new Map<number, number>();
  posts.forEach(({ path }, post) => {
    const place = typeof path.at(-1) === 'number' ? Number(path.at(-1)) : 0;
    const person = people.indexOf(holdersIn(answers, path)[place] ?? '');
    if (person >= 0) fixed.set(post, person);
  });
  return fixed;
}

interface Proposal {
  readonly posts: Posts;
  readonly filled: readonly string[];
}

/** The last proposal: most answers are what was proposed, and then it still stands. */
let last: Proposal | undefined;

/** A person for each post; undefined where the answers leave no way. */
function proposal(answers: Answers): Proposal | undefined {
  const posts = postsIn(answers);
  const people = peopleIn(answers);
  const fixed = answered(answers, posts);
  const same = JSON.stringify(posts) === JSON.stringify(last?.posts);
  const there = last?.filled.every((id) => people.some((person) => person.id === id));
  if (same && there && [...fixed].every(([post, person]) => last?.filled[post] === people[person]?.id))
    return last;
  const kinds = people.map(({ organization }) => (organization === undefined ? 0 : 1));
  const may = (post: number, kind: number) =>
    (kind === 1) === (posts.posts[post]?.role === 'external-witness');
  const filled = fillPosts(posts, kinds, may, fixed);
  if (filled) last = { posts, filled: filled.map((person) => people[person]?.id ?? '') };
  return filled && last;
}

/** Whether somebody is found for everything that is not answered. */
export const leavesAWay = (answers: Answers): boolean => proposal(answers) !== undefined;

const listOf = (path: Path) => (typeof path.at(-1) === 'number' ? path.slice(0, -1) : path);

/** Whom the rules leave for one entry, and all others; undefined where nobody was found. */
export function proposed(answers: Answers, path: Path): string[] | undefined {
  const found = proposal(answers);
  if (found === undefined) return undefined;
  const at = path.join();
  return found.filled.filter((_, post) => listOf(found.posts.posts[post]?.path ?? []).join() === at);
}

/** The answers with every entry that is missing filled; undefined where there is no way. */
export function withProposal(answers: Answers): Answers | undefined {
  const found = proposal(answers);
  if (found === undefined) return undefined;
  const missing = new Map<string, { path: Path; listed: boolean; ids: string[] }>();
  found.posts.posts.forEach(({ path }, post) => {
    const list = listOf(path);
    if (holdersIn(answers, list).length > 0) return;
    const entry = missing.get(list.join()) ?? { path: list, listed: list !== path, ids: [] };
    entry.ids.push(found.filled[post] ?? '');
    missing.set(list.join(), entry);
  });
  return [...missing.values()].reduce(
    (all, { path, listed, ids }) => put(all, path, listed ? ids : ids[0]),
    answers,
  );
}
