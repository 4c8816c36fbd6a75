/** Steps that are done only while one region is down. The reader sees its heading; the drill reads the id. */
import type { ReactNode } from 'react';

interface Props {
  /** Provider and region, as `aws-kms:us-east-1`. */
  readonly region: string;
  readonly children: ReactNode;
}

export default function IfDown({ region, children }: Props): ReactNode {
  return <div data-down={region}>{children}</div>;
}
