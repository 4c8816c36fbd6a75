/** A short trail with real digests: the example of the reference page, and what a writer in another language is tested against. */
import { headOf, NO_RECORD, type Sealed, seal } from './chain';
import type { EventDraft } from './event';

const BY = {
  actor: 'ines-example',
  actorRole: 'recovery-operator',
  clockOffsetMs: 12,
  clockSource: 'ntp',
  mode: 'real',
  outcome: 'ok',
} as const;
const SEEN = { witness: 'wanda-example', witnessRole: 'internal-witness' } as const;

/** Every kind of member occurs, and so do letters beyond ASCII, a negative number and a failure. */
const DRAFTS: readonly EventDraft[] = [
  { ...BY, action: 'trail.opened', actorRole: 'log-custodian', time: '2026-11-23T09:00:00.000Z' },
  {
    ...BY,
    ...SEEN,
    action: 'shard.unwrapped',
    generation: 1,
    key: 'example-key',
    keyVersion: 1,
    provider: 'aws-kms us-east-1',
    requestId: '5f1c2d3e-0000-4000-8000-00000000000c',
    shard: '9F3A-083',
    step: 'UNS-S1-04',
    time: '2026-11-23T09:30:00.000Z',
  },
  {
    ...BY,
    ...SEEN,
    action: 'key.combined',
    clockOffsetMs: -250,
    detail: { room: 'Zürich, 2nd floor', shards: 3 },
    digests: { manifest: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' },
    key: 'example-key',
    keyVersion: 1,
    outcome: 'failed',
    reason: 'the commitment differs: one shard is of another set',
    step: 'UNS-09',
    time: '2026-11-23T09:31:07.250Z',
  },
];

export function exampleTrail(): Sealed[] {
  let head = NO_RECORD;
  return DRAFTS.map((draft) => {
    const sealed = seal(draft, head);
    head = headOf(sealed.event);
    return sealed;
  });
}
