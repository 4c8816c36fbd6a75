/** The exposure ledger: what each person has ever held of each generation. PCI PIN 21-2.4. */
import { signers } from '../deployment/access';
import { exposure } from '../deployment/checks';
import type { Deployment } from '../deployment/deployment';

export type HeldAs = 'custodian' | 'alternate' | 'signs in' | 'former custodian';

/** One line of the exposure ledger: what one person has ever held of one generation. */
export interface LedgerLine {
  readonly person: string;
  readonly generation: number;
  readonly shards: readonly number[];
  readonly as: readonly HeldAs[];
  /** Shards that this person may still come to hold of this generation: M − 1 minus those held. Below 0 breaks PCI PIN 21-2.4. */
  readonly left: number;
}

function heldAs({ key, shards }: Deployment, person: string, generation: number): HeldAs[] {
  const now = generation === key.generation;
  const found: [HeldAs, boolean][] = [
    ['custodian', now && shards.some(({ custodian }) => custodian === person)],
    ['alternate', now && shards.some(({ alternate }) => alternate === person)],
    [
      'signs in',
      now &&
        shards.some((shard) =>
          signers(shard).some((part) => part.way === 'signIn' && part.person === person),
        ),
    ],
    [
      'former custodian',
      shards.some(({ formerCustodians }) =>
        formerCustodians.some((former) => former.person === person && former.generation === generation),
      ),
    ],
  ];
  return found.filter(([, is]) => is).map(([as]) => as);
}

/** The exposure ledger of a deployment, by person id and generation. */
export function exposureLedger(deployment: Deployment): LedgerLine[] {
  return [...exposure(deployment)]
    .flatMap(([person, generations]) =>
      [...generations].map(([generation, shards]) => ({
        person,
        generation,
        shards: [...shards].sort((a, b) => a - b),
        as: heldAs(deployment, person, generation),
        left: deployment.key.threshold - 1 - shards.length,
      })),
    )
    .sort((a, b) => a.person.localeCompare(b.person) || a.generation - b.generation);
}

/** What several people have ever held together, by generation. */
export function heldTogether(
  ledger: readonly LedgerLine[],
  people: readonly string[],
): { readonly generation: number; readonly shards: readonly number[] }[] {
  const own = ledger.filter(({ person }) => people.includes(person));
  return [...new Set(own.map(({ generation }) => generation))]
    .sort((a, b) => a - b)
    .map((generation) => ({
      generation,
      shards: [
        ...new Set(own.filter((line) => line.generation === generation).flatMap(({ shards }) => shards)),
      ].sort((a, b) => a - b),
    }));
}

/** The ledger as CSV (RFC 4180), one line a person and generation. Ids and numbers only: nothing needs quotes. */
export function ledgerCsv(deployment: Deployment): string {
  const rows = exposureLedger(deployment).map(({ person, generation, shards, as, left }) =>
    [person, generation, shards.join(' '), as.join(' and '), left].join(','),
  );
  return ['Person,Generation,Shards,As,May still come to hold', ...rows].map((row) => `${row}\r\n`).join('');
}
