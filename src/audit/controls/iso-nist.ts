/** ISO/IEC 27001:2022, NIST SP 800-57, 800-130, 800-84 and 800-53, FIPS 140-3, CISA exercises, and the CA/B Baseline Requirements where they lend a good rule. Asked in our words. */
import { type Control, controlsOf, EVERY_STEP, of } from './control';

const ISO = controlsOf(
  { name: 'ISO/IEC 27001:2022', short: 'ISO 27001', prefix: 'iso-27001', text: 'licensed' },
  [
    [
      'A.5.3',
      'M',
      'Conflicting duties are apart.',
      ['introduction/roles'],
      ['role.assigned'],
      ['role-check'],
    ],
    [
      'A.5.28',
      'M',
      'Evidence is collected and preserved.',
      ['audit/evidence'],
      of('evidence', 'log', 'camera', 'exception'),
      ['ceremony-log', 'audit-trail'],
    ],
    [
      'A.5.29',
      'M',
      'Security holds during disruption.',
      ['emergency/index', 'emergency/unseal'],
      [...of('freeze'), 'path.chosen', 'provider.failed', 'request.authenticated', 'request.refused'],
      ['incident-file', 'audit-trail'],
    ],
    [
      'A.5.30',
      'M',
      'Technology is ready for continuity: planned, kept up, tested.',
      ['emergency/recovery-matrix', 'audit/latest-drill'],
      [...of('drill', 'exercise'), 'backup.verified', 'provider.restored', 'service.verified'],
      ['drill-results', 'independence'],
    ],
    [
      'A.7.14',
      'M',
      'Equipment is disposed of or reused safely.',
      ['ceremony/sanitization', 'lifecycle/operations'],
      [
        'machine.sealed',
        'machine.stopped',
        'printer.destroyed',
        'media.destroyed',
        'provider-key.destroyed',
        'workspace.wiped',
      ],
      ['destruction-records'],
    ],
    [
      'A.8.13',
      'M',
      'Backups exist and are tested.',
      ['ceremony/store', 'emergency/registry-lost'],
      [...of('backup'), 'registry.restored'],
      ['registry'],
    ],
    [
      'A.8.15',
      'M',
      'Logs are made, kept, protected and analyzed.',
      ['audit/audit-trail', 'audit/verify'],
      of('trail', 'log'),
      ['audit-trail', 'anchored-heads'],
    ],
    [
      'A.8.17',
      'M',
      'Clocks agree with approved sources.',
      ['ceremony/script', 'audit/audit-trail'],
      of('clock'),
      ['audit-trail', 'ceremony-log'],
    ],
    [
      'A.8.24',
      'M',
      'Use of cryptography and the life of keys follow rules.',
      ['introduction/architecture', 'lifecycle/operations'],
      of('key', 'set', 'provider-key', 'parameters'),
      ['runbook', 'key-inventory', 'key-version-record'],
      'The policy on the use of cryptography is a document of the owner; this runbook is a procedure under it, not the policy.',
    ],
  ],
);

