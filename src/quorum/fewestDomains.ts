/** The fewest domains whose loss or breach decides over the key: maximum coverage by overlapping sets, exact branch and bound. */
import { type Harm, harmful, harmTarget, maxLooks } from './domainSets';
import { checkMembers, checkThreshold, type DomainInput, type QuorumInput } from './types';

export interface Fewest {
  /** Shards that must be touched: M for a breach, N - M + 1 for a loss. */
  readonly target: number;
  /** One smallest set; empty with `possible: false` when all domains together do not reach the target. */
  readonly domains: readonly DomainInput[];
  readonly possible: boolean;
}

/**
 * The smallest number of domains that together do the harm, with one such set. Throws RangeError when proving it
 * would look at more than `maxLooks` sets.
 */
export function fewestDomains(
  input: Pick<QuorumInput, 'threshold' | 'domains'> & { readonly shards: readonly unknown[] },
  harm: Harm,
): Fewest {
  const count = input.shards.length;
  checkThreshold(input.threshold, count);
  const target = harmTarget(input.threshold, count, harm);
  const candidates = undominated(
    harmful(input.domains, harm).map((domain) => {
      checkMembers(`domain ${domain.kind} ${domain.id}`, domain.shards, count);
      return { domain, shards: [...new Set(domain.shards)] };
    }),
  );
  if (new Set(candidates.flatMap(({ shards }) => shards)).size < target) {
    return { target, domains: [], possible: false };
  }
  const looks = { left: maxLooks };
  for (let size = 1; ; size++) {
    const found = cover(candidates, new Uint8Array(count + 1), 0, size, target, looks);
    if (found) return { target, domains: found, possible: true };
  }
}

interface Candidate {
  readonly domain: DomainInput;
  readonly shards: readonly number[];
}

/** A domain inside another one can be replaced by it without making a set larger. Of equal domains the first stays. */
function undominated(candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ shards }, index) =>
    candidates.every((other, at) => {
      if (at === index || other.shards.length < shards.length) return true;
      if (!shards.every((n) => other.shards.includes(n))) return true;
      return other.shards.length === shards.length && at > index;
    }),
  );
}

/** `covered` marks the `already` shards that the domains chosen so far touch; at most `size` more may be chosen. */
function cover(
  candidates: readonly Candidate[],
  covered: Uint8Array,
  already: number,
  size: number,
  target: number,
  looks: { left: number },
): DomainInput[] | undefined {
  const open = candidates
    .map((candidate) => ({ candidate, gain: gainOf(candidate, covered) }))
    .filter(({ gain }) => gain > 0)
    .sort((a, b) => b.gain - a.gain);
  for (let first = 0; first < open.length; first++) {
    // Gains only shrink as more is covered, so the sum of the largest ones bounds what is still possible.
    let most = already;
    for (let i = first; i < first + size; i++) most += open[i]?.gain ?? 0;
    if (most < target) return undefined;
    looks.left -= 1;
    if (looks.left < 0) {
      throw new RangeError(
        `domains: the exact search over ${candidates.length} overlapping domains is limited to ${maxLooks} sets; wanted fewer domains`,
      );
    }
    const { candidate, gain } = open[first] as (typeof open)[number];
    if (already + gain >= target) return [candidate.domain];
    if (size === 1) continue;
    const rest = open.slice(first + 1).map((entry) => entry.candidate);
    const next = covered.slice();
    for (const n of candidate.shards) next[n] = 1;
    const found = cover(rest, next, already + gain, size - 1, target, looks);
    if (found) return [candidate.domain, ...found];
  }
  return undefined;
}

function gainOf({ shards }: Candidate, covered: Uint8Array): number {
  let gain = 0;
  for (const n of shards) if (covered[n] === 0) gain += 1;
  return gain;
}
