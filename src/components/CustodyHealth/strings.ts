/** Every text of the custody health, in one place. */
import type { DutyState } from '../../audit/custody';

export const strings = {
  none: 'No entry yet: nothing counts as proved, attested or called.',
  example: 'The entries are examples. They attest nothing.',
  unknown: 'H is not known: it is shown from your own first entry on.',
  onToday: (day: string) => `Today, ${day} (UTC):`,
  onLast: (day: string) => `On ${day}, the day of the last entry:`,
  healthy: (healthy: number, total: number, threshold: number) =>
    `H = ${healthy}: ${healthy} of ${total} shards healthy, ${threshold} needed to recover.`,
  state: (state: string) => `State of a key that is not live: ${state}.`,
  counts: 'Duties by state',
  caption: 'Next date of each duty, by shard',
  calendar: 'These dates as a calendar file (.ics)',
  shard: 'Shard',
  duty: 'Duty',
  last: 'Last done',
  next: 'Next date',
  now: 'now',
  never: '–',
  stateHead: 'Today',
  states: {
    good: 'good',
    due: 'due',
    overdue: 'overdue',
    lost: 'missed twice',
    'not-as-expected': 'not as expected',
    never: 'never done',
  } satisfies Record<DutyState, string>,
} as const;
