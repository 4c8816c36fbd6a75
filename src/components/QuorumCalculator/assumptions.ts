/** Probabilities that the calculator starts with. They are assumptions for a year, not measurements: replace them by your own. */

export interface Assumption {
  /** The chance that the domain, or the shard by itself, is unusable when it is needed. */
  readonly down: string;
  /** The chance that it is breached, with all its shards, before the next reshare. */
  readonly stolen: string;
}

/** A shard by itself: its key deleted by mistake, its sheet unreadable, its bag opened. */
export const ownAssumption: Assumption = { down: '0.01', stolen: '0.001' };

/** By kind of domain; another kind starts with that of a provider. */
export const kindAssumptions: Readonly<Record<string, Assumption>> = {
  provider: { down: '0.002', stolen: '0.0005' },
  account: { down: '0.001', stolen: '0.001' },
  region: { down: '0.002', stolen: '0.0001' },
  'identity-provider': { down: '0.002', stolen: '0.001' },
  administrator: { down: '0', stolen: '0.002' },
  building: { down: '0.001', stolen: '0.0005' },
  safe: { down: '0.005', stolen: '0.001' },
  custodian: { down: '0', stolen: '0.005' },
  database: { down: '0.001', stolen: '0' },
};

/** Losses per shard and year, and years between two checks of all shards. */
export const timeAssumption = { rate: '0.05', interval: '0.25' } as const;
