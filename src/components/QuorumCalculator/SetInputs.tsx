/** Fields of the set: M, N, and the times. */
import { type ReactNode, useState } from 'react';
import { maxShards } from '../../quorum/types';
import NumberField from './NumberField';
import { type Scenario, withShardCount } from './scenario';
import { strings } from './strings';
import styles from './styles.module.css';
import WholeField from './WholeField';

export interface InputsProps {
  readonly scenario: Scenario;
  readonly change: (scenario: Scenario) => void;
}

export default function SetInputs({ scenario, change }: InputsProps): ReactNode {
  // While N is typed, "1" on the way to "12" must not throw shards away for good.
  const [before, setBefore] = useState<Scenario>();
  const count = scenario.shards.length;
  return (
    <fieldset className={styles.fields}>
      <legend>{strings.set}</legend>
      <WholeField
        label={strings.threshold}
        value={scenario.threshold}
        max={count}
        change={(threshold) => change({ ...scenario, threshold })}
      />
      <WholeField
        label={strings.count}
        value={count}
        max={maxShards}
        enter={() => setBefore(scenario)}
        leave={() => setBefore(undefined)}
        change={(size) => change(withShardCount(before ?? scenario, size))}
      />
      <NumberField
        label={strings.rate}
        value={scenario.rate}
        change={(rate) => change({ ...scenario, rate })}
      />
      <NumberField
        label={strings.interval}
        value={scenario.interval}
        change={(interval) => change({ ...scenario, interval })}
      />
    </fieldset>
  );
}
