/** Sections that every log of a procedure has. One list each, so that the logs stay the same. */
import type { Deployment } from '../../deployment/deployment';
import type { Role } from '../../deployment/roles';
import { stepColumn } from './columns';
import { type Field, type FormSource, personCell, type Section, type Values } from './form';

const atBegin = 'Real or exercise, date and begin: internal witness, at the first step.';

const atEnd = 'End: internal witness, at the last step.';

/** When the procedure ran, and whether it counts. */
export const moments: readonly Field[] = [
  { id: 'mode', label: 'This is', kind: 'choice', choices: ['real', 'exercise'], by: atBegin },
  { id: 'date', label: 'Date (UTC)', kind: 'date', by: atBegin },
  { id: 'begin', label: 'Begin (UTC)', kind: 'time', by: atBegin },
  { id: 'end', label: 'End (UTC)', kind: 'time', after: 'begin', days: ['date', 'until'], by: atEnd },
  { id: 'until', label: 'End date, if a later one', kind: 'date', after: 'date', by: atEnd },
];

/** One row a person, with all the roles that the person has on the day. */
export function peopleOf(
  deployment: Deployment,
  invited: readonly (keyof Deployment['roles'])[],
): readonly { person: string; roles: string }[] {
  const roles = new Map<string, string[]>();
  const add = (person: string, role: string): void => {
    const held = roles.get(person) ?? [];
    if (!held.includes(role)) roles.set(person, [...held, role]);
  };
  for (const role of invited) for (const person of deployment.roles[role] ?? []) add(person, role);
  const custodian: Role = 'custodian';
  for (const shard of deployment.shards) if (shard.medium === 'paper') add(shard.custodian, custodian);
  return [...roles].map(([person, held]) => ({ person, roles: held.join(' ') }));
}

/** What the sections below hold before anybody writes. */
export function peopleCells(
  { deployment }: FormSource,
  invited: readonly (keyof Deployment['roles'])[],
): { readonly people: readonly Values[]; readonly attestations: readonly Values[] } {
  const present = peopleOf(deployment, invited);
  const named = ({ person }: { person: string }) => ({ person, name: personCell(deployment, person) });
  return {
    people: present.map((one) => ({ ...named(one), roles: one.roles })),
    attestations: present.map(named),
  };
}

/** The instruction up to the end of its first sentence. */
const firstSentence = (text: string): string =>
  /^[\s\S]*?[.?!](?=\s|$)/.exec(text)?.[0].replace(/\s+/g, ' ') ?? text;

/** The steps of a page, each a row. */
export function stepCells({ procedures }: FormSource, file: string): readonly Values[] {
  const page = procedures.find((one) => one.file === file);
  return (page?.steps ?? []).map(({ id, text }) => ({ step: id, action: firstSentence(text) }));
}

const person: Field = { id: 'person', label: 'Id', kind: 'text', size: 20 };
const name: Field = { id: 'name', label: 'Name', kind: 'text', size: 60 };
const beforehand = 'Names, roles and initials: each person, before the first step.';

/** Who took part. `more` stands between roles and initials. */
export function people(more: readonly Field[] = [], text?: string): Section {
  return {
    id: 'people',
    title: 'People',
    ...(text === undefined ? {} : { text }),
    rows: {
      blank: 3,
      columns: [
        { ...person, by: beforehand },
        { ...name, by: beforehand },
        { id: 'roles', label: 'Roles', kind: 'text', size: 120, by: beforehand },
        ...more,
        { id: 'initials', label: 'Initials', kind: 'initials', by: beforehand },
      ],
    },
  };
}

export const steps: Section = {
  id: 'steps',
  title: 'Steps',
  text: 'Times are UTC. A step that was not done has its reason under Deviation.',
  by: 'Whoever does the step and its witness, when it is done.',
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
};

export const exceptions: Section = {
  id: 'exceptions',
  title: 'Exceptions',
  text: 'One row for each exception sheet. Strike out the rows that stay empty.',
  by: 'Internal witness, when a step did not go as printed.',
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
};

export const attestations: Section = {
  id: 'attestations',
  title: 'Attestations',
  text: 'I was present, I have read this log, and it says what I saw.',
  rows: {
    blank: 3,
    columns: [
      person,
      name,
      { id: 'statement', label: 'Statement', kind: 'choice', choices: ['agree', 'do not agree'] },
      { id: 'date', label: 'Date', kind: 'date' },
      { id: 'signature', label: 'Signature', kind: 'signature' },
    ],
  },
};

/** Fields of a digest have room for 64 hexadecimal digits. */
export const digest = (id: string, label: string): Field => ({ id, label, kind: 'text', size: 64 });

/** What of each wrapped shard is public: a second log of the same set holds the same values. */
export const wrapped: Section = {
  id: 'wrapped',
  title: 'Wrapped shards',
  text: 'The digest of the public key is written down when the key is made, and compared again in the room.',
  rows: {
    blank: 1,
    columns: [
      { id: 'shard', label: 'Shard', kind: 'number', size: 4 },
      { id: 'label', label: 'Label', kind: 'serial', size: 8 },
      { id: 'key', label: 'Wrapping key', kind: 'text', size: 200 },
      digest('public', 'SHA-256 of its public key'),
      digest('wrapped', 'SHA-256 of the wrapped shard'),
    ],
  },
};

/** The shards whose wrapping keys are known. */
export const wrappedCells = ({ shards }: Deployment): readonly Values[] =>
  shards
    .filter(({ medium }) => medium === 'wrapped')
    .map(({ n, keyReference }) => ({ shard: String(n), key: keyReference }));

const atSeal = 'Serial number, custodian and time: internal witness, when the bag is sealed.';

export const bags: Section = {
  id: 'bags',
  title: 'Bags',
  rows: {
    blank: 2,
    columns: [
      { id: 'shard', label: 'Shard', kind: 'number', size: 4 },
      { id: 'label', label: 'Label', kind: 'serial', size: 8 },
      { id: 'serial', label: 'Bag serial', kind: 'serial', size: 10, by: atSeal },
      { id: 'custodian', label: 'Handed to', kind: 'text', size: 60, by: atSeal },
      { id: 'time', label: 'Time', kind: 'time', by: atSeal },
    ],
  },
};

/** The bags that are known beforehand. */
export const bagCells = (deployment: Deployment): readonly Values[] =>
  deployment.shards
    .filter(({ medium }) => medium === 'paper')
    .map(({ n, custodian }) => ({ shard: String(n), custodian: personCell(deployment, custodian) }));

/** Shards that were opened to compute with them. */
export const opened: Section = {
  id: 'opened',
  title: 'Shards opened',
  text: 'One row for each shard. A sheet that left its safe has the serial number of its old and of its new bag.',
  by: 'Internal witness, when the shard lies open and when its sheet is in a bag again.',
  rows: {
    blank: 5,
    columns: [
      { id: 'shard', label: 'Shard', kind: 'number', size: 4 },
      { id: 'label', label: 'Label', kind: 'serial', size: 8 },
      { id: 'time', label: 'Opened', kind: 'time' },
      { id: 'before', label: 'Serial before', kind: 'serial', size: 10 },
      { id: 'after', label: 'Serial after', kind: 'serial', size: 10 },
    ],
  },
};
