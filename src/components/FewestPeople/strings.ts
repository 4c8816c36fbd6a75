/** Texts of the fewest people. */

export const strings = {
  region: 'The fewest people',
  sizes: 'The fewest people in all, the external witness included',
  size: 'M of N',
  paper: 'All on paper',
  two: 'One at a provider, one in an HSM, the rest on paper',
  onePaper: 'One in an HSM, one on paper, the rest at providers',
  to: 'or',
  of: 'of',
  impossible: 'not possible: one PIN would reach M shards',
  alternate: 'Alternate',
  person: 'Person',
  duties: 'May be',
  together: 'Who may be one person: one way with the fewest',
  needs: (size: string, fewest: string, people: number) =>
    `This deployment, ${size}, needs ${fewest} people in all; deployment.yaml names ${people}.`,
} as const;
