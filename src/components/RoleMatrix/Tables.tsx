/** The roles as tables: duties, the grid of forbidden pairs, and the reasons. */
import type { ReactNode } from 'react';
import DataTable from '../DataTable';
import type { ForbiddenPair } from './roster';
import { strings } from './strings';
import styles from './styles.module.css';

export interface RoleInfo {
  readonly id: string;
  readonly title: string;
  readonly duty: string;
  /** Shards that a holder opens alone by this role, and those that take a second person. */
  readonly alone: readonly number[];
  readonly withOthers: readonly number[];
}

export interface TablesProps {
  readonly roles: readonly RoleInfo[];
  readonly pairs: readonly ForbiddenPair[];
}

/** The pair of two roles, in either order. */
function pairOf(pairs: readonly ForbiddenPair[], a: string, b: string): ForbiddenPair | undefined {
  return pairs.find(({ roles }) => roles.includes(a) && roles.includes(b) && a !== b);
}

function Cell({ same, rule }: { same: boolean; rule: string | undefined }): ReactNode {
  if (rule !== undefined) return <strong>{rule}</strong>;
  return (
    <>
      <span aria-hidden="true">{same ? '·' : '–'}</span>
      <span className={styles.spoken}>{same ? strings.same : strings.allowed}</span>
    </>
  );
}

/** `1, 2, 3 alone; 4 with a second person` */
function opened({ alone, withOthers }: RoleInfo): string {
  const parts = [
    ...(alone.length > 0 ? [`${alone.join(', ')} ${strings.alone}`] : []),
    ...(withOthers.length > 0 ? [`${withOthers.join(', ')} ${strings.withOthers}`] : []),
  ];
  return parts.join('; ') || strings.nothing;
}

export default function Tables({ roles, pairs }: TablesProps): ReactNode {
  const title = (id: string) => roles.find((role) => role.id === id)?.title ?? id;
  const paired = roles.filter(({ id }) => pairs.some((pair) => pair.roles.includes(id)));
  return (
    <>
      <DataTable
        caption={strings.duties}
        columns={[
          { label: strings.role },
          { label: strings.duty },
          { label: strings.opens },
          { label: strings.forbidden },
        ]}
        rows={roles.map((role) => {
          const others = pairs.flatMap(({ roles: [a, b], rule }) =>
            a === role.id ? [`${title(b)} (${rule})`] : b === role.id ? [`${title(a)} (${rule})`] : [],
          );
          return {
            key: role.id,
            head: role.title,
            cells: [role.duty, opened(role), others.join(', ') || strings.none],
          };
        })}
      />
      <DataTable
        grid
        caption={strings.grid}
        columns={[{ label: strings.role }, ...paired.map((role) => ({ label: role.title, short: true }))]}
        rows={paired.map((row) => ({
          key: row.id,
          head: row.title,
          cells: paired.map((column) => (
            <Cell key={column.id} same={row.id === column.id} rule={pairOf(pairs, row.id, column.id)?.rule} />
          )),
        }))}
      />
      <DataTable
        caption={strings.reasons}
        columns={[{ label: strings.rule, short: true }, { label: strings.pair }, { label: strings.reason }]}
        rows={pairs.map(({ rule, roles: [a, b], reason }) => ({
          key: rule,
          head: rule,
          cells: [`${title(a)} – ${title(b)}`, reason],
        }))}
      />
    </>
  );
}
