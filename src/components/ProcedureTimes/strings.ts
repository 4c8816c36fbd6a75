/** Texts of the table of running times. */

export const strings = {
  caption: 'Running time of each page, summed from its steps',
  page: 'Page',
  steps: 'Steps',
  minutes: 'Minutes',
  noReturn: 'Cannot be undone',
  none: 'none',
  before: 'Before the day, in total',
  day: 'On the day, in total',
} as const;
