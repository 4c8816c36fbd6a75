/** The Ceremony Log: what people saw and signed. Everything that the runbook already knows is printed in it. */
import type { FormDescription, FormSource, Prefill } from './form';
import {
  attestations,
  bagCells,
  bags,
  digest,
  exceptions,
  moments,
  people,
  peopleCells,
  stepCells,
  steps,
  wrapped,
  wrappedCells,
} from './parts';

export const ceremonyPage = 'docs/ceremony/script.mdx';

const invited = [
  'ceremony-master',
  'operator',
  'internal-witness',
  'external-witness',
  'log-custodian',
  'hsm-user-pin-holder',
  'hsm-so-pin-holder',
] as const;

function prefill(source: FormSource): Prefill {
  const { deployment, procedures, release } = source;
  const { key, shards } = deployment;
  const page = procedures.find(({ file }) => file === ceremonyPage);
  return {
    ...peopleCells(source, invited),
    ceremony: {
      key: key.name,
      version: String(key.version),
      generation: String(key.generation),
      threshold: String(key.threshold),
      shards: String(shards.length),
      bits: String(key.bytes * 8),
    },
    software: [
      {
        item: 'Runbook, page digest',
        version: `${release.version} ${release.commit}`,
        digest: page?.digest ?? '',
      },
      { item: 'Boot image, SHA-256' },
      { item: 'sss, SHA-256' },
      { item: 'Offline kit, SHA-256 of SHA256SUMS' },
    ],
    clocks: [{ clock: 'Wall clock' }, { clock: 'Wall clock' }, { clock: 'Ceremony machine' }],
    steps: stepCells(source, ceremonyPage),
    seals: ['Machine', 'Boot medium', 'Offline kit', 'Ceremony medium', 'Signed originals'].map((item) => ({
      item,
    })),
    recordings: [{ item: 'Camera' }, { item: 'Camera' }, { item: 'Dark window 1' }],
    bags: bagCells(deployment),
    wrapped: wrappedCells(deployment),
    hsm: shards
      .filter(({ provider }) => provider === 'pkcs11-hsm')
      .map(({ n, name }) => ({ shard: String(n), token: name })),
    decisions: [
      'Purpose, parameters and date of the ceremony',
      'Script, by its commit and page digest',
      'Go or no go, two days before',
      'Wrapping keys of the providers',
      'Rehearsal with the real key',
      'Commit: the generation is current',
    ].map((what) => ({ what })),
    destroyed: ['Spoiled sheets', 'Notes', 'Ribbons and media'].map((item) => ({ item })),
  };
}

