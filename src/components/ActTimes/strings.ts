/** Texts of the table of acts. */

export const strings = {
  caption: 'Acts of the script with their planned minutes, summed from the steps',
  act: 'Act',
  steps: 'Steps',
  minutes: 'Minutes',
  begins: 'Begins after',
  noReturn: 'No return',
  ended: 'Ended (UTC)',
  none: 'none',
  total: 'In total',
} as const;
