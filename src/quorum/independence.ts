/** How independent the shards are: verdict on each domain, and the fewest domains that decide, a kind and all together. */
import { type DomainSets, type Harm, harmful, minimalDomainSets } from './domainSets';
import { fewestDomains } from './fewestDomains';
import type { DomainInput, QuorumInput } from './types';

export interface DomainVerdict {
  readonly domain: DomainInput;
  /** Shards that stay usable when the domain is down. */
  readonly left: number;
  /** Its loss leaves fewer than M shards. */
  readonly lossEndsRecovery: boolean;
  /** Its breach yields at least M shards. */
  readonly breachYieldsKey: boolean;
}

export interface KindVerdict {
  readonly kind: string;
  readonly domains: readonly DomainVerdict[];
  /** Fewest domains of this kind whose loss ends recovery; undefined when all of them together do not. */
  readonly fewestLost: number | undefined;
  /** Fewest domains of this kind whose breach yields the key. */
  readonly fewestBreached: number | undefined;
}

export interface Independence {
  readonly kinds: readonly KindVerdict[];
  readonly fewestLost: number | undefined;
  readonly fewestBreached: number | undefined;
}

function fewest(input: QuorumInput, harm: Harm): number | undefined {
  const found = fewestDomains(input, harm);
  return found.possible ? found.domains.length : undefined;
}

/** Verdicts on all domains. Throws RangeError when the domains are too many for the exact search. */
export function independence(input: QuorumInput): Independence {
  const count = input.shards.length;
  const kinds = [...new Set(input.domains.map(({ kind }) => kind))].map((kind): KindVerdict => {
    const domains = input.domains.filter((domain) => domain.kind === kind);
    const part = { ...input, domains };
    return {
      kind,
      domains: domains.map((domain) => {
        const size = new Set(domain.shards).size;
        const survives = domain.losable === false || domain.fallback !== undefined;
        const left = survives ? count : count - size;
        return {
          domain,
          left,
          lossEndsRecovery: left < input.threshold,
          breachYieldsKey: domain.breachable !== false && size >= input.threshold,
        };
      }),
      fewestLost: fewest(part, 'loss'),
      fewestBreached: fewest(part, 'breach'),
    };
  });
  return { kinds, fewestLost: fewest(input, 'loss'), fewestBreached: fewest(input, 'breach') };
}

/** Domains that hold exactly the same shards, together: one of them is as good as another in a set. */
export interface EqualDomains {
  readonly members: readonly DomainInput[];
  readonly shards: readonly number[];
}

/** Takes domains of the same shards, and the same ways to lose or breach them, together; in the order of the input. */
export function equalDomains(domains: readonly DomainInput[]): EqualDomains[] {
  const equal = new Map<string, { members: DomainInput[]; shards: number[] }>();
  for (const domain of domains) {
    const shards = [...new Set(domain.shards)].sort((a, b) => a - b);
    const { losable = true, breachable = true, fallback = '' } = domain;
    const key = JSON.stringify([shards, losable, breachable, fallback]);
    const entry = equal.get(key) ?? { members: [], shards };
    entry.members.push(domain);
    equal.set(key, entry);
  }
  return [...equal.values()];
}

/** Inclusion-minimal sets of domains, equal ones taken together, smallest sets first. */
export function minimalSets(
  input: QuorumInput,
  harm: Harm,
): Omit<DomainSets, 'minimal'> & { readonly sets: readonly (readonly EqualDomains[])[] } {
  // For one harm only the shards matter.
  const merged = equalDomains(
    harmful(input.domains, harm).map(({ kind, id, name, shards }) => ({ kind, id, name, shards })),
  );
  const { target, fewest, minimal } = minimalDomainSets(
    { ...input, domains: merged.map(({ members }) => members[0] as DomainInput) },
    harm,
  );
  const sets = minimal
    .map((set) => set.map((position) => merged[position] as EqualDomains))
    .sort((a, b) => a.length - b.length);
  return { target, fewest, sets };
}
