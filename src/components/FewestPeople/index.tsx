/** The fewest people, computed from the rules: for usual sizes, and for this deployment with who may be one. */
import type { ReactNode } from 'react';
import type { Deployment } from '../../deployment/deployment';
import { type Fewest, fewestPeople } from '../../deployment/fewest';
import { type PeopleShape, type Post, postsOf, type ShardPosts, shapeOf } from '../../deployment/posts';
import DataTable from '../DataTable';
import { roleTitle } from '../Step/titles';
import { strings } from './strings';

export interface FewestPeopleProps {
  readonly deployment: Deployment;
  /** Usual sizes as well. */
  readonly sizes?: boolean;
}

const sizes: readonly (readonly [m: number, n: number])[] = [
  [2, 3],
  [3, 5],
  [4, 7],
  [5, 9],
];

/** How the shards are kept: how many of them with a key, of which the last is in an HSM. */
const mixes: readonly { readonly label: string; readonly keys: (n: number) => number }[] = [
  { label: strings.paper, keys: () => 0 },
  { label: strings.two, keys: () => 2 },
  { label: strings.onePaper, keys: (n) => n - 1 },
];

function shapeWith(threshold: number, n: number, keys: number): PeopleShape {
  const kind = (index: number): ShardPosts['kind'] =>
    index >= keys ? 'paper' : index === keys - 1 ? 'hsm' : 'online';
  return { threshold, shards: Array.from({ length: n }, (_, index) => ({ kind: kind(index) })) };
}

/** `8`, or `6 or 7` where the search was given up. */
function counted(fewest: Fewest | undefined): string {
  if (fewest === undefined) return strings.impossible;
  const { people, atLeast } = fewest;
  return atLeast === people ? String(people) : `${atLeast} ${strings.to} ${people}`;
}

function Sizes(): ReactNode {
  return (
    <DataTable
      caption={strings.sizes}
      columns={[
        { label: strings.size, short: true },
        ...mixes.map(({ label }) => ({ label, numeric: true })),
      ]}
      rows={sizes.map(([m, n]) => ({
        key: `${m} ${n}`,
        head: `${m} of ${n}`,
        cells: mixes.map(({ keys }) => counted(fewestPeople(postsOf(shapeWith(m, n, keys(n)))))),
      }))}
    />
  );
}

/** `Custodian of 1 and 4` */
function duties(posts: readonly Post[]): string {
  const byDuty = new Map<string, number[]>();
  for (const { role, shard, path } of posts) {
    const duty = path.at(-1) === 'alternate' ? strings.alternate : roleTitle(role);
    byDuty.set(duty, [...(byDuty.get(duty) ?? []), ...(shard === undefined ? [] : [shard])]);
  }
  return [...byDuty]
    .map(([duty, shards]) => (shards.length === 0 ? duty : `${duty} ${strings.of} ${shards.join(', ')}`))
    .join('; ');
}

export default function FewestPeople({ deployment, sizes: all = false }: FewestPeopleProps): ReactNode {
  const { posts, ...rules } = postsOf(shapeOf(deployment));
  const fewest = fewestPeople({ posts, ...rules });
  const { key, shards, people } = deployment;
  return (
    <section aria-label={strings.region}>
      {all ? <Sizes /> : null}
      <p>{strings.needs(`${key.threshold} of ${shards.length}`, counted(fewest), people.length)}</p>
      {fewest === undefined ? null : (
        <DataTable
          caption={strings.together}
          columns={[
            { label: strings.person, numeric: true },
            { label: strings.duties, wide: true },
          ]}
          rows={Array.from({ length: fewest.people }, (_, person) => ({
            key: String(person),
            head: person + 1,
            cells: [duties(posts.filter((_post, index) => fewest.filled[index] === person))],
          }))}
        />
      )}
    </section>
  );
}
