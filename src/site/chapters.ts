/** The chapters of the runbook in reading order of somebody under stress: what is on fire comes first. */
const chapters = [
  { folder: 'emergency', label: 'Emergency' },
  { folder: 'introduction', label: 'Introduction' },
  { folder: 'ceremony', label: 'Ceremony' },
  { folder: 'lifecycle', label: 'Lifecycle' },
  { folder: 'audit', label: 'Audit' },
] as const;

/** The adopter's own pages, last in the menu. */
const own = { folder: 'local', label: 'Own pages' } as const;

/** The chapters of a site. @param hasOwn Whether the adopter has pages of its own, in `docs/local/`. */
export function chaptersOf(hasOwn: boolean): readonly ((typeof chapters)[number] | typeof own)[] {
  return hasOwn ? [...chapters, own] : chapters;
}
