/** Plain inputs of the quorum mathematics: a threshold, numbered shards, and the domains that they share. */

/** One shard as the recovery matrix sees it. */
export interface ShardInput {
  /** Number of the shard, 1..N. */
  readonly n: number;
  readonly name: string;
  readonly provider: string;
  /** Planned minutes until this shard is at hand in clear, ≥ 0. */
  readonly minutes: number;
  /** People who must be called for this shard alone, ≥ 0; the recovery team itself is not counted. */
  readonly people: number;
  /** True for a shard on paper in a safe. */
  readonly paper: boolean;
  /** Ids of the people of whom one must come to open it, by signing in or with token or sheet; absent when nobody is named. */
  readonly keepers?: readonly string[];
}

/** What fails or is breached together. A shard may belong to any number of domains. */
export interface DomainInput {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** Shard numbers. */
  readonly shards: readonly number[];
  /** False when the domain's failure takes no shard away (default true). */
  readonly losable?: boolean;
  /** False when its breach alone opens no shard (default true). */
  readonly breachable?: boolean;
  /** What replaces the domain when it is down, for example a signed export: its shards then stay usable. */
  readonly fallback?: string;
}

export interface QuorumInput {
  /** M: shards that reconstruct the key. */
  readonly threshold: number;
  readonly shards: readonly ShardInput[];
  readonly domains: readonly DomainInput[];
}

/** Most shards that a set over GF(2^8) can have: x is one byte and never 0. */
export const maxShards = 255;

/** Throws TypeError or RangeError unless 1 ≤ threshold ≤ count ≤ 255. */
export function checkThreshold(threshold: number, count: number): void {
  for (const [name, value] of Object.entries({ threshold, shards: count })) {
    if (typeof value !== 'number') throw new TypeError(`${name}: wanted a number, got ${typeof value}`);
    if (!Number.isInteger(value) || value < 1 || value > maxShards) {
      throw new RangeError(`${name}: wanted a whole number from 1 to ${maxShards}, got ${value}`);
    }
  }
  if (threshold > count) throw new RangeError(`threshold: wanted at most N = ${count}, got ${threshold}`);
}

/** Throws RangeError unless every number is one of 1..count. */
export function checkMembers(what: string, shards: readonly number[], count: number): void {
  for (const n of shards) {
    if (!Number.isInteger(n) || n < 1 || n > count) {
      throw new RangeError(`${what}: wanted shard numbers from 1 to ${count}, got ${n}`);
    }
  }
}
