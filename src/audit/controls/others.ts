/** Rules of one sector: the European regulation on digital resilience of finance, and the standard of those who keep cryptocurrency. Asked in our words. */
import { type Control, controlsOf, of } from './control';

const DORA = controlsOf(
  {
    name: 'DORA: Delegated Regulation (EU) 2024/1774',
    short: 'DORA RTS',
    prefix: 'dora-rts',
    text: 'published',
  },
  [
    [
      'Art. 7(1)',
      'M',
      'The policy covers the whole life of keys: generating, renewing, storing, backing up, archiving, retrieving, transmitting, retiring, revoking, destroying.',
      ['lifecycle/operations', 'ceremony/index'],
      [...of('key', 'set', 'backup'), 'shard.stored', 'shard.retired', 'shard.destroyed'],
      ['runbook', 'key-version-record', 'key-inventory'],
      'The policy itself is a document of the owner.',
    ],
    [
      'Art. 7(2)',
      'M',
      'Controls protect keys through their life against loss, access without right, disclosure and change.',
      ['introduction/threat-model', 'ceremony/prepare-keys'],
      [...of('policy', 'safe'), 'shard.wrapped', 'shard.proved', 'registry.verified'],
      ['policy-snapshots', 'registry', 'independence'],
    ],
    [
      'Art. 7(3)',
      'M',
      'Keys that are lost, compromised or damaged are replaced by a method that stands ready.',
      ['emergency/compromise', 'lifecycle/rotate', 'lifecycle/replace-shard'],
      ['key.rotated', 'key.compromised', 'key.lost', 'shard.reissued', 'shard.reconstructed', 'set.reshared'],
      ['incident-file', 'drill-results'],
    ],
    [
      'Art. 7(4)',
      'M',
      'There is a register of certificates and of the devices that store them.',
      ['ceremony/prepare-keys', 'introduction/architecture'],
      ['provider.checked', 'provider-key.created'],
      ['hsm-record', 'key-inventory'],
      'Modules are registered here, by serial number and firmware. This runbook issues no certificate; a register of those is kept by the owner.',
    ],
    [
      'Art. 7(5)',
      'M',
      'Certificates are renewed before they expire.',
      ['audit/faq'],
      [],
      [],
      'Not by this runbook: it issues no certificate. Those of Vault and of the database are renewed by their administrators.',
    ],
  ],
);

const CCSS = controlsOf(
  {
    name: 'CryptoCurrency Security Standard 9.0 (2024)',
    short: 'CCSS',
    prefix: 'ccss',
    text: 'published',
  },
  [
    [
      '1.01',
      'M',
      'Key material is generated in a confidential place, with good randomness and verified software.',
      ['ceremony/sanitization', 'ceremony/script'],
      [...of('entropy', 'image', 'tool'), 'key.generated', 'room.inspected', 'machine.inspected'],
      ['ceremony-log', 'machine-record'],
    ],
    [
      '1.02',
      'M',
      'Wallets are created so that one lost or stolen key moves no funds.',
      ['introduction/architecture'],
      [],
      [],
      'Not by this runbook: the MasterKey encrypts, and no wallet is derived from it.',
    ],
    [
      '1.03',
      'M',
      'Key material is stored encrypted or sealed, with backups in other places, safe from fire and water.',
      ['ceremony/store', 'ceremony/custody', 'audit/custody'],
      [...of('safe', 'backup'), 'shard.wrapped', 'shard.stored', 'bag.sealed', 'attestation.signed'],
      ['registry', 'safe-log', 'attestations', 'independence'],
    ],
    [
      '1.04',
      'M',
      'Access to key material is granted and withdrawn by a procedure, with a record of each.',
      ['lifecycle/change-custodian', 'emergency/custodian-gone', 'introduction/roles'],
      [
        ...of('access'),
        'credential.issued',
        'credential.withdrawn',
        'custodian.appointed',
        'custodian.released',
      ],
      ['credential-receipts', 'acknowledgements', 'exposure-ledger'],
    ],
    [
      '1.05',
      'M',
      'Key material is used in a trusted environment, by people who were checked.',
      ['emergency/unseal', 'introduction/roles'],
      ['person.admitted', 'custodian.trained', 'shard.unwrapped', 'key.combined', 'workspace.prepared'],
      ['audit-trail', 'acknowledgements'],
      'Checks of references and background are made by the employer, and no form of this runbook proves them.',
    ],
    [
      '1.06',
      'M',
      'Media that held key material are sanitized by a documented procedure, and each time is recorded.',
      ['ceremony/exceptions', 'ceremony/sanitization'],
      ['media.destroyed', 'residue.destroyed', 'printer.destroyed', 'machine.stopped', 'workspace.wiped'],
      ['destruction-records', 'ceremony-log'],
    ],
    [
      'Key compromise policy',
      'L',
      'What is done when a key or its holder may be compromised is written down, trained and rehearsed.',
      ['emergency/compromise', 'lifecycle/duties'],
      ['key.compromised', 'shard.exposed', 'exposure.assessed', 'exercise.finished', 'request.refused'],
      ['incident-file', 'exercise-reports'],
    ],
  ],
);

export const OTHERS: readonly Control[] = [...DORA, ...CCSS];
