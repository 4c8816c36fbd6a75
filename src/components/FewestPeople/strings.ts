/** Texts of the fewest people. */

export const strings = {
  region: 'The fewest people',
  sizes: 'The fewest people in all, by how many shards have a key of a provider or an HSM',
  size: 'M of N',
  paper: 'None: all on paper',
  two: 'Two',
  onePaper: 'All but one',
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
