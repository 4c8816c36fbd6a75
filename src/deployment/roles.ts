/** Roles of ceremony, custody and recovery, and the pairs that one person must not hold. PCI DSS 3.7.6 (dual control), PCI PIN 21-3. */

/** Roles that `deployment.yaml` assigns to people. */
export const assignedRoles = {
  'ceremony-master': 'Leads the ceremony, reads each step aloud, decides exceptions.',
  operator: 'Has the hands on the keyboard in the ceremony room; alone types.',
  'internal-witness': 'Watches every step, initials it, writes down deviations.',
  'external-witness': 'Watches for the auditor; belongs to another organization.',
  'log-custodian': 'Keeps the audit trail and the filled-in scripts.',
  'hsm-user-pin-holder': 'Knows the user PIN of the HSM token.',
  'hsm-so-pin-holder': 'Knows the security-officer PIN of the HSM token.',
  'recovery-lead': 'Leads a recovery, decides which quorum is used.',
  'recovery-operator':
    'Types at the machine where shards meet; signs in to no provider, may not administer keys.',
  'service-owner': 'Loads the MasterKey into the service and answers for it.',
  'communications-lead': 'Informs management, customers and authorities.',
  'database-administrator': 'Runs the database of the shard registry.',
  'script-author': 'Writes changes of this runbook.',
  approver: 'Approves changes of this runbook.',
} as const;

/** Roles that follow from the shards. */
export const derivedRoles = {
  custodian: 'Answers for one shard; signs in to unwrap it.',
  'provider-administrator': 'Administers the key that unwraps a shard; may not unwrap.',
  'safe-controller': 'Opens the safe; does not hold what lies in it.',
} as const;

export const roles = { ...assignedRoles, ...derivedRoles } as const;

export type AssignedRole = keyof typeof assignedRoles;
export type Role = keyof typeof roles;

export const roleIds = Object.keys(roles) as Role[];
export const assignedRoleIds = Object.keys(assignedRoles) as AssignedRole[];

export interface IncompatiblePair {
  readonly rule: string;
  readonly roles: readonly [Role, Role];
  readonly reason: string;
}

/**
 * Who acts and who witnesses it, in the steps of the pages. Two people are needed for each pair; tests/procedure holds
 * the list to what the pages ask for.
 */
export const witnessedPairs: readonly (readonly [Role, Role])[] = [
  ['approver', 'ceremony-master'],
  ['approver', 'external-witness'],
  ['approver', 'internal-witness'],
  ['approver', 'log-custodian'],
  ['approver', 'recovery-lead'],
  ['approver', 'script-author'],
  ['approver', 'service-owner'],
  ['ceremony-master', 'external-witness'],
  ['ceremony-master', 'internal-witness'],
  ['communications-lead', 'recovery-lead'],
  ['communications-lead', 'service-owner'],
  ['custodian', 'hsm-user-pin-holder'],
  ['custodian', 'internal-witness'],
  ['custodian', 'log-custodian'],
  ['custodian', 'recovery-lead'],
  ['custodian', 'safe-controller'],
  ['database-administrator', 'internal-witness'],
  ['external-witness', 'internal-witness'],
  ['external-witness', 'log-custodian'],
  ['external-witness', 'operator'],
  ['external-witness', 'provider-administrator'],
  ['external-witness', 'safe-controller'],
  ['external-witness', 'service-owner'],
  ['hsm-so-pin-holder', 'internal-witness'],
  ['hsm-user-pin-holder', 'internal-witness'],
  ['hsm-user-pin-holder', 'provider-administrator'],
  ['internal-witness', 'log-custodian'],
  ['internal-witness', 'operator'],
  ['internal-witness', 'provider-administrator'],
  ['internal-witness', 'recovery-lead'],
  ['internal-witness', 'recovery-operator'],
  ['internal-witness', 'safe-controller'],
  ['internal-witness', 'script-author'],
  ['internal-witness', 'service-owner'],
  ['log-custodian', 'recovery-lead'],
  ['provider-administrator', 'recovery-lead'],
  ['recovery-lead', 'safe-controller'],
  ['recovery-lead', 'service-owner'],
];

/** The roles that watch a role, or that it watches, in the steps of the pages. */
export function watchersOf(role: Role): Role[] {
  return witnessedPairs.flatMap(([a, b]) => (a === role ? [b] : b === role ? [a] : []));
}

/** Pairs that the build refuses in one person. The reasons are printed with the role matrix. */
export const incompatiblePairs: readonly IncompatiblePair[] = [
  {
    rule: 'SOD-1',
    roles: ['operator', 'hsm-user-pin-holder'],
    reason: 'One person would type the commands and open the HSM.',
  },
  {
    rule: 'SOD-2',
    roles: ['operator', 'hsm-so-pin-holder'],
    reason: 'One person would type the commands and could reset the PIN.',
  },
  {
    rule: 'SOD-3',
    roles: ['hsm-user-pin-holder', 'hsm-so-pin-holder'],
    reason: 'The security officer could replace a PIN that the same person then uses.',
  },
  {
    rule: 'SOD-4',
    roles: ['operator', 'log-custodian'],
    reason: 'Who acts must not be able to rewrite the record of it.',
  },
  {
    rule: 'SOD-5',
    roles: ['recovery-operator', 'log-custodian'],
    reason: 'Who acts must not be able to rewrite the record of it.',
  },
  {
    rule: 'SOD-6',
    roles: ['internal-witness', 'custodian'],
    reason: 'A witness of a shard’s handling must not be its holder.',
  },
  {
    rule: 'SOD-7',
    roles: ['external-witness', 'custodian'],
    reason: 'A witness of a shard’s handling must not be its holder.',
  },
  {
    rule: 'SOD-8',
    roles: ['ceremony-master', 'custodian'],
    reason: 'Who decides on exceptions must not gain from one.',
  },
  {
    rule: 'SOD-9',
    roles: ['provider-administrator', 'recovery-operator'],
    reason: 'Who may change a key’s policy must not type where the shards that it opens meet.',
  },
  {
    rule: 'SOD-10',
    roles: ['database-administrator', 'recovery-operator'],
    reason: 'Who can change every ciphertext must not type where what they hold meets.',
  },
  {
    rule: 'SOD-11',
    roles: ['database-administrator', 'provider-administrator'],
    reason: 'One person would hold the ciphertext and the key that opens it.',
  },
  {
    rule: 'SOD-12',
    roles: ['script-author', 'approver'],
    reason: 'A change of this runbook needs a second pair of eyes.',
  },
  {
    rule: 'SOD-13',
    roles: ['operator', 'internal-witness'],
    reason: 'A step must be seen by somebody who does not perform it.',
  },
  {
    rule: 'SOD-14',
    roles: ['recovery-operator', 'internal-witness'],
    reason: 'A step must be seen by somebody who does not perform it.',
  },
];
