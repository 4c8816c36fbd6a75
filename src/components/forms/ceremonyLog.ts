/** The Ceremony Log: what people saw and signed. Everything that the runbook already knows is printed in it. */
import { stepColumn } from './columns';
import { type FormDescription, type FormSource, type Prefill, personCell, type Values } from './form';

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

/** One row a person, with all the roles that the person has on the day. */
function people({ deployment }: FormSource): readonly { person: string; roles: string }[] {
  const roles = new Map<string, string[]>();
  const add = (person: string, role: string): void => {
    const held = roles.get(person) ?? [];
    if (!held.includes(role)) roles.set(person, [...held, role]);
  };
  for (const role of invited) for (const person of deployment.roles[role] ?? []) add(person, role);
  for (const { custodian, medium } of deployment.shards) if (medium === 'paper') add(custodian, 'custodian');
  return [...roles].map(([person, held]) => ({ person, roles: held.join(' ') }));
}

/** The instruction up to the end of its first sentence. */
function firstSentence(text: string): string {
  return /^[\s\S]*?[.?!](?=\s|$)/.exec(text)?.[0].replace(/\s+/g, ' ') ?? text;
}

function prefill(source: FormSource): Prefill {
  const { deployment, procedures, release } = source;
  const { key, shards } = deployment;
  const page = procedures.find(({ file }) => file === ceremonyPage);
  const present = people(source);
  return {
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
    people: present.map(({ person, roles }) => ({ person, name: personCell(deployment, person), roles })),
    clocks: [{ clock: 'Wall clock' }, { clock: 'Wall clock' }, { clock: 'Ceremony machine' }],
    steps: (page?.steps ?? []).map(({ id, text }): Values => ({ step: id, action: firstSentence(text) })),
    seals: ['Machine', 'Boot medium', 'Offline kit', 'Ceremony medium', 'Signed originals'].map((item) => ({
      item,
    })),
    recordings: [{ item: 'Camera' }, { item: 'Camera' }, { item: 'Dark window 1' }],
    bags: shards
      .filter(({ medium }) => medium === 'paper')
      .map(({ n, custodian }) => ({ shard: String(n), custodian: personCell(deployment, custodian) })),
    attestations: present.map(({ person }) => ({ person, name: personCell(deployment, person) })),
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
        { id: 'mode', label: 'This is', kind: 'choice', choices: ['real', 'exercise'] },
        { id: 'date', label: 'Date (UTC)', kind: 'date' },
        { id: 'begin', label: 'Begin (UTC)', kind: 'time' },
        { id: 'end', label: 'End (UTC)', kind: 'time' },
        { id: 'place', label: 'Place', kind: 'text' },
        { id: 'key', label: 'Key', kind: 'text', size: 60 },
        { id: 'version', label: 'Version', kind: 'number', size: 6 },
        { id: 'generation', label: 'Generation', kind: 'number', size: 6 },
        { id: 'threshold', label: 'Threshold M', kind: 'number', size: 4 },
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
          { id: 'digest', label: 'Digest', kind: 'text', size: 64 },
          { id: 'same', label: 'Same', kind: 'tick' },
        ],
      },
    },
    {
      id: 'people',
      title: 'People',
      text: 'Note the type of the identity document, never its number. Count the devices that were left outside.',
      rows: {
        blank: 3,
        columns: [
          { id: 'person', label: 'Id', kind: 'text', size: 20 },
          { id: 'name', label: 'Name', kind: 'text', size: 60 },
          { id: 'roles', label: 'Roles', kind: 'text', size: 120 },
          {
            id: 'document',
            label: 'Document',
            kind: 'choice',
            choices: ['passport', 'identity card', 'driving license', 'other'],
          },
          { id: 'devices', label: 'Devices', kind: 'number', size: 3 },
          { id: 'in', label: 'In', kind: 'time' },
          { id: 'out', label: 'Out', kind: 'time' },
          { id: 'initials', label: 'Initials', kind: 'initials' },
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
          { id: 'offset', label: 'Offset (s)', kind: 'number', size: 5 },
        ],
      },
    },
    {
      id: 'steps',
      title: 'Steps',
      text: 'Times are UTC. A step that was not done has its reason under Deviation.',
      rows: {
        blank: 0,
        columns: [
          { id: 'step', label: 'Step', kind: 'fixed', size: 11 },
          { id: 'action', label: 'What', kind: 'fixed' },
          { id: 'time', label: 'Time', kind: 'time' },
          { id: 'by', label: 'Done by', kind: 'initials' },
          { id: 'witness', label: 'Witness', kind: 'initials' },
          { id: 'note', label: 'Deviation', kind: 'long', size: 300 },
        ],
      },
    },
    {
      id: 'values',
      title: 'Values to compare later',
      text: 'Two people copy these from the screen; a third reads them back aloud.',
      fields: [
        { id: 'kcv', label: 'Key check value (KCV)', kind: 'hex', size: 8, words: true },
        { id: 'manifest', label: 'SHA-256 of the manifest', kind: 'hex', size: 64, words: true },
      ],
    },
    {
      id: 'bags',
      title: 'Bags',
      rows: {
        blank: 2,
        columns: [
          { id: 'shard', label: 'Shard', kind: 'number', size: 4 },
          { id: 'label', label: 'Label', kind: 'serial', size: 8 },
          { id: 'serial', label: 'Bag serial', kind: 'serial', size: 10 },
          { id: 'custodian', label: 'Handed to', kind: 'text', size: 60 },
          { id: 'time', label: 'Time', kind: 'time' },
        ],
      },
    },
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
      text: 'One row a camera, with the digest of its file, and one a dark window. A gap in a recording outside a dark window ends the ceremony.',
      rows: {
        blank: 2,
        columns: [
          { id: 'item', label: 'What', kind: 'text', size: 40 },
          { id: 'from', label: 'From', kind: 'time' },
          { id: 'to', label: 'To', kind: 'time' },
          { id: 'digest', label: 'Digest of the file', kind: 'text', size: 64 },
          { id: 'account', label: 'What happened in it', kind: 'long', size: 300 },
        ],
      },
    },
    {
      id: 'exceptions',
      title: 'Exceptions',
      text: 'One row an exception sheet. Strike out the rows that stay empty.',
      rows: {
        blank: 3,
        columns: [
          stepColumn,
          { id: 'expected', label: 'Expected', kind: 'long' },
          { id: 'happened', label: 'Happened', kind: 'long' },
          { id: 'decided', label: 'Decided', kind: 'long' },
          { id: 'by', label: 'By', kind: 'initials' },
        ],
      },
    },
    {
      id: 'attestations',
      title: 'Attestations',
      text: 'I was present, I have read this log, and it says what I saw.',
      rows: {
        blank: 3,
        columns: [
          { id: 'person', label: 'Id', kind: 'text', size: 20 },
          { id: 'name', label: 'Name', kind: 'text', size: 60 },
          { id: 'statement', label: 'Statement', kind: 'choice', choices: ['agree', 'do not agree'] },
          { id: 'date', label: 'Date', kind: 'date' },
          { id: 'signature', label: 'Signature', kind: 'signature' },
        ],
      },
    },
  ],
};
