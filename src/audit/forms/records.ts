/** Sheets that are written while things happen: access to a safe, an exception, an incident, an exercise. */
import { signatures, stepColumn } from './columns';
import type { FormDescription } from './form';

export const safeAccessLog: FormDescription = {
  id: 'safe-access-log',
  title: 'Safe access log',
  also: ['safe log', 'log of the safe'],
  sections: [
    {
      id: 'safe',
      title: 'Safe',
      text: 'Hangs inside the door. One line each time that the safe is opened, even when nothing is taken.',
      by: 'Safe controllers, when a new sheet is hung up.',
      fields: [
        { id: 'safe', label: 'Safe', kind: 'text', size: 60 },
        { id: 'building', label: 'Building', kind: 'text', size: 60 },
        { id: 'sheet', label: 'Sheet number', kind: 'number', size: 4 },
      ],
    },
    {
      id: 'accesses',
      title: 'Openings',
      rows: {
        blank: 11,
        columns: [
          { id: 'date', label: 'Date', kind: 'date' },
          { id: 'opened', label: 'Opened', kind: 'time' },
          { id: 'closed', label: 'Closed', kind: 'time', after: 'opened' },
          { id: 'serial', label: 'Bag serial', kind: 'serial', size: 10 },
          { id: 'movement', label: 'Bag', kind: 'choice', choices: ['in', 'out', 'seen'] },
          { id: 'purpose', label: 'Purpose, and step or incident', kind: 'text', size: 40 },
          { id: 'first', label: 'First', kind: 'initials' },
          { id: 'signature', label: 'Signature', kind: 'signature' },
          { id: 'second', label: 'Second', kind: 'initials' },
          { id: 'countersignature', label: 'Signature', kind: 'signature' },
        ],
      },
    },
  ],
};

export const exceptionSheet: FormDescription = {
  id: 'exception-sheet',
  title: 'Exception sheet',
  sections: [
    {
      id: 'exception',
      title: 'Exception',
      text: 'One sheet for each exception. Unused sheets are struck through, counted and kept.',
      fields: [
        { id: 'number', label: 'Number', kind: 'number', size: 4 },
        { id: 'date', label: 'Date', kind: 'date' },
        { id: 'time', label: 'Begin (UTC)', kind: 'time' },
        stepColumn,
        { id: 'expected', label: 'Expected', kind: 'long' },
        { id: 'happened', label: 'Happened', kind: 'long' },
        { id: 'decided', label: 'Decided, and by whom', kind: 'long' },
        { id: 'effect', label: 'Effect on the evidence', kind: 'long' },
        { id: 'outcome', label: 'The procedure', kind: 'choice', choices: ['goes on', 'was aborted'] },
      ],
    },
    signatures(),
  ],
};

export const incidentLog: FormDescription = {
  id: 'incident-log',
  title: 'Incident log',
  also: ['on the sheet', 'incident sheet'],
  prefill: ({ deployment: { key } }) => ({
    incident: { key: key.name, version: String(key.version), generation: String(key.generation) },
  }),
  sections: [
    {
      id: 'incident',
      title: 'Incident',
      text: 'Write facts with their time, not opinions. “Not known” is an answer.',
      fields: [
        { id: 'number', label: 'Incident number', kind: 'text', size: 30 },
        { id: 'key', label: 'Key', kind: 'text', size: 60 },
        { id: 'version', label: 'Version', kind: 'number' },
        { id: 'generation', label: 'Generation', kind: 'number' },
        { id: 'lead', label: 'Recovery lead', kind: 'text', size: 60 },
        {
          id: 'live',
          label: 'L: key live in a process',
          kind: 'choice',
          choices: ['yes', 'no', 'not known'],
        },
        { id: 'healthy', label: 'H: healthy shards', kind: 'number', size: 4 },
        { id: 'exposed', label: 'E: exposed shards', kind: 'number', size: 4 },
        { id: 'shards', label: 'Quorum chosen', kind: 'text', size: 30 },
      ],
    },
    {
      id: 'events',
      title: 'What happened when',
      rows: {
        blank: 17,
        columns: [
          { id: 'date', label: 'Date', kind: 'date' },
          { id: 'time', label: 'Time (UTC)', kind: 'time' },
          { id: 'what', label: 'What happened, was seen or was decided', kind: 'long' },
          stepColumn,
          { id: 'by', label: 'By', kind: 'initials' },
        ],
      },
    },
    {
      id: 'close',
      title: 'Close',
      fields: [
        { id: 'date', label: 'Date', kind: 'date' },
        { id: 'time', label: 'Time (UTC)', kind: 'time' },
        { id: 'reason', label: 'Why it may be closed', kind: 'long' },
        { id: 'signature', label: 'Recovery lead', kind: 'signature' },
      ],
    },
  ],
};

export const exerciseSheet: FormDescription = {
  id: 'exercise-sheet',
  title: 'Exercise sheet',
  sections: [
    {
      id: 'exercise',
      title: 'Exercise',
      text: 'An exercise uses a TEST set. The people work with the site or its print, and with nothing else.',
      by: 'Leader of the exercise, when it begins and ends.',
      fields: [
        { id: 'date', label: 'Date', kind: 'date' },
        { id: 'scenario', label: 'Scenario', kind: 'text' },
        { id: 'page', label: 'Page that was followed', kind: 'text' },
        { id: 'begin', label: 'Dealt (UTC)', kind: 'time' },
        { id: 'end', label: 'Key live again (UTC)', kind: 'time', after: 'begin' },
        { id: 'target', label: 'Target (min)', kind: 'number' },
        { id: 'result', label: 'Result', kind: 'choice', choices: ['recovered', 'not recovered', 'stopped'] },
      ],
    },
    {
      id: 'injects',
      title: 'What was dealt',
      by: 'Leader of the exercise, at each inject.',
      rows: {
        blank: 6,
        columns: [
          { id: 'time', label: 'Time', kind: 'time' },
          { id: 'inject', label: 'Inject', kind: 'long' },
          { id: 'answer', label: 'What people did', kind: 'long' },
        ],
      },
    },
    {
      id: 'findings',
      title: 'Findings',
      text: 'What was unclear, missing, slow or wrong in the runbook, with the step.',
      by: 'Everybody, when the exercise is discussed.',
      rows: {
        blank: 12,
        columns: [
          stepColumn,
          { id: 'finding', label: 'Finding', kind: 'long' },
          { id: 'owner', label: 'Owner', kind: 'text', size: 40 },
          { id: 'due', label: 'Due', kind: 'date' },
        ],
      },
    },
    signatures([], undefined, 3, 'Leader and team, after the discussion.'),
  ],
};
