/** Texts of the calculator. Formulas are those that the page on threshold mathematics derives. */

export const strings = {
  needsScript: 'Changing the numbers needs JavaScript. The figures below are those of the deployment.',
  badLink: 'The numbers in this link cannot be used, so those of the deployment are shown.',
  refused: 'No figures:',
  set: 'The set',
  threshold: 'Threshold M',
  count: 'Shards N',
  rate: 'Losses per shard and year',
  interval: 'Years between checks',
  reset: 'Back to the deployment',
  shards: 'Each shard by itself',
  shardsHelp:
    'Probability from 0 to 1 that the shard is usable when it is needed, and that a thief has it before the next reshare, apart from everything that it shares with others.',
  usable: 'Usable',
  stolen: 'Stolen',
  allShards: 'All shards',
  apply: 'Use for all shards',
  domains: 'What shards share',
  domainsHelp:
    'Each of these is one event: when it is down, none of its shards is usable; when it is breached, a thief has all of them. 0 leaves it out.',
  domain: 'Domain',
  kind: 'Kind',
  members: 'Shards',
  down: 'Down',
  breached: 'Breached',
  remove: 'Remove',
  add: 'Add a domain',
  newDomain: 'New domain',
  newKind: 'domain',
  figures: 'Figures',
  figure: 'Figure',
  value: 'Value',
  formula: 'Formula',
  derivation: 'Derivation',
  assumption: 'Assumptions',
  formulaAndAssumptions: 'Formula and assumptions',
  byThreshold: 'Every threshold from 1 to N',
  csv: 'Save every threshold as CSV',
  csvFigures: 'Save the figures as CSV',
  plotThreshold: 'Loss and compromise by threshold',
  plotTradeOff: 'Compromise against loss',
  logNote: 'Both scales are logarithmic.',
  none: 'not even all of them',
  years: 'years',
} as const;

export type FigureId =
  | 'availability'
  | 'loss'
  | 'compromise'
  | 'toleratedLosses'
  | 'toleratedThefts'
  | 'paths'
  | 'cuts'
  | 'fewestLost'
  | 'fewestBreached'
  | 'meanTimeToLoss'
  | 'meanTimeToCompromise'
  | 'perYear';

export interface FigureText {
  readonly label: string;
  /** In plain text, for the CSV and where nothing typesets. */
  readonly formula: string;
  /** The same for KaTeX. */
  readonly tex: string;
  /** Anchor on the page on threshold mathematics. */
  readonly anchor: string;
  readonly assumption: string;
}

export const figureTexts: Readonly<Record<FigureId, FigureText>> = {
  availability: {
    label: 'Availability: at least M shards usable',
    formula: 'A = Σ P(exactly k usable), k = M … N, summed over every combination of events',
    tex: 'A = \\sum_{k=M}^{N} P(k \\text{ usable})',
    anchor: 'availability',
    assumption: 'Independent unless a domain says otherwise; summed over every combination of events.',
  },
  loss: {
    label: 'Loss: fewer than M shards usable',
    formula: 'U = Σ P(exactly k not usable), k = N−M+1 … N; never 1 − A',
    tex: 'U = \\sum_{k=N-M+1}^{N} P(k \\text{ not usable})',
    anchor: 'loss',
    assumption: 'Independent unless a domain says otherwise; summed on its own, never as 1 − A.',
  },
  compromise: {
    label: 'Compromise: a thief has at least M shards',
    formula: 'C = Σ P(exactly k stolen), k = M … N, summed over every combination of events',
    tex: 'C = \\sum_{k=M}^{N} P(k \\text{ stolen})',
    anchor: 'compromise',
    assumption: 'Independent unless a domain says otherwise; one thief collects everything.',
  },
  toleratedLosses: {
    label: 'Shard losses tolerated',
    formula: 'N − M',
    tex: 'N - M',
    anchor: 'compromise',
    assumption: 'None.',
  },
  toleratedThefts: {
    label: 'Shard thefts tolerated',
    formula: 'M − 1',
    tex: 'M - 1',
    anchor: 'secrecy',
    assumption: 'None: M − 1 shards reveal nothing.',
  },
  paths: {
    label: 'Smallest sets that rebuild the key',
    formula: 'N! / (M! (N−M)!)',
    tex: '\\frac{N!}{M!\\,(N-M)!}',
    anchor: 'compromise',
    assumption: 'None.',
  },
  cuts: {
    label: 'Smallest sets whose loss ends it',
    formula: 'N! / ((N−M+1)! (M−1)!)',
    tex: '\\frac{N!}{(N-M+1)!\\,(M-1)!}',
    anchor: 'compromise',
    assumption: 'None.',
  },
  fewestLost: {
    label: 'Fewest domains whose loss ends recovery',
    formula: 'fewest domains that touch N−M+1 shards together',
    tex: '\\min \\{|D| : D \\text{ touches} \\ge N-M+1 \\text{ shards}\\}',
    anchor: 'correlated',
    assumption: 'Domains with a chance to be down.',
  },
  fewestBreached: {
    label: 'Fewest domains whose breach yields the key',
    formula: 'fewest domains that touch M shards together',
    tex: '\\min \\{|D| : D \\text{ touches} \\ge M \\text{ shards}\\}',
    anchor: 'correlated',
    assumption: 'Domains with a chance to be breached.',
  },
  meanTimeToLoss: {
    label: 'Mean time to loss without checks',
    formula: 'MTTF = (1/λ) Σ 1/i, i = M … N',
    tex: '\\frac{1}{\\lambda} \\sum_{i=M}^{N} \\frac{1}{i}',
    anchor: 'mttf',
    assumption: 'Equal, constant rate λ per shard; no domain; nothing is ever replaced.',
  },
  meanTimeToCompromise: {
    label: 'Mean time to compromise at the same rate',
    formula: '(1/λ) Σ 1/i, i = N−M+1 … N',
    tex: '\\frac{1}{\\lambda} \\sum_{i=N-M+1}^{N} \\frac{1}{i}',
    anchor: 'lifetime',
    assumption: 'Thefts at the rate λ per shard; no domain; no reshare.',
  },
  perYear: {
    label: 'Loss in a year with checks',
    formula: '1 − (1 − U)^(1/τ) with p = exp(−λτ)',
    tex: '1 - (1-U)^{\\frac{1}{\\tau}},\\; p = e^{-\\lambda\\tau}',
    anchor: 'mttf',
    assumption: 'Every lost shard is found and replaced at each check, every τ years; no domain.',
  },
};
