/** Recovery matrix: which shards and which paths are left when domains are down. */
import { choose } from './structure';
import { checkMembers, checkThreshold, type DomainInput, type QuorumInput, type ShardInput } from './types';

/** M shards that are opened one after the other. */
export interface Path {
  /** Shard numbers, ascending. */
  readonly shards: readonly number[];
  /** Sum of the planned minutes. */
  readonly minutes: number;
  /** Sum of the people called for these shards. */
  readonly people: number;
  readonly paper: boolean;
}

export interface Outage {
  readonly down: readonly DomainInput[];
  /** Shard numbers that are still usable. */
  readonly left: readonly number[];
  /** Number of paths, which may be more than are listed. */
  readonly pathCount: bigint;
  /** Fastest first, then fewest people, then fewest sheets of paper. */
  readonly paths: readonly Path[];
  /** True when every path needs paper. */
  readonly paperNeeded: boolean;
  /** What stands in for a domain that is down while its shards stay usable. */
  readonly fallbacks: readonly string[];
}

/** Shards that stay usable when these domains, and these single shards, are down. */
export function shardsLeft(
  shards: readonly ShardInput[],
  down: readonly DomainInput[],
  lost: readonly number[] = [],
): ShardInput[] {
  const out = new Set(lost);
  for (const domain of down) {
    if (domain.losable !== false && domain.fallback === undefined) for (const n of domain.shards) out.add(n);
  }
  return shards.filter(({ n }) => !out.has(n));
}

type Cost = readonly [minutes: number, people: number, paper: number];

const cost = (shard: ShardInput): Cost => [shard.minutes, shard.people, shard.paper ? 1 : 0];

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * The `limit` best paths of M among these shards, best first. Shards are sorted by cost; from a path the next ones are
 * made by moving one shard to its successor, so the best open path is always the best left: no other is ever skipped.
 */
export function bestPaths(shards: readonly ShardInput[], threshold: number, limit: number): Path[] {
  if (shards.length < threshold) return [];
  const sorted = [...shards].sort((a, b) => compare([...cost(a), a.n], [...cost(b), b.n]));
  const open = [
    candidate(
      sorted,
      Array.from({ length: threshold }, (_, index) => index),
    ),
  ];
  const seen = new Set(open.map(({ at }) => at.join()));
  const paths: Path[] = [];
  while (open.length > 0 && paths.length < limit) {
    let first = 0;
    for (let i = 1; i < open.length; i++) {
      if (before(open[i] as Candidate, open[first] as Candidate)) first = i;
    }
    const [best] = open.splice(first, 1) as [Candidate];
    paths.push(best.path);
    for (const at of successors(best.at, sorted.length)) {
      if (seen.has(at.join())) continue;
      seen.add(at.join());
      open.push(candidate(sorted, at));
    }
  }
  return paths;
}

interface Candidate {
  /** Positions in the sorted shards, ascending. */
  readonly at: readonly number[];
  readonly path: Path;
  readonly cost: Cost;
}

function candidate(sorted: readonly ShardInput[], at: readonly number[]): Candidate {
  const chosen = at.map((index) => sorted[index] as ShardInput);
  const total = chosen
    .map(cost)
    .reduce<Cost>((sum, c) => [sum[0] + c[0], sum[1] + c[1], sum[2] + c[2]], [0, 0, 0]);
  const shards = chosen.map(({ n }) => n).sort((a, b) => a - b);
  return { at, cost: total, path: { shards, minutes: total[0], people: total[1], paper: total[2] > 0 } };
}

/** Equal costs are ordered by the places in the sorted list, which no successor can undercut. */
function before(a: Candidate, b: Candidate): boolean {
  return (compare(a.cost, b.cost) || compare(a.at, b.at)) < 0;
}

function successors(at: readonly number[], length: number): number[][] {
  const out: number[][] = [];
  for (let i = 0; i < at.length; i++) {
    const next = (at[i] as number) + 1;
    if (next < (at[i + 1] ?? length)) out.push(at.with(i, next));
  }
  return out;
}

/** What is left with these domains, and these single shards, down; at most `limit` paths are listed. */
export function outage(
  input: QuorumInput,
  down: readonly DomainInput[],
  limit = 10,
  lost: readonly number[] = [],
): Outage {
  checkThreshold(input.threshold, input.shards.length);
  for (const domain of down) {
    checkMembers(`domain ${domain.kind} ${domain.id}`, domain.shards, input.shards.length);
  }
  const left = shardsLeft(input.shards, down, lost);
  const enough = left.length >= input.threshold;
  return {
    down,
    left: left.map(({ n }) => n),
    pathCount: choose(left.length, input.threshold),
    paths: bestPaths(left, input.threshold, limit),
    paperNeeded: enough && left.filter(({ paper }) => !paper).length < input.threshold,
    fallbacks: down.flatMap(({ fallback }) => (fallback === undefined ? [] : [fallback])),
  };
}

/** One row for each domain whose failure matters, then one for each pair of them. */
export function recoveryMatrix(input: QuorumInput, limit = 3): Outage[] {
  const losable = input.domains.filter((domain) => domain.losable !== false);
  const singles = losable.map((domain) => [domain]);
  const pairs = losable.flatMap((first, index) => losable.slice(index + 1).map((second) => [first, second]));
  return [...singles, ...pairs].map((down) => outage(input, down, limit));
}
