/** Domains as the matrix shows them: equal ones in one row, and each shard by itself beside them. */
import { type EqualDomains, equalDomains } from '../../quorum/independence';
import { type Outage, recoveryMatrix } from '../../quorum/recovery';
import type { DomainInput, QuorumInput } from '../../quorum/types';
import { formatKind } from '../format';
import { strings } from './strings';

/** Name of a domain in links; unique within a deployment. */
export function keyOf({ kind, id }: Pick<DomainInput, 'kind' | 'id'>): string {
  return `${kind}:${id}`;
}

/** Kind of the people who keep shards. */
export const keeperKind = 'custodian';

/** Whether a shard may be out of reach once the domain, and whoever stands in for it, are. */
export function canBeDown({ shards }: QuorumInput, { kind, id, losable }: DomainInput): boolean {
  if (losable !== false) return true;
  return kind === keeperKind && shards.some(({ keepers = [] }) => keepers.includes(id));
}

/** Each shard as a domain of its own, and the domains: what somebody sees first is that a shard cannot be had. */
export function switches(input: QuorumInput): DomainInput[] {
  const single = input.shards.map(({ n, name }) => ({
    kind: strings.shard,
    id: String(n),
    name,
    shards: [n],
  }));
  return [...single, ...input.domains];
}

const labelOf = ({ name, kind }: DomainInput) => `${name} (${formatKind(kind)})`;

/** One row of the printed table. */
export interface PrintedRow extends Outage {
  readonly key: string;
  /** For a single domain also the names of those that hold the same shards; in a pair the first names are enough. */
  readonly name: string;
}

const contains = (a: readonly number[], b: readonly number[]) => b.every((n) => a.includes(n));

/** Shards that are really gone when the domain is down. */
const taken = ({ shards, fallback }: DomainInput) => (fallback === undefined ? shards : []);

/** Ways that a row names, in order; the others are counted. */
const waysNamed = 4;

/** The rows of the printed table: domains with the same shards together, pairs only where neither contains the other. */
export function printedRows(input: QuorumInput): PrintedRow[] {
  const losable = input.domains.filter(({ losable }) => losable !== false);
  const groups = equalDomains(losable.map(({ breachable, ...domain }) => domain));
  const first = ({ members }: EqualDomains) => members[0] as DomainInput;
  const rows = recoveryMatrix({ ...input, domains: groups.map(first) }, waysNamed).filter(
    ({ down: [a, b] }) => {
      return !a || !b || (!contains(taken(a), taken(b)) && !contains(taken(b), taken(a)));
    },
  );
  return rows.map((row) => {
    const group = row.down.length === 1 ? groups.find((equal) => first(equal) === row.down[0]) : undefined;
    return {
      ...row,
      key: row.down.map(keyOf).join(' '),
      name: group ? group.members.map(labelOf).join(', ') : row.down.map(labelOf).join(' + '),
    };
  });
}
