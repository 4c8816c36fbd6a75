/** The duties of custody: what must be done with a shard, and how often. Proposal P4 of the runbook. */

/** Regular work on one shard: the days between two times, by the medium of the shard. */
export const DUTIES = {
  proof: { title: 'Proof', wrapped: 91, paper: 365, text: 'Read back and compared with the manifest.' },
  attestation: {
    title: 'Attestation',
    wrapped: undefined,
    paper: 91,
    text: 'Bag and seal seen by the custodian.',
  },
  call: {
    title: 'Call',
    wrapped: 91,
    paper: 91,
    text: 'Custodian and alternate reached on the listed number.',
  },
} as const;

export type Duty = keyof typeof DUTIES;

/** The set that entries can be about; every Deployment is such. */
export interface PresentSet {
  readonly key: { readonly generation: number };
  readonly shards: readonly unknown[];
}

/** An entry of the present generation about a shard that the set lacks. An older set may have had more shards. */
export function isStray(
  { shard, generation }: { readonly shard: number; readonly generation: number },
  { key, shards }: PresentSet,
): boolean {
  return generation === key.generation && shard > shards.length;
}
