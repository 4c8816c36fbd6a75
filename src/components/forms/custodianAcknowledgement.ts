/** What a custodian signs before the first shard and every year. PCI DSS v4.0.1 3.7.8. */
import { signatures } from './columns';
import type { FormDescription } from './form';

const duties = [
  ['one', 'I hold one shard of this key and have never held, seen or been told another one.'],
  ['disclose', 'I show my shard to nobody outside a logged step of the runbook, not even to my manager.'],
  [
    'request',
    'I answer a request for my shard only after a call back to a listed number and a second channel.',
  ],
  ['seal', 'I look at the bag and its seal every quarter, and report a doubt within the hour.'],
  ['leave', 'I say so before I change my role, leave, or am away for more than 14 days.'],
  ['alternate', 'I know my alternate, and have shown the way to the shard.'],
] as const;

export const custodianAcknowledgement: FormDescription = {
  id: 'custodian-acknowledgement',
  title: 'Custodian acknowledgement',
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
        { id: 'label', label: 'Shard label', kind: 'serial', size: 8 },
        { id: 'custodian', label: 'Custodian', kind: 'text', size: 60 },
        { id: 'alternate', label: 'Alternate', kind: 'text', size: 60 },
        { id: 'training', label: 'Trained and tested on', kind: 'date' },
      ],
    },
    {
      id: 'duties',
      title: 'I accept these duties',
      text: 'Initial each line that you have read and accept. A line that is not initialed is not accepted.',
      fields: duties.map(([id, label]) => ({ id, label, kind: 'initials' as const })),
    },
    signatures(['date'], undefined, 2),
  ],
};
