/** What custodians, operators and PIN holders sign before the first shard and every year. PCI DSS v4.0.1 3.7.8. */
import { signatures } from './columns';
import type { FormDescription } from './form';

/** The page of roles lists the same sentences; a test compares them. */
export const duties = [
  ['place', 'I keep the bag or the credential where the register says, and nowhere else.'],
  [
    'open',
    'I do not open the bag, copy, photograph, describe or type the shard, except in a step of this runbook with a witness present.',
  ],
  [
    'request',
    'I give the shard to nobody, whatever their rank, unless the request was confirmed by calling back a listed number, on a second channel, with an incident number and the name of an approver.',
  ],
  [
    'report',
    'I report within the hour: a loss, a damaged seal, a wrong serial number, an unusual question, a threat.',
  ],
  [
    'answer',
    'I answer the quarterly call and sign each attestation by its date. Two missed ones end my duty.',
  ],
  [
    'away',
    'I say in advance when I cannot be reached for more than 24 hours. My alternate knows the way to the shard.',
  ],
  ['leave', 'I say so before I change my role or leave, and hand the shard back against a receipt.'],
  [
    'exposure',
    'I have named every shard of this key that I ever held or saw, and accept that the ledger keeps my name.',
  ],
  ['test', 'I passed the practical test.'],
  [
    'duress',
    'If I am threatened, I use the duress word. My safety comes before the shard: one shard alone is worth nothing.',
  ],
] as const;

/** Everybody who can reach a shard signs: custodians, and those whose hands or PIN open one. */
const capacities = [
  'custodian',
  'alternate',
  'operator',
  'recovery operator',
  'PIN holder',
  'safe controller',
];

export const custodianAcknowledgement: FormDescription = {
  id: 'custodian-acknowledgement',
  title: 'Custodian acknowledgement',
  also: ['acknowledgement'],
  prefill: ({ deployment: { key, organization } }) => ({
    shard: { organization, key: key.name, generation: String(key.generation) },
  }),
  sections: [
    {
      id: 'shard',
      title: 'Custodian and shard',
      fields: [
        { id: 'organization', label: 'Organization', kind: 'text', size: 60 },
        { id: 'key', label: 'Key', kind: 'text', size: 60 },
        { id: 'generation', label: 'Generation', kind: 'number' },
        { id: 'shard', label: 'Shard', kind: 'number', size: 4 },
        { id: 'label', label: 'Shard label', kind: 'serial', size: 8 },
        { id: 'serial', label: 'Bag serial', kind: 'serial', size: 10 },
        { id: 'training', label: 'Trained and tested on', kind: 'date' },
        { id: 'ledger', label: 'Exposure ledger checked by', kind: 'initials' },
        { id: 'custodian', label: 'Who signs', kind: 'text', size: 60 },
        { id: 'capacity', label: 'As', kind: 'choice', choices: capacities },
        { id: 'alternate', label: 'Who stands in', kind: 'text', size: 60 },
        { id: 'appointed', label: 'Appointed on', kind: 'date' },
        { id: 'approver', label: 'Appointment approved by', kind: 'text', size: 60 },
      ],
    },
    {
      id: 'duties',
      title: 'I accept these duties',
      text: 'Initial each line that you have read and accept. A line that is not initialed is not accepted.',
      fields: duties.map(([id, label]) => ({ id, label, kind: 'initials' as const })),
    },
    signatures(
      ['date', 'time'],
      'Whoever takes the duties and a witness sign. The log custodian keeps the original.',
      2,
    ),
  ],
};
