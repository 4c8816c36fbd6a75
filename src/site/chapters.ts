/** The chapters of the runbook in reading order of somebody under stress: what is on fire comes first. */
export const chapters = [
  { folder: 'emergency', label: 'Emergency' },
  { folder: 'introduction', label: 'Introduction' },
  { folder: 'ceremony', label: 'Ceremony' },
  { folder: 'lifecycle', label: 'Lifecycle' },
  { folder: 'audit', label: 'Audit' },
] as const;
