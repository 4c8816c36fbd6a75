/** Domains as the matrix shows them: equal ones in one row, and each shard by itself beside them. */
import { type EqualDomains, equalDomains } from '../../quorum/independence';
import { type Outage, recoveryMatrix } from '../../quorum/recovery';
import type { DomainInput, QuorumInput } from '../../quorum/types';
import { strings } from './strings';

/** Name of a domain in links; unique within a deployment. */
export function keyOf({ kind, id }: Pick<DomainInput, 'kind' | 'id'>): string {
  return `${kind}:${id}`;
}

/** The domains, and each shard as a domain of its own. */
export function switches(input: QuorumInput): DomainInput[] {
  const single = input.shards.map(({ n, name }) => ({
    kind: strings.shard,
    id: String(n),
    name,
    shards: [n],
  }));
  return [...input.domains, ...single];
}

/** `AWS (provider), 000000000001 (account)`. */
export function nameOf({ members }: EqualDomains): string {
  return members.map(({ name, kind }) => `${name} (${kind})`).join(', ');
}

const contains = (a: readonly number[], b: readonly number[]) => b.every((n) => a.includes(n));

/** The rows of the printed table: domains with the same shards together, pairs only where neither contains the other. */
export function printedRows(input: QuorumInput, limit: number): Outage[] {
  const losable = input.domains.filter(({ losable }) => losable !== false);
  const merged = equalDomains(losable.map(({ breachable, ...domain }) => domain)).map(
    (equal): DomainInput => {
      const [first] = equal.members as readonly [DomainInput];
      return { ...first, name: nameOf(equal) };
    },
  );
  return recoveryMatrix({ ...input, domains: merged }, limit).filter(({ down }) => {
    const [a, b] = down;
    return (
      a === undefined || b === undefined || (!contains(a.shards, b.shards) && !contains(b.shards, a.shards))
    );
  });
}
