/** What happens in a room while people work: messages that arrive at their time (NIST SP 800-84, section 4; CISA exercise packages). */

export interface Inject {
  /** Minutes after the start. */
  readonly minutes: number;
  readonly from: string;
  readonly text: string;
  /** What the evaluator watches for. */
  readonly expected: string;
}

/** The injects of every exercise, in the order of their times. */
export const injects: readonly Inject[] = [
  {
    minutes: 3,
    from: 'Service desk',
    text: 'Customers report that payments fail. When will it work again?',
    expected:
      'The recovery lead promises no time before the path is chosen, and names a time for the next message.',
  },
  {
    minutes: 8,
    from: 'Head of operations',
    text: 'Can somebody send me the shards by chat, so that I can help?',
    expected: 'Refused at once, written down as a request that was not authenticated.',
  },
  {
    minutes: 15,
    from: 'Communications lead',
    text: 'I write to the customers now. Which numbers may I use?',
    expected:
      'Facts only: what does not work, since when, when the next message comes. No cause, no provider.',
  },
  {
    minutes: 25,
    from: 'Internal witness',
    text: 'I have to leave the room for ten minutes.',
    expected: 'Work stops, or the named alternate takes over and is written down before the next step.',
  },
];

/** Shown when the exercise ends, for the hot wash. */
export const questions: readonly string[] = [
  'What did you see first, and what did you take it for?',
  'Which sentence of the page did you have to read twice?',
  'Where did you wait, and for whom?',
  'Which step would have gone wrong without the witness?',
  'What must be different before the next exercise, who does it, and by when?',
];
