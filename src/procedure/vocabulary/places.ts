/** Places at which steps happen. What lies at one is not at another until somebody carries it there. */

export const places = {
  'air-gapped': 'The sanitized machine of the room or of a recovery, which never has a network.',
  workstation: 'The workstation of the custodian or alternate of one shard: each shard has its own.',
  administrator: 'The workstation of a provider’s administrator.',
  registry: 'The workstation of the database administrator who keeps the registry.',
  'service-host': 'The machine of the service that uses the key.',
} as const;

/** How a step names its place, in few words. */
const placeLabels: Readonly<Record<keyof typeof places, string>> = {
  'air-gapped': 'air-gapped machine',
  workstation: 'custodian’s workstation',
  administrator: 'administrator’s workstation',
  registry: 'database administrator’s workstation',
  'service-host': 'service host',
};

export type PlaceKind = keyof typeof places;
export const placeKinds = Object.keys(places) as [PlaceKind, ...PlaceKind[]];

/** Name of a place: of the workstations, each shard has one of its own, `workstation-2`. */
export const placeName = (kind: PlaceKind, shard: number | undefined): string =>
  kind === 'workstation' ? `workstation-${shard ?? '?'}` : kind;

/** What stands beside the actor of a step, such as `air-gapped machine`. */
export const placeLabel = (kind: PlaceKind): string => placeLabels[kind];

/** The kind of a place, by its name. */
export const kindOfPlace = (name: string): PlaceKind =>
  placeKinds.find((kind) => name === kind) ?? 'workstation';

/** Number of the shard whose workstation a place is, by its name; undefined for every other place. */
export const shardOfPlace = (name: string): number | undefined =>
  kindOfPlace(name) === 'workstation' ? Number(/-(\d+)$/.exec(name)?.[1]) : undefined;
