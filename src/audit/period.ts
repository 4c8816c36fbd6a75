/** Whether the records of a period are complete: every regular work of the calendar has its record, every duty of custody its attestation, every procedure its log. */
import type { AuditAction } from './actions';
import type { Attestation } from './attestations';
import type { CustodyFacts } from './custody';
import { DUTIES, type Duty, REGULAR_WORK, type Rhythm } from './duties';

const DAY = 86_400_000;
const dateOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
const timeOf = (date: string): number => Date.parse(`${date}T00:00:00.000Z`);

/** A period of whole days, both included (UTC). */
export interface Period {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** Reads `2026`, `2026-H2`, `2026-Q4` or `2026-11`. Throws RangeError. */
export function parsePeriod(text: string): Period {
  const [, year, half, quarter, month] =
    /^(20\d\d)(?:-(?:H([12])|Q([1-4])|(0[1-9]|1[0-2])))?$/.exec(text) ?? [];
  if (year === undefined)
    throw new RangeError(`"${text}": wanted a period such as 2026, 2026-H2, 2026-Q4 or 2026-11`);
  const months = half ? 6 : quarter ? 3 : month ? 1 : 12;
  const first = half ? (Number(half) - 1) * 6 : quarter ? (Number(quarter) - 1) * 3 : Number(month ?? 1) - 1;
  const start = Date.UTC(Number(year), first, 1);
  const end = Date.UTC(Number(year), first + months, 1) - DAY;
  return { name: text, from: dateOf(start), to: dateOf(end) };
}

/** The day after which nothing can be asked yet. */
const lastDay = (period: Period, today: string): string => (today < period.to ? today : period.to);

/** What the name of the calendar's unit is on a day: the day, its ISO week, month, quarter or year. */
const unitOf: Readonly<Record<Rhythm, (date: string) => string>> = {
  day: (date) => date,
  week: (date) => {
    const thursday = timeOf(date) + (3 - ((new Date(timeOf(date)).getUTCDay() + 6) % 7)) * DAY;
    const year = dateOf(thursday).slice(0, 4);
    const week = Math.floor((thursday - Date.UTC(Number(year), 0, 1)) / DAY / 7) + 1;
    return `${year}-W${String(week).padStart(2, '0')}`;
  },
  month: (date) => date.slice(0, 7),
  quarter: (date) => `${date.slice(0, 4)}-Q${Math.floor((Number(date.slice(5, 7)) - 1) / 3) + 1}`,
  year: (date) => date.slice(0, 4),
};

/** Units of a rhythm that lie in the period whole and have ended; a year that does not fit ends with the period. */
function unitsIn(rhythm: Rhythm, { from, to }: Period, today: string): string[] {
  const name = unitOf[rhythm];
  const days = (timeOf(to) - timeOf(from)) / DAY + 1;
  const units = new Set<string>();
  for (let place = 0; place < days; place++) {
    const date = dateOf(timeOf(from) + place * DAY);
    const before = dateOf(timeOf(from) - DAY);
    const after = dateOf(timeOf(to) + DAY);
    const unit = name(date);
    const ended = name(today) !== unit && dateOf(timeOf(today)) > date;
    if (ended && name(before) !== unit && name(after) !== unit) units.add(unit);
  }
  return [...units];
}

/** Neighbors in a list of days, joined: `2026-10-03 to 2026-10-07`. */
function joined(dates: readonly string[]): string[] {
  const runs: [string, string][] = [];
  for (const date of dates) {
    const last = runs.at(-1);
    if (last && timeOf(last[1]) + DAY === timeOf(date)) last[1] = date;
    else runs.push([date, date]);
  }
  return runs.map(([first, last]) => (first === last ? first : `${first} to ${last}`));
}

/** What of a record counts here. */
export interface Dated {
  readonly date: string;
  readonly action: AuditAction;
}

/** Regular work of the calendar that left no record in a unit of its rhythm, in sentences. */
export function missingWork(period: Period, events: readonly Dated[], today: string): string[] {
  const end = lastDay(period, today);
  return REGULAR_WORK.flatMap(({ title, every, actions }) =>
    actions.flatMap((action) => {
      const dates = events.filter((event) => event.action === action).map(({ date }) => date);
      const done = new Set(dates.map(unitOf[every]));
      const units = unitsIn(every, period, today);
      const whole = units.filter((unit) => !done.has(unit));
      if (every === 'year' && units.length === 0) {
        const since = dateOf(timeOf(end) - 365 * DAY);
        return dates.some((date) => date > since && date <= end)
          ? []
          : [`${title}: no ${action} within a year before ${end}`];
      }
      if (whole.length === 0) return [];
      const named = every === 'day' ? joined(whole) : whole;
      return [`${title}: no ${action} in ${named.join(', ')}`];
    }),
  );
}

/** Duties of custody whose time passed inside the period without an attestation, in sentences. */
export function missingDuties(
  period: Period,
  facts: CustodyFacts,
  attestations: readonly Attestation[],
  today: string,
): string[] {
  const end = lastDay(period, today);
  return facts.shards.flatMap(({ n, medium }) =>
    (Object.keys(DUTIES) as Duty[]).flatMap((duty) => {
      const days = DUTIES[duty][medium];
      if (days === undefined) return [];
      const done = attestations
        .filter((one) => one.shard === n && one.duty === duty && one.generation === facts.key.generation)
        .map(({ date }) => date)
        .filter((date) => date <= end)
        .sort();
      const before = done.filter((date) => date < period.from).at(-1);
      const marks = [
        ...(before === undefined ? [] : [before]),
        ...done.filter((date) => date >= period.from),
      ];
      if (marks.length === 0) return [`Shard ${n}: ${DUTIES[duty].title}: never`];
      const gaps = marks.flatMap((date, place) => {
        const due = timeOf(date) + days * DAY;
        const next = marks[place + 1] ?? end;
        return due < timeOf(next)
          ? [
              `Shard ${n}: ${DUTIES[duty].title}: due on ${dateOf(due)}, ${marks[place + 1] === undefined ? 'not done' : `done on ${next}`}`,
            ]
          : [];
      });
      return gaps;
    }),
  );
}