const NIST = [
  ...controlsOf(
    {
      name: 'NIST SP 800-57 Part 1 Rev. 5',
      short: 'SP 800-57-1',
      prefix: 'sp800-57-1',
      text: 'published',
    },
    [
      [
        '5.5.2',
        'M',
        'A plan for compromised keys: whom to tell, who acts, how to re-key, the inventory, training, and what happens to affected data.',
        ['emergency/compromise', 'emergency/key-exposed'],
        [
          'key.compromised',
          'key.rotated',
          'data.reencrypted',
          'exposure.assessed',
          'incident.escalated',
          'notice.sent',
          'custodian.trained',
          'service.contained',
        ],
        ['incident-file', 'notices', 'key-inventory', 'exercise-reports'],
        'Contacts, data under the key and legal duties are filled in by the owner.',
      ],
    ],
  ),
  ...controlsOf(
    {
      name: 'NIST SP 800-57 Part 2 Rev. 1',
      short: 'SP 800-57-2',
      prefix: 'sp800-57-2',
      text: 'published',
    },
    [
      [
        'Policy and practice',
        'M',
        'Policy and practice statement are written and kept current. This site is the practice statement.',
        ['introduction/index', 'introduction/adopt'],
        ['page.reviewed', 'script.approved', 'script.verified'],
        ['runbook', 'change-history'],
      ],
    ],
  ),
  ...controlsOf(
    {
      name: 'NIST SP 800-130 and SP 800-152',
      short: 'SP 800-130',
      prefix: 'sp800-130',
      text: 'published',
    },
    [
      [
        '6.8',
        'L',
        'Recovery from compromise is planned for each kind of asset: key, module, system, people, place.',
        ['emergency/compromise', 'introduction/threat-model'],
        ['key.compromised', 'shard.exposed', 'tool.suspected', 'exposure.assessed', 'seal.assessed'],
        ['incident-file'],
      ],
      [
        '10',
        'L',
        'Recovery from disaster is planned: places, power, networks, systems, backups.',
        ['emergency/index', 'emergency/two-domains-down'],
        ['state.assessed', 'path.chosen', 'registry.restored', 'provider.restored', 'safe.failed'],
        ['incident-file', 'drill-results'],
      ],
    ],
  ),
  ...controlsOf({ name: 'NIST SP 800-84', short: 'SP 800-84', prefix: 'sp800-84', text: 'published' }, [
    [
      'Tabletop and functional exercises',
      'M',
      'Plans are exercised with a facilitator and a data collector, and a report follows.',
      ['emergency/exercise-kit', 'audit/evidence'],
      of('exercise', 'report'),
      ['exercise-reports'],
    ],
  ]),
];

/** NIST publishes these as an OSCAL catalog, so that tools find the control behind an id. */
const SP800_53 = controlsOf(
  {
    name: 'NIST SP 800-53 Rev. 5',
    short: 'SP 800-53',
    prefix: 'sp800-53',
    text: 'published',
    catalog:
      'https://raw.githubusercontent.com/usnistgov/oscal-content/main/nist.gov/SP800-53/rev5/json/NIST_SP-800-53_rev5_catalog.json',
  },
  [
    [
      'AC-5',
      'M',
      'Duties are separated.',
      ['introduction/roles'],
      ['role.assigned', 'access.reviewed'],
      ['role-check'],
    ],
    [
      'AU-3',
      'M',
      'Records say what happened, when, where, by whom, and with which result.',
      ['audit/audit-trail'],
      EVERY_STEP,
      ['audit-trail'],
    ],
    [
      'AU-6',
      'M',
      'Records are reviewed, and findings reported.',
      ['audit/verify', 'lifecycle/calendar'],
      ['trail.reviewed', 'alarm.raised', 'exception.recorded'],
      ['audit-trail', 'incident-file'],
    ],
    [
      'AU-8',
      'M',
      'Time stamps are right, in UTC or with their offset.',
      ['audit/audit-trail', 'ceremony/script'],
      of('clock'),
      ['audit-trail', 'ceremony-log'],
    ],
    [
      'AU-9',
      'M',
      'Records are protected from change, deletion and those who write them.',
      ['audit/audit-trail', 'emergency/log-gap'],
      ['trail.anchored', 'trail.rotated', 'trail.recovered', 'evidence.collected'],
      ['audit-trail', 'anchored-heads'],
    ],
    [
      'AU-10',
      'M',
      'Nobody can deny an act: it is signed or witnessed.',
      ['ceremony/script', 'audit/templates/ceremony-log'],
      [...of('log'), 'manifest.signed', 'receipt.signed', 'attestation.signed'],
      ['ceremony-log', 'receipts', 'manifest'],
    ],
    [
      'AU-11',
      'M',
      'Records are kept as long as they may be needed.',
      ['audit/evidence'],
      ['evidence.collected', 'trail.rotated'],
      ['retention-table'],
    ],
    [
      'CP-4',
      'M',
      'The contingency plan is tested.',
      ['lifecycle/duties', 'emergency/exercise-kit'],
      of('drill', 'exercise', 'report'),
      ['drill-results', 'exercise-reports'],
    ],
    [
      'CP-10',
      'M',
      'The system is recovered to a known state.',
      ['emergency/unseal', 'lifecycle/replace-shard'],
      ['key.combined', 'key.loaded', 'service.verified', 'registry.restored', 'provider.restored'],
      ['incident-file', 'drill-results'],
    ],
    [
      'IR-4',
      'M',
      'Incidents are handled from detection to recovery.',
      ['emergency/index'],
      of('alarm', 'incident', 'decision'),
      ['incident-file'],
    ],
    [
      'MP-4',
      'M',
      'Media are stored under control.',
      ['ceremony/custody'],
      [...of('safe'), 'bag.sealed', 'bag.inspected'],
      ['safe-log'],
    ],
    [
      'MP-5',
      'M',
      'Media are moved under control.',
      ['ceremony/custody', 'ceremony/store'],
      [...of('courier', 'receipt'), 'bag.received', 'bag.rejected', 'media.transferred'],
      ['receipts'],
    ],
    [
      'MP-6',
      'M',
      'Media are sanitized before they leave control.',
      ['ceremony/sanitization'],
      ['media.prepared', 'media.destroyed', 'printer.destroyed', 'residue.destroyed'],
      ['destruction-records'],
    ],
    [
      'SC-12',
      'M',
      'Keys are established and managed.',
      ['introduction/architecture', 'lifecycle/operations'],
      of('key', 'set', 'provider-key'),
      ['key-inventory', 'manifest'],
    ],
  ],
);

