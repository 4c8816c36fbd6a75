/** Paths as a table, best first, each a link to the unseal page and to the steps of its shards. */
import type { ReactNode } from 'react';
import type { Path } from '../../quorum/recovery';
import type { QuorumInput } from '../../quorum/types';
import DataTable from '../DataTable';
import PathCell, { unsealHref } from './PathCell';
import { strings } from './strings';

export interface PathsProps {
  readonly caption: string;
  readonly paths: readonly Path[];
  readonly input: QuorumInput;
  readonly unseal: string;
  readonly exposed: readonly number[];
}

function Steps({ path, input, unseal }: Pick<PathsProps, 'input' | 'unseal'> & { path: Path }): ReactNode {
  return path.shards.map((n, index) => (
    <span key={n}>
      {index > 0 ? ', ' : ''}
      <a
        href={`${unsealHref(unseal, path.shards)}#shard-${n}`}
      >{`${n} ${input.shards.find((shard) => shard.n === n)?.name}`}</a>
    </span>
  ));
}

export default function Paths({ caption, paths, input, unseal, exposed }: PathsProps): ReactNode {
  if (paths.length === 0) return null;
  return (
    <DataTable
      caption={caption}
      columns={[
        { label: strings.path },
        { label: strings.minutes, numeric: true },
        { label: strings.people, numeric: true },
        { label: strings.paper },
        { label: strings.permissions },
        { label: strings.steps, wide: true },
      ]}
      rows={paths.map((path) => ({
        key: path.shards.join(),
        head: <PathCell unseal={unseal} path={path} exposed={exposed} />,
        cells: [
          path.minutes,
          path.people,
          path.paper ? strings.yes : strings.no,
          strings.noPermissions,
          <Steps key="steps" path={path} input={input} unseal={unseal} />,
        ],
      }))}
    />
  );
}
