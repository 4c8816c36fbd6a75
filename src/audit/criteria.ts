/** Acceptance criteria of the runbook, each with the pages that meet it and the tests that would notice if they did not. */

export interface Criterion {
  readonly asks: string;
  /** Under docs/, without extension. */
  readonly pages: readonly string[];
  /** Files or folders under tests/. */
  readonly tests: readonly string[];
}

const DRILL = 'scripts/tabletop';

export const CRITERIA: readonly Criterion[] = [
  {
    asks: 'Key ceremony guide: obtaining, verifying and setting up the generator',
    pages: ['ceremony/setup', 'ceremony/kit', 'ceremony/sss-reference', 'ceremony/script'],
    tests: ['scripts/kit', 'scripts/sss', 'shard'],
  },
  {
    asks: 'Key ceremony guide: sanitization checklists for room and machine',
    pages: ['ceremony/sanitization', 'ceremony/room', 'ceremony/readiness', 'ceremony/script'],
    tests: ['procedure', 'docs'],
  },
  {
    asks: 'Key ceremony guide: each shard verified at each provider',
    pages: ['ceremony/prepare-keys', 'ceremony/store', 'ceremony/prove', 'ceremony/rehearse'],
    tests: [DRILL, 'scripts/providers'],
  },
  {
    asks: 'Roles with segregation of duties',
    pages: ['introduction/roles'],
    tests: ['deployment', 'components/reports.test.tsx'],
  },
  {
    asks: 'Offline storage of shards: printed codes in safes',
    pages: ['ceremony/custody', 'ceremony/script', 'emergency/safe-cannot-be-opened', 'audit/custody'],
    tests: ['scripts/sss', 'audit/custody.test.ts'],
  },
  {
    asks: 'Disaster recovery: unseal with any quorum when providers are out',
    pages: ['emergency/unseal', 'emergency/region-down', 'emergency/two-domains-down'],
    tests: [DRILL],
  },
  {
    asks: 'Disaster recovery: replace a shard whose key was deleted',
    pages: ['lifecycle/replace-shard'],
    tests: [DRILL],
  },
  {
    asks: 'Recovery matrix',
    pages: ['emergency/recovery-matrix'],
    tests: ['quorum', 'components/RecoveryMatrix.test.tsx'],
  },
  {
    asks: 'Compromise recovery plan',
    pages: ['emergency/compromise', 'emergency/key-exposed', 'emergency/shard-exposed'],
    tests: ['procedure', 'components/reports.test.tsx'],
  },
  {
    asks: 'Key rotation, versioning and revocation',
    pages: [
      'lifecycle/rotate',
      'lifecycle/reshare',
      'lifecycle/rewrap',
      'lifecycle/revoke-destroy',
      'lifecycle/versioning',
      'lifecycle/operations',
    ],
    tests: [DRILL, 'scripts/sss', 'procedure'],
  },
  {
    asks: 'Ceremony Log, its form, and its comparison with runbook, trail and manifest',
    pages: ['audit/templates/ceremony-log', 'audit/verify'],
    tests: ['components/forms.test.tsx', 'audit/cross-check.test.ts', 'scripts/audit/exports.test.ts'],
  },
  {
    asks: 'Audit-trail format',
    pages: ['audit/audit-trail', 'audit/actions', 'audit/verify'],
    tests: ['audit', 'scripts/audit', 'components/AuditVerifier.test.tsx'],
  },
  {
    asks: 'Tabletop exercise with the recovery guide alone',
    pages: ['emergency/unseal', 'emergency/exercise-kit', 'audit/evidence'],
    tests: [DRILL],
  },
  {
    asks: 'Controls traced to steps and evidence',
    pages: ['audit/control-map', 'audit/faq'],
    tests: ['audit/controls.test.ts', 'audit/oscal.test.ts', 'components/ControlMap.test.tsx'],
  },
];
