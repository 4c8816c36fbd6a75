/** What was ticked, for paper, which shows no boxes: an outcome without its reasons would be taken for that of another night. */
import type { ReactNode } from 'react';
import type { QuorumInput } from '../../quorum/types';
import { formatKind } from '../format';
import { keyOf, switches } from './domains';
import type { Ticked } from './situation';
import { strings } from './strings';
import styles from './styles.module.css';

export interface PrintedTicksProps {
  readonly input: QuorumInput;
  readonly ticked: Ticked;
}

export default function PrintedTicks({ input, ticked }: PrintedTicksProps): ReactNode {
  const named = (keys: readonly string[]): string =>
    switches(input)
      .filter((domain) => keys.includes(keyOf(domain)))
      .map(({ name, kind }) => `${name} (${formatKind(kind)})`)
      .join(', ') || strings.nothing;
  return (
    <dl className={styles.ticked}>
      <dt>{strings.down}</dt>
      <dd>{named(ticked.down)}</dd>
      <dt>{strings.breached}</dt>
      <dd>{named(ticked.breached)}</dd>
      <dt>{strings.live}</dt>
      <dd>{ticked.live ? strings.yes : strings.no}</dd>
    </dl>
  );
}