const OTHERS = [
  ...controlsOf({ name: 'FIPS 140-3', short: 'FIPS 140-3', prefix: 'fips-140-3', text: 'published' }, [
    [
      'Module level',
      'M',
      'The module is validated at the level that its use asks for; from level 3 on, people identify themselves.',
      ['ceremony/prepare-keys'],
      ['provider-key.created', 'credential.rotated'],
      ['key-inventory', 'policy-snapshots'],
    ],
  ]),
  ...controlsOf(
    { name: 'CISA Tabletop Exercise Packages', short: 'CISA CTEP', prefix: 'cisa-ctep', text: 'published' },
    [
      [
        'Handbook and report',
        'M',
        'Exercises have a situation manual, injects, an after-action report and an improvement plan.',
        ['emergency/exercise-kit', 'audit/evidence'],
        of('exercise', 'report'),
        ['exercise-reports'],
      ],
    ],
  ),
  ...controlsOf(
    {
      name: 'CA/Browser Forum Baseline Requirements (borrowed)',
      short: 'CA/B BR',
      prefix: 'cabf-br',
      text: 'published',
    },
    [
      [
        '5.4.3',
        'H',
        'Records of a key are kept two years beyond the key.',
        ['audit/evidence'],
        ['key.destroyed', 'evidence.collected'],
        ['retention-table'],
      ],
      [
        '5.7.1',
        'H',
        'Plans for incidents have listed contents, and mass replacement is planned.',
        ['emergency/key-exposed'],
        ['key.rotated', 'data.reencrypted', 'incident.opened'],
        ['incident-file', 'runbook'],
      ],
      [
        '6.1.1.1',
        'H',
        'A key is generated by a script that a Qualified Auditor witnesses, or of which the entire process is on video, and the auditor gives an opinion.',
        ['ceremony/script', 'audit/templates/ceremony-log'],
        of('ceremony', 'camera', 'exception'),
        ['ceremony-log'],
        'The dark windows leave out what a secret shows, so the video is not of the entire process: it takes the auditor in the room. A witness signs what was seen; an opinion is the auditor’s.',
      ],
    ],
  ),
];

export const ISO_NIST: readonly Control[] = [...ISO, ...NIST, ...SP800_53, ...OTHERS];
