/** The artifacts that an assessor is shown, each with its place. Controls point here, and nothing here is without a control. */

interface Evidence {
  readonly title: string;
  /** Where it is found, in a sentence. */
  readonly where: string;
  /** Page of the runbook that makes or explains it, under docs/ without extension. */
  readonly page: string;
}

export const EVIDENCE = {
  runbook: {
    title: 'Approved runbook version',
    where:
      'Version and commit at the foot of every page; the signed tag; the printed edition with its digest.',
    page: 'introduction/index',
  },
  'change-history': {
    title: 'Change history of the runbook',
    where:
      'Commits and reviews of the repository; approvals.yaml, which names the edition of each page and who approved it.',
    page: 'introduction/adopt',
  },
  'key-inventory': {
    title: 'Key and shard inventory',
    where: 'deployment.yaml and the manifest of each set.',
    page: 'introduction/architecture',
  },
  registry: {
    title: 'Shard registry rows',
    where: 'Table shard_registry with its history, and its signed exports.',
    page: 'ceremony/store',
  },
  manifest: {
    title: 'Manifest of each set',
    where: 'manifest.json; its digest in the signed Ceremony Log, and its own signature where one was made.',
    page: 'ceremony/script',
  },
  'key-version-record': {
    title: 'Key version record',
    where: 'Signed form: activation, expiry with its basis, revocation and destruction of each version.',
    page: 'audit/templates/key-version-record',
  },
  'machine-record': {
    title: 'Record of the ceremony machine',
    where:
      'preflight.json on the ceremony medium; the rows of sss selftest and of the digests in the Ceremony Log; seals and serial numbers from the purchase on.',
    page: 'ceremony/sanitization',
  },
  'hsm-record': {
    title: 'Serial number, firmware and certificate of each module',
    where: 'Ceremony Log, section Hardware security modules.',
    page: 'ceremony/prepare-keys',
  },
  'scheme-statement': {
    title: 'Statement of the splitting method',
    where:
      'Shamir secret sharing over GF(256) as ISO/IEC 19592-2 describes it, with vectors and a second implementation.',
    page: 'introduction/threshold-mathematics',
  },
  'ceremony-log': {
    title: 'Ceremony Log',
    where: 'The filled-in script with initials, its scan, and the exported log.',
    page: 'ceremony/script',
  },
  'audit-trail': {
    title: 'Audit trail',
    where: 'The files of the trail, verified with sss audit verify.',
    page: 'audit/audit-trail',
  },
  'anchored-heads': {
    title: 'Anchored heads',
    where: 'Signed heads in the archive of the second organization.',
    page: 'audit/audit-trail',
  },
  'provider-logs': {
    title: 'Logs of the providers',
    where: 'Found by the request ids in the audit trail.',
    page: 'audit/audit-trail',
  },
  reconciliation: {
    title: 'Reconciliation of trail and providers’ logs',
    where: 'Output of sss audit reconcile for each month, with the exports that it read.',
    page: 'audit/verify',
  },
  'policy-snapshots': {
    title: 'Policies of keys and roles',
    where: 'Exports of the policies at each provider, compared at each review.',
    page: 'ceremony/prepare-keys',
  },
  'role-check': {
    title: 'Check of incompatible roles',
    where: 'Output of the build, which fails on a conflict; the role table.',
    page: 'introduction/roles',
  },
  'exposure-ledger': {
    title: 'Exposure ledger',
    where:
      'On the custody page, and exposure-ledger.csv of the evidence pack: who has ever held which shard of which generation.',
    page: 'audit/custody',
  },
  acknowledgements: {
    title: 'Acknowledgements and appointments',
    where: 'Signed forms in the records archive, renewed each year.',
    page: 'introduction/roles',
  },
  'credential-receipts': {
    title: 'Receipts of recovery identities, PINs and combinations',
    where: 'Signed forms: issue and withdrawal of each, counted against the lists of the providers.',
    page: 'audit/templates/credential-receipt',
  },
  receipts: {
    title: 'Receipts and bag serial numbers',
    where: 'Signed forms in the records archive; serial numbers in the Ceremony Log and the trail.',
    page: 'ceremony/store',
  },
  attestations: {
    title: 'Attestations of custody',
    where: 'The attestations file, summed up on the custody page.',
    page: 'audit/custody',
  },
  'safe-log': {
    title: 'Safe log',
    where: 'The list in each safe, and the records of the trail.',
    page: 'emergency/safe-cannot-be-opened',
  },
  'destruction-records': {
    title: 'Certificates of destruction',
    where: 'Signed forms in the records archive.',
    page: 'lifecycle/operations',
  },
  independence: {
    title: 'Independence of the shards',
    where: 'Computed from deployment.yaml; the build fails on a domain that holds too much.',
    page: 'introduction/architecture',
  },
  'drill-results': {
    title: 'Results of the automated drill',
    where: 'On the site, and reports/tabletop/results.json of every build.',
    page: 'audit/latest-drill',
  },
  'exercise-reports': {
    title: 'After-action reports of exercises by people',
    where: 'Reports of the yearly exercise, with measured times.',
    page: 'audit/evidence',
  },
  'incident-file': {
    title: 'Incident file',
    where: 'Decisions, notices, times and exit condition of each incident.',
    page: 'emergency/index',
  },
  notices: {
    title: 'Notices and contact tests',
    where: 'Sent notices in the incident file; call-back tests in the trail.',
    page: 'emergency/communications',
  },
  'review-records': {
    title: 'Records of scheduled reviews',
    where: 'Records review.completed of the trail, with the reviewed document.',
    page: 'lifecycle/agility',
  },
  'retention-table': {
    title: 'Retention of records',
    where: 'The table on the evidence page.',
    page: 'audit/evidence',
  },
} as const satisfies Record<string, Evidence>;

export type EvidenceId = keyof typeof EVIDENCE;
