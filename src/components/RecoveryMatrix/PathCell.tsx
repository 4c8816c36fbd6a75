/** A path as a link to the unseal page with exactly these shards. */
import type { ReactNode } from 'react';
import type { Path } from '../../quorum/recovery';
import { formatList } from '../format';
import { strings } from './strings';
import styles from './styles.module.css';

export interface PathCellProps {
  /** Address of the unseal page; its sections have the anchors `#shard-1` and so on. */
  readonly unseal: string;
  readonly path: Path | undefined;
  readonly exposed?: readonly number[];
}

/** The address that opens the unseal page with these shards on top. */
export function unsealHref(unseal: string, shards: readonly number[]): string {
  return `${unseal}?shards=${shards.join(',')}`;
}

export default function PathCell({ unseal, path, exposed = [] }: PathCellProps): ReactNode {
  if (!path) return <strong>{strings.noPath}</strong>;
  const used = path.shards.filter((n) => exposed.includes(n));
  return (
    <>
      <a
        href={unsealHref(unseal, path.shards)}
        className={styles.path}
        aria-label={`${strings.unseal} ${formatList(path.shards)}`}
      >
        {formatList(path.shards)}
      </a>
      {used.length > 0 ? ` (${strings.exposedInPath}: ${formatList(used)})` : ''}
    </>
  );
}
