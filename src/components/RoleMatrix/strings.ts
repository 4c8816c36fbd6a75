/** Texts of the role matrix. */

export const strings = {
  region: 'Role matrix',
  duties: 'Roles, and whom a holder may not also be',
  role: 'Role',
  duty: 'Duty',
  forbidden: 'May not also be',
  none: 'no restriction',
  grid: 'Forbidden pairs: the rule stands where two roles meet',
  allowed: 'allowed',
  same: 'same',
  reasons: 'Rules and reasons',
  rule: 'Rule',
  pair: 'Roles',
  reason: 'Reason',
  roster: 'Check a roster',
  rosterHelp:
    'Type who holds which role, several names separated by commas. Nothing is stored or sent; the names are gone when the page is closed.',
  needsScript: 'Checking a roster needs JavaScript. The tables do not.',
  use: 'Fill in the deployment',
  clear: 'Clear',
  conflicts: 'Forbidden pairs in this roster',
  person: 'Person',
  noConflict: 'No forbidden pair among the names typed.',
  empty: 'No name typed yet.',
  vacant: 'Roles without a name',
} as const;
