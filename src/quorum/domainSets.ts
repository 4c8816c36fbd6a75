/** Fewest and minimal sets of domains that together touch a given number of shards; domains may overlap. Exact search. */
import { checkMembers, type DomainInput, type QuorumInput } from './types';

/** Sets that are looked at before the search is refused. */
export const maxLooks = 100_000;

/** Minimal sets that are listed at most. */
export const maxSets = 10_000;

/** What a set of domains does: its breach yields a quorum, or its loss leaves none. */
export type Harm = 'breach' | 'loss';

export interface DomainSets {
  /** Shards that the domains must touch together: M for a breach, N - M + 1 for a loss. */
  readonly target: number;
  /** Size of the smallest set; undefined when even all domains together do not reach the target. */
  readonly fewest: number | undefined;
  /** Every inclusion-minimal set, as positions in the input, in the order of the input. */
  readonly minimal: readonly (readonly number[])[];
}

/** Domains that can do this harm by themselves. A domain with a fallback loses nothing. */
export function harmful(domains: readonly DomainInput[], harm: Harm): DomainInput[] {
  return domains.filter((domain) =>
    harm === 'breach'
      ? domain.breachable !== false
      : domain.losable !== false && domain.fallback === undefined,
  );
}

/** How many shards a harm must touch. */
export function harmTarget(threshold: number, count: number, harm: Harm): number {
  return harm === 'breach' ? threshold : count - threshold + 1;
}

/**
 * All inclusion-minimal sets among `domains` that do this harm. Throws RangeError when the search would look at more
 * than `maxLooks` sets or list more than `maxSets`.
 */
export function minimalDomainSets(
  input: Pick<QuorumInput, 'threshold' | 'domains'> & { readonly shards: readonly unknown[] },
  harm: Harm,
): DomainSets & { readonly domains: readonly DomainInput[] } {
  const count = input.shards.length;
  const domains = harmful(input.domains, harm);
  for (const domain of domains) checkMembers(`domain ${domain.kind} ${domain.id}`, domain.shards, count);
  const target = harmTarget(input.threshold, count, harm);
  const members = domains.map((domain) => [...new Set(domain.shards)]);
  const minimal = search(members, target, count);
  const fewest = minimal.reduce<number | undefined>(
    (least, set) => (least === undefined || set.length < least ? set.length : least),
    undefined,
  );
  return { target, fewest, minimal, domains };
}

/** Depth first in the order given: a set is extended only while it misses the target, so every minimal set is met once. */
function search(members: readonly (readonly number[])[], target: number, shards: number): number[][] {
  const times = new Uint16Array(shards + 1);
  const chosen: number[] = [];
  const found: number[][] = [];
  let covered = 0;
  let looks = 0;
  const reach = reachable(members);

  const count = (domain: number, step: 1 | -1) => {
    for (const n of members[domain] ?? []) {
      const after = (times[n] as number) + step;
      times[n] = after;
      if (after === (step === 1 ? 1 : 0)) covered += step;
    }
  };
  const alone = (domain: number) => {
    let own = 0;
    for (const n of members[domain] ?? []) if (times[n] === 1) own += 1;
    return own;
  };
  // Once a member adds nothing of its own, no larger set that keeps it is minimal.
  const everyNeeded = () => chosen.every((domain) => alone(domain) > 0);
  const isMinimal = () => chosen.every((domain) => covered - alone(domain) < target);

  const extend = (from: number) => {
    for (let domain = from; domain < members.length; domain++) {
      if (covered + (reach[domain] as number) < target) return;
      looks += 1;
      if (looks > maxLooks) {
        throw new RangeError(
          `domains: the exact search over ${members.length} overlapping domains is limited to ${maxLooks} sets; wanted fewer domains`,
        );
      }
      count(domain, 1);
      chosen.push(domain);
      if (covered >= target) {
        if (isMinimal()) found.push([...chosen]);
        if (found.length > maxSets) {
          throw new RangeError(`domains: more than ${maxSets} minimal sets; wanted fewer domains`);
        }
      } else if (everyNeeded()) {
        extend(domain + 1);
      }
      chosen.pop();
      count(domain, -1);
    }
  };
  extend(0);
  return found;
}

/** Shards that the domains from each position on touch together: an upper bound of what they can still add. */
function reachable(members: readonly (readonly number[])[]): number[] {
  const seen = new Set<number>();
  const out = new Array<number>(members.length).fill(0);
  for (let domain = members.length - 1; domain >= 0; domain--) {
    for (const n of members[domain] ?? []) seen.add(n);
    out[domain] = seen.size;
  }
  return out;
}
