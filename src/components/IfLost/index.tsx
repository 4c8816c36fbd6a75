/** Steps that are done only when one certain shard is the lost one. The reader sees its heading; the drill reads the number. */
import type { ReactNode } from 'react';

interface Props {
  /** Number of the lost shard. */
  readonly shard: string;
  readonly children: ReactNode;
}

export default function IfLost({ shard, children }: Props): ReactNode {
  return <div data-lost={shard}>{children}</div>;
}
