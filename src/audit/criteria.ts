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
    pages: ['ceremony/kit', 'ceremony/script', 'ceremony/sss-reference'],
    tests: ['scripts/kit', 'scripts/sss', 'shard'],
  },
  {
    asks: 'Key ceremony guide: sanitization checklists for room and machine',
    pages: ['ceremony/script'],
    tests: ['procedure'],
  },
  {
    asks: 'Key ceremony guide: each shard verified at each provider',
    pages: ['ceremony/store', 'ceremony/prove', 'ceremony/prepare-keys'],
    tests: [DRILL, 'scripts/providers'],
  },
  {
    asks: 'Roles with segregation of duties',
    pages: ['introduction/roles'],
    tests: ['deployment', 'components/reports.test.tsx'],
  },
  {
    asks: 'Offline storage of shards: printed codes in safes',
    pages: ['ceremony/script', 'emergency/safe-cannot-be-opened', 'audit/custody'],
    tests: ['scripts/sss', 'audit/custody.test.ts'],
  },
  {
    asks: 'Disaster recovery: unseal with any quorum when providers are out',
    pages: ['emergency/unseal', 'emergency/aws-us-east-1-down', 'emergency/two-domains-down'],
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
    pages: ['lifecycle/operations', 'lifecycle/versioning', 'lifecycle/states'],
    tests: ['scripts/sss', 'procedure'],
  },
  {
    asks: 'Ceremony Log, compared with runbook, trail and manifest',
    pages: ['audit/verify'],
    tests: ['audit/cross-check.test.ts', 'scripts/audit/exports.test.ts'],
  },
  {
    asks: 'Audit-trail format',
    pages: ['audit/audit-trail', 'audit/actions', 'audit/verify'],
    tests: ['audit', 'scripts/audit', 'components/AuditVerifier.test.tsx'],
  },
  {
    asks: 'Tabletop exercise with the recovery guide alone',
    pages: ['audit/evidence', 'emergency/unseal'],
    tests: [DRILL],
  },
  {
    asks: 'Controls traced to steps and evidence',
    pages: ['audit/control-map'],
    tests: ['audit/controls.test.ts', 'audit/oscal.test.ts', 'components/ControlMap.test.tsx'],
  },
];
