/** Texts of the triage on the emergency start page. */

export const strings = {
  region: 'Triage',
  needsScript:
    'The questions need JavaScript. The table below does not: read it from the top, the first test that is true counts first.',
  questions: 'Answer from what you know now',
  live: 'L: does a running process hold the key?',
  seen: 'Was the key itself readable by somebody outside, or a process that holds it?',
  healthy: 'H: how many shards of the current set are healthy? (reachable, proved, not exposed)',
  exposed: 'E: how many different shards were seen outside control, over all sets that can still reach M?',
  previous: 'S: after a reshare, how many shards of the previous set survive or leaked?',
  yes: 'yes',
  no: 'no',
  unknown: 'cannot tell',
  unknownNote: '"Cannot tell" counts as the worse answer.',
  answer: 'Answer',
  oneShort: 'E is M − 1: one more and the key is out. Call the team for an exposed key now.',
  previousAlive: 'The previous set can still rebuild the key. Destroy it with receipts, or rotate.',
  table: 'States of the key, in the order in which they are tested',
  state: 'State',
  test: 'Test',
  meaning: 'Meaning',
  act: 'What to do',
  page: 'Page',
  none: 'none',
  tolerance: 'This set',
} as const;
