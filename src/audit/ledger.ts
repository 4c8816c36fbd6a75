/** The exposure ledger: what each person has ever held of each generation. PCI PIN 21-2.4. */
import { exposure } from '../deployment/checks';
import type { Deployment } from '../deployment/deployment';

/** One line of the exposure ledger: what one person has ever held of one generation. */
export interface LedgerLine {
  readonly person: string;
  readonly generation: number;
  readonly shards: readonly number[];
  /** Shards that this person may still come to hold of this generation: M − 1 minus those held. Below 0 breaks PCI PIN 21-2.4. */
  readonly left: number;
}

/** The exposure ledger of a deployment, by person id and generation. */
export function exposureLedger(deployment: Deployment): LedgerLine[] {
  return [...exposure(deployment)]
    .flatMap(([person, generations]) =>
      [...generations].map(([generation, shards]) => ({
        person,
        generation,
        shards: [...shards].sort((a, b) => a - b),
        left: deployment.key.threshold - 1 - shards.length,
      })),
    )
    .sort((a, b) => a.person.localeCompare(b.person) || a.generation - b.generation);
}