export const ceremonyLog: FormDescription = {
  id: 'ceremony-log',
  title: 'Ceremony Log',
  follows: ceremonyPage,
  prefill,
  sections: [
    {
      id: 'ceremony',
      title: 'Ceremony',
      fields: [
        ...moments,
        { id: 'place', label: 'Place', kind: 'text' },
        { id: 'key', label: 'Key', kind: 'text', size: 60 },
        { id: 'version', label: 'Version', kind: 'number', size: 6 },
        { id: 'generation', label: 'Generation', kind: 'number', size: 6 },
        { id: 'threshold', label: 'Threshold M', kind: 'number', size: 4, most: 'shards' },
        { id: 'shards', label: 'Shards N', kind: 'number', size: 4 },
        { id: 'bits', label: 'Bits', kind: 'number', size: 4 },
      ],
    },
    {
      id: 'software',
      title: 'Software',
      text: 'Compare each digest with the published one: one person reads aloud, another follows on paper.',
      rows: {
        blank: 2,
        columns: [
          { id: 'item', label: 'What', kind: 'text', size: 40 },
          { id: 'version', label: 'Version', kind: 'text', size: 40 },
          digest('digest', 'Digest'),
          { id: 'same', label: 'Same', kind: 'tick' },
        ],
      },
    },
    people(
      [
        {
          id: 'document',
          label: 'Document',
          kind: 'choice',
          choices: ['passport', 'identity card', 'driving license', 'other'],
        },
        { id: 'devices', label: 'Devices', kind: 'number', size: 3 },
        { id: 'in', label: 'In', kind: 'time' },
        { id: 'out', label: 'Out', kind: 'time', after: 'in' },
      ],
      'Note the type of the identity document, never its number. Count the devices that were left outside.',
    ),
    {
      id: 'decisions',
      title: 'Decisions and approvals',
      text: 'Also those before and after the day. The number is that of the approved change.',
      rows: {
        blank: 2,
        columns: [
          { id: 'what', label: 'What', kind: 'text', size: 60 },
          { id: 'number', label: 'Number', kind: 'text', size: 30 },
          { id: 'decision', label: 'Decision', kind: 'choice', choices: ['yes', 'no'] },
          { id: 'date', label: 'Date', kind: 'date' },
          { id: 'time', label: 'Time', kind: 'time' },
          { id: 'by', label: 'By', kind: 'text', size: 60 },
          { id: 'signature', label: 'Signature', kind: 'signature' },
        ],
      },
    },
    {
      id: 'clocks',
      title: 'Clocks',
      text: 'Offset in seconds, positive when the clock is fast. More than 60 seconds without a reason ends the ceremony.',
      rows: {
        blank: 1,
        columns: [
          { id: 'clock', label: 'Clock', kind: 'text', size: 40 },
          { id: 'source', label: 'Compared with', kind: 'text', size: 60 },
          { id: 'offset', label: 'Offset (s)', kind: 'number', size: 5, signed: true },
        ],
      },
    },
    steps,
    {
      id: 'values',
      title: 'Values to compare later',
      text: 'Two people copy these from the screen; a third reads them back aloud.',
      fields: [
        { id: 'set', label: 'Set id', kind: 'text', size: 16 },
        { id: 'kcv', label: 'Key check value (KCV)', kind: 'hex', size: 8, words: true },
        { id: 'manifest', label: 'SHA-256 of the manifest', kind: 'hex', size: 64, words: true },
      ],
    },
    wrapped,
    {
      id: 'hsm',
      title: 'Hardware security modules',
      text: 'As the module reports itself, and the certificate as the validation program lists it. Strike it out if there is no module.',
      rows: {
        blank: 1,
        columns: [
          { id: 'shard', label: 'Shard', kind: 'number', size: 4 },
          { id: 'token', label: 'Token', kind: 'text', size: 80 },
          { id: 'serial', label: 'Serial number', kind: 'text', size: 30 },
          { id: 'firmware', label: 'Firmware', kind: 'text', size: 30 },
          { id: 'certificate', label: 'Certificate', kind: 'text', size: 40 },
        ],
      },
    },
    bags,
    {
      id: 'seals',
      title: 'Seals of machine, media and originals',
      text: 'The serial number before is the one that was written down when the bag was sealed.',
      rows: {
        blank: 2,
        columns: [
          { id: 'item', label: 'What', kind: 'text', size: 40 },
          { id: 'before', label: 'Serial before', kind: 'serial', size: 10 },
          { id: 'whole', label: 'Seal whole', kind: 'tick' },
          { id: 'after', label: 'Serial after', kind: 'serial', size: 10 },
          { id: 'time', label: 'Time', kind: 'time' },
        ],
      },
    },
    {
      id: 'recordings',
      title: 'Recordings and dark windows',
      text: 'One row for each camera, with the digest of its file, and one for each dark window. A gap in a recording outside a dark window ends the ceremony.',
      rows: {
        blank: 2,
        columns: [
          { id: 'item', label: 'What', kind: 'text', size: 40 },
          { id: 'from', label: 'From', kind: 'time' },
          { id: 'to', label: 'To', kind: 'time', after: 'from' },
          digest('digest', 'Digest of the file'),
          { id: 'account', label: 'What happened in it', kind: 'long', size: 300 },
        ],
      },
    },
    {
      id: 'destroyed',
      title: 'Destroyed in the room',
      rows: {
        blank: 1,
        columns: [
          { id: 'item', label: 'What', kind: 'text', size: 40 },
          { id: 'count', label: 'Number', kind: 'number', size: 4 },
        ],
      },
    },
    exceptions,
    attestations,
  ],
};
