/** Health of the shards from dated attestations: what is healthy, due, overdue, and lost after two misses. Counts and dates only. Proposals P4 and P5 of the runbook. */
import * as z from 'zod';
import { exposure } from '../deployment/checks';
import type { Deployment } from '../deployment/deployment';
import { type Assessment, assess } from '../quorum/state';

const DAY = 86_400_000;

/** Regular work on one shard: the days between two times, by the medium of the shard. */
export const DUTIES = {
  proof: { title: 'Proof', wrapped: 91, paper: 365, text: 'Read back and compared with the manifest.' },
  attestation: {
    title: 'Attestation',
    wrapped: undefined,
    paper: 91,
    text: 'Bag and seal seen by the custodian.',
  },
  call: {
    title: 'Call',
    wrapped: 91,
    paper: 91,
    text: 'Custodian and alternate reached on the listed number.',
  },
} as const;

export type Duty = keyof typeof DUTIES;

/** A missed call says something of the person; the other two say something of the shard. */
const OF_THE_SHARD: readonly Duty[] = ['proof', 'attestation'];

/** Days before the date from which on a duty counts as due. */
export const NOTICE_DAYS = 14;

const record = z.strictObject({
  shard: z.int().min(1).max(255).describe('Number of the shard.'),
  generation: z.int().min(1).max(65535).describe('Generation of the set that was seen.'),
  duty: z.enum(Object.keys(DUTIES) as [Duty, ...Duty[]]),
  date: z.iso.date('wanted a date such as 2026-11-23'),
  asExpected: z.boolean().describe('false when anything was not as it should be.'),
});

/** The attestations file: one entry for each time that a duty was done. It names nobody. */
export const attestationsSchema = z.strictObject({
  attestations: z.array(record, 'wanted a list under "attestations"'),
});

export type Attestation = z.infer<typeof record>;

export type DutyState = 'good' | 'due' | 'overdue' | 'lost' | 'not-as-expected' | 'never';

export interface DutyStatus {
  readonly shard: number;
  readonly duty: Duty;
  readonly last: string | undefined;
  /** Next date; today when it was never done. */
  readonly due: string;
  readonly state: DutyState;
}

export interface CustodyHealth {
  readonly today: string;
  readonly threshold: number;
  readonly total: number;
  /** H: shards of the current generation that are proved, attested and not missed twice. */
  readonly healthy: number;
  readonly duties: readonly DutyStatus[];
  readonly counts: Readonly<Record<DutyState, number>>;
  /** State of the key by availability, for a key that is not live. */
  readonly assessment: Assessment;
}

const isoDate = (time: number) => new Date(time).toISOString().slice(0, 10);

function stateOf(
  last: Attestation | undefined,
  days: number,
  today: number,
): { due: number; state: DutyState } {
  if (!last) return { due: today, state: 'never' };
  const due = Date.parse(last.date) + days * DAY;
  if (!last.asExpected) return { due: today, state: 'not-as-expected' };
  if (today > due + days * DAY) return { due, state: 'lost' };
  if (today > due) return { due, state: 'overdue' };
  return { due, state: today >= due - NOTICE_DAYS * DAY ? 'due' : 'good' };
}

/**
 * Health on a day (`YYYY-MM-DD`, UTC). Entries of other generations and of later days do not count.
 * Throws RangeError on a date that is none, or an entry for a shard that the deployment lacks.
 */
export function custodyHealth(
  deployment: Deployment,
  entries: readonly Attestation[],
  day: string,
): CustodyHealth {
  const today = Date.parse(`${day}T00:00:00.000Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(today))
    throw new RangeError(`"${day}": wanted a date such as 2026-11-23`);
  const { generation, threshold } = deployment.key;
  const stray = entries.find((entry) => entry.shard > deployment.shards.length);
  if (stray)
    throw new RangeError(`an attestation names shard ${stray.shard}; there are ${deployment.shards.length}`);
  const duties = deployment.shards.flatMap((shard) =>
    (Object.keys(DUTIES) as Duty[]).flatMap((duty): DutyStatus[] => {
      const days = DUTIES[duty][shard.medium];
      if (days === undefined) return [];
      const done = entries
        .filter((entry) => entry.shard === shard.n && entry.duty === duty && entry.generation === generation)
        .filter((entry) => Date.parse(entry.date) <= today)
        .sort((a, b) => a.date.localeCompare(b.date));
      const last = done.at(-1);
      const { due, state } = stateOf(last, days, today);
      return [{ shard: shard.n, duty, last: last?.date, due: isoDate(due), state }];
    }),
  );
  const unhealthy = new Set(
    duties
      .filter(
        ({ duty, state }) =>
          OF_THE_SHARD.includes(duty) && ['lost', 'not-as-expected', 'never'].includes(state),
      )
      .map(({ shard }) => shard),
  );
  const counts: Record<DutyState, number> = {
    good: 0,
    due: 0,
    overdue: 0,
    lost: 0,
    'not-as-expected': 0,
    never: 0,
  };
  for (const { state } of duties) counts[state]++;
  const healthy = deployment.shards.length - unhealthy.size;
  const assessment = assess({ threshold, live: false, healthy, exposed: 0 });
  return { today: day, threshold, total: deployment.shards.length, healthy, duties, counts, assessment };
}

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
