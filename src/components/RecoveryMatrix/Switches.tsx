/** Boxes for what is down and what is breached. */
import { memo, type ReactNode } from 'react';
import type { QuorumInput } from '../../quorum/types';
import DataTable from '../DataTable';
import { formatKind } from '../format';
import { canBeDown, keyOf, switches } from './domains';
import type { Ticked } from './situation';
import { strings } from './strings';
import styles from './styles.module.css';

export interface SwitchesProps {
  readonly input: QuorumInput;
  readonly ticked: Ticked;
  readonly change: (ticked: Ticked) => void;
}

function Switches({ input, ticked, change }: SwitchesProps): ReactNode {
  const box = (column: 'down' | 'breached', key: string, name: string) => (
    <label className={styles.box}>
      <input
        type="checkbox"
        aria-label={`${strings[column]}: ${name}`}
        checked={ticked[column].includes(key)}
        onChange={({ target }) => {
          const others = ticked[column].filter((other) => other !== key);
          change({ ...ticked, [column]: target.checked ? [...others, key] : others });
        }}
      />
    </label>
  );
  return (
    <DataTable
      whole
      caption={strings.what}
      columns={[
        { label: strings.domain },
        { label: strings.down },
        { label: strings.breached },
        { label: strings.kind },
        { label: strings.shards },
      ]}
      rows={switches(input).map((domain) => {
        const key = keyOf(domain);
        const name = `${domain.name} (${formatKind(domain.kind)})`;
        return {
          key,
          head: (
            <>
              {domain.name}
              <small className={styles.below} aria-hidden="true">
                {`${formatKind(domain.kind)}${domain.kind === 'shard' ? '' : `: ${domain.shards.join(', ')}`}`}
              </small>
            </>
          ),
          cells: [
            canBeDown(input, domain) ? box('down', key, name) : strings.notLosable,
            domain.breachable === false ? strings.notBreachable : box('breached', key, name),
            formatKind(domain.kind),
            domain.shards.join(', '),
          ],
        };
      })}
    />
  );
}

/** Rendered anew only when something it shows is another. */
export default memo(Switches);
