/** Logs of the procedures in which M shards meet after the ceremony: recovery, reshare, replacement. They hold what the next recovery compares. */
import type { Field, FormDescription, FormSource, Prefill, Section } from './form';
import {
  attestations,
  bagCells,
  bags,
  digest,
  exceptions,
  moments,
  opened,
  people,
  peopleCells,
  stepCells,
  steps,
  wrapped,
  wrappedCells,
} from './parts';

const present = [
  'recovery-lead',
  'recovery-operator',
  'internal-witness',
  'external-witness',
  'service-owner',
  'hsm-user-pin-holder',
] as const;

const incident: Field = { id: 'incident', label: 'Incident number', kind: 'text', size: 30 };
const named: readonly Field[] = [
  { id: 'key', label: 'Key', kind: 'text', size: 60 },
  { id: 'version', label: 'Version', kind: 'number', size: 6 },
  { id: 'generation', label: 'Generation', kind: 'number', size: 6 },
];
const kcv: Field = { id: 'kcv', label: 'Key check value (KCV)', kind: 'hex', size: 8, words: true };
const tools: Section = {
  id: 'software',
  title: 'Software',
  text: 'Compare each digest with the published one.',
  by: 'Internal witness, before the tool is used.',
  rows: {
    blank: 1,
    columns: [
      { id: 'item', label: 'What', kind: 'text', size: 40 },
      digest('digest', 'Digest'),
      { id: 'same', label: 'Same', kind: 'tick' },
    ],
  },
};

const head = (title: string, more: readonly Field[]): Section => ({
  id: 'procedure',
  title,
  fields: [...moments, ...named, ...more],
});

/** What every log knows: key, people, steps of its page. */
function known(source: FormSource, file: string): Prefill {
  const { key } = source.deployment;
  return {
    procedure: { key: key.name, version: String(key.version), generation: String(key.generation) },
    ...peopleCells(source, present),
    software: ['Printed page', 'Offline kit, SHA-256 of SHA256SUMS', 'sss, SHA-256'].map((item) => ({
      item,
    })),
    steps: stepCells(source, file),
  };
}

const recoveryPage = 'docs/emergency/unseal.mdx';
const resharePage = 'docs/lifecycle/reshare.mdx';
const replacementPage = 'docs/lifecycle/replace-shard.mdx';

export const recoveryLog: FormDescription = {
  id: 'recovery-log',
  title: 'Recovery Log',
  follows: recoveryPage,
  prefill: (source) => known(source, recoveryPage),
  sections: [
    head('Recovery', [incident, { id: 'quorum', label: 'Shards chosen', kind: 'text', size: 30 }]),
    tools,
    people(),
    {
      id: 'values',
      title: 'Values that were compared',
      text: 'With the printed log of the ceremony or reshare that made this generation.',
      fields: [kcv, { id: 'manifest', label: 'SHA-256 of the manifest', kind: 'hex', size: 64, words: true }],
    },
    opened,
    steps,
    exceptions,
    attestations,
  ],
};

export const reshareLog: FormDescription = {
  id: 'reshare-log',
  title: 'Reshare Log',
  follows: resharePage,
  prefill: (source) => {
    const { key, shards } = source.deployment;
    const { procedure, ...rest } = known(source, resharePage);
    return {
      ...rest,
      procedure: {
        ...procedure,
        threshold: String(key.threshold),
        shards: String(shards.length),
        next: String(key.generation + 1),
      },
      wrapped: wrappedCells(source.deployment).map(({ shard = '' }) => ({ shard })),
      bags: bagCells(source.deployment),
      ended: shards.map(({ n, medium }) => ({
        shard: String(n),
        what: medium === 'paper' ? 'sheet' : 'provider key',
      })),
    };
  },
  sections: [
    head('Reshare', [
      { id: 'change', label: 'Number of the approved change', kind: 'text', size: 30 },
      { id: 'reason', label: 'Reason', kind: 'text' },
      { id: 'next', label: 'New generation', kind: 'number', size: 6 },
      { id: 'threshold', label: 'Threshold M', kind: 'number', size: 4, most: 'shards' },
      { id: 'shards', label: 'Shards N', kind: 'number', size: 4 },
      { id: 'quorum', label: 'Old shards chosen', kind: 'text', size: 30 },
    ]),
    tools,
    people(),
    opened,
    {
      id: 'values',
      title: 'Values to compare later',
      text: 'Two people copy these from the screen; a third reads them back aloud.',
      fields: [
        { id: 'set', label: 'Set id, old', kind: 'text', size: 16 },
        { id: 'next', label: 'Set id, new', kind: 'text', size: 16 },
        kcv,
        digest('old', 'SHA-256 of the old manifest'),
        { id: 'manifest', label: 'SHA-256 of the new manifest', kind: 'hex', size: 64, words: true },
      ],
    },
    wrapped,
    bags,
    {
      id: 'windows',
      title: 'Dark windows',
      rows: {
        blank: 2,
        columns: [
          { id: 'from', label: 'From', kind: 'time' },
          { id: 'to', label: 'To', kind: 'time', after: 'from' },
          { id: 'account', label: 'What happened in it', kind: 'long', size: 300 },
        ],
      },
    },
    {
      id: 'commit',
      title: 'Commit',
      text: 'From this time on, the new set is in force. Two approvers sign.',
      rows: {
        blank: 2,
        columns: [
          { id: 'name', label: 'Approver', kind: 'text', size: 60 },
          { id: 'date', label: 'Date', kind: 'date' },
          { id: 'time', label: 'Time', kind: 'time' },
          { id: 'signature', label: 'Signature', kind: 'signature' },
        ],
      },
    },
    {
      id: 'ended',
      title: 'End of the old set',
      text: 'One row for each old shard. S counts those that survive or leaked.',
      rows: {
        blank: 1,
        columns: [
          { id: 'shard', label: 'Shard', kind: 'number', size: 4 },
          { id: 'what', label: 'What ends', kind: 'text', size: 30 },
          { id: 'receipt', label: 'Receipt or request id', kind: 'text', size: 60 },
          { id: 'date', label: 'Gone on', kind: 'date' },
        ],
      },
    },
    {
      id: 'survivors',
      title: 'S',
      fields: [
        { id: 'count', label: 'S: old shards that survive or leaked', kind: 'number', size: 4 },
        { id: 'basis', label: 'Basis', kind: 'long' },
      ],
    },
    steps,
    exceptions,
    attestations,
  ],
};

export const replacementLog: FormDescription = {
  id: 'replacement-log',
  title: 'Replacement Log',
  follows: replacementPage,
  prefill: (source) => known(source, replacementPage),
  sections: [
    head('Replacement', [
      incident,
      { id: 'shard', label: 'Shard that was lost', kind: 'number', size: 4 },
      { id: 'label', label: 'Its label', kind: 'serial', size: 8 },
      { id: 'quorum', label: 'Shards chosen', kind: 'text', size: 30 },
      { id: 'cause', label: 'Why the old key is gone, and who says so', kind: 'long' },
    ]),
    tools,
    people(),
    opened,
    {
      ...wrapped,
      title: 'The shard under its new key',
      text: 'Number and label stay; key and digests are new.',
    },
    steps,
    exceptions,
    {
      id: 'approvals',
      title: 'Approvals',
      rows: {
        blank: 2,
        columns: [
          { id: 'name', label: 'Approver', kind: 'text', size: 60 },
          { id: 'date', label: 'Date', kind: 'date' },
          { id: 'signature', label: 'Signature', kind: 'signature' },
        ],
      },
    },
    attestations,
  ],
};
