/** Health of the shards from dated attestations: what is healthy, due, overdue, and lost after two misses. Counts and dates only. Proposals P4 and P5 of the runbook. */
import { type Assessment, assess } from '../quorum/state';
import type { Attestation } from './attestations';
import { DUTIES, type Duty, isStray } from './duties';

const DAY = 86_400_000;

/** A missed call says something of the person; the other two say something of the shard. */
const OF_THE_SHARD: readonly Duty[] = ['proof', 'attestation'];

/** Days before the date from which on a duty counts as due. */
export const NOTICE_DAYS = 14;

export type DutyState = 'good' | 'due' | 'overdue' | 'lost' | 'not-as-expected' | 'never';

export interface DutyStatus {
  readonly shard: number;
  readonly duty: Duty;
  readonly last: string | undefined;
  /** Next date; today when it was never done. */
  readonly due: string;
  readonly state: DutyState;
}

/** What the health of a set depends on; every Deployment is such. */
export interface CustodyFacts {
  readonly key: { readonly generation: number; readonly threshold: number };
  readonly shards: readonly { readonly n: number; readonly medium: 'wrapped' | 'paper' }[];
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
 * Throws RangeError on a date that is none, or an entry of this generation for a shard that the set lacks.
 */
export function custodyHealth(
  facts: CustodyFacts,
  entries: readonly Attestation[],
  day: string,
): CustodyHealth {
  const today = Date.parse(`${day}T00:00:00.000Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(today))
    throw new RangeError(`"${day}": wanted a date such as 2026-11-23`);
  const { generation, threshold } = facts.key;
  const stray = entries.find((entry) => isStray(entry, facts));
  if (stray)
    throw new RangeError(`an attestation names shard ${stray.shard}; there are ${facts.shards.length}`);
  const duties = facts.shards.flatMap((shard) =>
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
  const healthy = facts.shards.length - unhealthy.size;
  const assessment = assess({ threshold, live: false, healthy, exposed: 0 });
  return { today: day, threshold, total: facts.shards.length, healthy, duties, counts, assessment };
}
