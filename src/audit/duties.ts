/** The duties of custody: what must be done with a shard, and how often. Proposal P4 of the runbook. */
import type { AuditAction } from './actions';

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

/** How often regular work comes round. */
export type Rhythm = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** Regular work whose proof is a record of the trail: the rows of the calendar page, where a test compares them. */
export const REGULAR_WORK: readonly {
  readonly title: string;
  readonly every: Rhythm;
  readonly actions: readonly AuditAction[];
}[] = [
  { title: 'Head handed over', every: 'day', actions: ['trail.anchored'] },
  { title: 'State of each unwrapping key', every: 'week', actions: ['provider.checked'] },
  { title: 'Logs of the providers reconciled', every: 'month', actions: ['trail.reviewed'] },
  { title: 'Every wrapped shard proved', every: 'quarter', actions: ['shard.proved'] },
  { title: 'Every bag looked at', every: 'quarter', actions: ['bag.inspected', 'attestation.signed'] },
  { title: 'Every custodian called', every: 'quarter', actions: ['custodian.contacted'] },
  { title: 'Every alarm fired', every: 'quarter', actions: ['alarm.raised'] },
  { title: 'Export of the registry restored', every: 'quarter', actions: ['backup.verified'] },
  { title: 'Deployment compared with the attestations', every: 'quarter', actions: ['access.reviewed'] },
  { title: 'Every sheet checked', every: 'year', actions: ['shard.proved', 'bag.sealed'] },
  { title: 'Exercise by people', every: 'year', actions: ['report.filed'] },
  { title: 'Fake request for a shard', every: 'year', actions: ['request.refused'] },
  { title: 'Algorithms and plans reviewed', every: 'year', actions: ['review.completed'] },
  {
    title: 'Acknowledgements signed again',
    every: 'year',
    actions: ['custodian.acknowledged', 'ledger.checked'],
  },
];

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
