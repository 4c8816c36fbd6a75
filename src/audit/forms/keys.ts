/** Papers of what opens a shard and of the key itself: who holds which identity or PIN, and from when to when a key version is used. */
import { signatures } from './columns';
import type { FormDescription } from './form';

export const credentialReceipt: FormDescription = {
  id: 'credential-receipt',
  title: 'Credential receipt',
  also: ['receipt of the identity', 'receipts of the identities', 'credential receipt'],
  prefill: ({ deployment: { key } }) => ({ credential: { key: key.name } }),
  sections: [
    {
      id: 'credential',
      title: 'Credential',
      text: 'A name, never a secret: what is typed or worn to sign in is not written here.',
      fields: [
        { id: 'key', label: 'Key', kind: 'text', size: 60 },
        {
          id: 'what',
          label: 'What',
          kind: 'choice',
          choices: ['recovery identity', 'PIN', 'combination', 'break-glass credential', 'other'],
        },
        { id: 'place', label: 'Provider, token, safe or system', kind: 'text', size: 80 },
        { id: 'name', label: 'Name of the identity', kind: 'text', size: 80 },
        { id: 'holder', label: 'Holder', kind: 'text', size: 60 },
      ],
    },
    {
      id: 'issue',
      title: 'Issued',
      fields: [
        { id: 'date', label: 'Date', kind: 'date' },
        { id: 'time', label: 'Time (UTC)', kind: 'time' },
        { id: 'by', label: 'Issued by', kind: 'text', size: 60 },
        { id: 'reason', label: 'Approved change or incident', kind: 'text', size: 60 },
        { id: 'until', label: 'Ends at the latest', kind: 'date' },
      ],
    },
    {
      id: 'return',
      title: 'Returned or withdrawn',
      fields: [
        { id: 'date', label: 'Date', kind: 'date' },
        { id: 'time', label: 'Time (UTC)', kind: 'time' },
        { id: 'by', label: 'Withdrawn by', kind: 'text', size: 60 },
        { id: 'reason', label: 'Reason', kind: 'text', size: 60 },
        { id: 'proof', label: 'Request id or line of the provider’s log', kind: 'text', size: 80 },
      ],
    },
    signatures(
      ['date', 'time'],
      'Who issues and who holds it sign at issue; who withdraws it and a witness sign at the end.',
      4,
    ),
  ],
};

export const keyVersionRecord: FormDescription = {
  id: 'key-version-record',
  title: 'Key version record',
  prefill: ({ deployment: { key } }) => ({
    key: {
      key: key.name,
      version: String(key.version),
      generation: String(key.generation),
      bits: String(key.bytes * 8),
      service: key.service,
    },
  }),
  sections: [
    {
      id: 'key',
      title: 'Key version',
      text: 'One sheet for each version. It stays open until the version is destroyed.',
      fields: [
        { id: 'key', label: 'Key', kind: 'text', size: 60 },
        { id: 'version', label: 'Version', kind: 'number', size: 6 },
        { id: 'generation', label: 'First generation', kind: 'number', size: 6 },
        { id: 'bits', label: 'Bits', kind: 'number', size: 6 },
        { id: 'service', label: 'Service that uses it', kind: 'text', size: 60 },
      ],
    },
    {
      id: 'life',
      title: 'From when to when',
      text: 'The expiry is a date, and it is written down on the day of activation.',
      fields: [
        { id: 'activated', label: 'Active since (UTC)', kind: 'date' },
        { id: 'time', label: 'Time (UTC)', kind: 'time' },
        { id: 'expires', label: 'Protects nothing new after', kind: 'date' },
        { id: 'basis', label: 'Basis of that date', kind: 'text' },
        { id: 'revoked', label: 'Revoked', kind: 'date' },
        { id: 'destroyed', label: 'Destroyed', kind: 'date' },
        { id: 'proof', label: 'Proof of the destruction', kind: 'long' },
      ],
    },
    {
      id: 'approvals',
      title: 'Approvals',
      text: 'Of activation, rotation, revocation and destruction. Nobody who approves carries it out.',
      rows: {
        blank: 6,
        columns: [
          { id: 'what', label: 'What', kind: 'text', size: 40 },
          { id: 'number', label: 'Change', kind: 'text', size: 30 },
          { id: 'by', label: 'Name', kind: 'text', size: 60 },
          { id: 'date', label: 'Date', kind: 'date' },
          { id: 'signature', label: 'Signature', kind: 'signature' },
        ],
      },
    },
  ],
};
