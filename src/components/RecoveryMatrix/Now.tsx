/** The outcome in one line that stays in view while boxes are ticked. What it says is read aloud from the outcome itself. */
import type { ReactNode } from 'react';
import { formatList } from '../format';
import type { OutcomeProps } from './Outcome';
import { strings } from './strings';
import styles from './styles.module.css';

export default function Now({ input, situation }: Pick<OutcomeProps, 'input' | 'situation'>): ReactNode {
  const { left, paths, assessment } = situation;
  const { compromise, availability } = assessment;
  const best = paths[0];
  return (
    <p className={styles.now} aria-hidden="true">
      <strong>{[compromise, availability].filter(Boolean).join(', ')}</strong>
      {` ${left.length} of ${input.shards.length} left, ${input.threshold} needed. `}
      {best === undefined || compromise === 'BLACK-C'
        ? strings.noPathLeft
        : `${strings.bestPath} ${formatList(best.shards)}, ${best.minutes} min.`}
    </p>
  );
}
