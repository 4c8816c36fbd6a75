/** Fields of each shard by itself: is it usable, is it stolen. */
import { type ReactNode, useState } from 'react';
import { ownAssumption } from './assumptions';
import NumberField from './NumberField';
import type { InputsProps } from './SetInputs';
import type { ScenarioShard } from './scenario';
import { strings } from './strings';
import styles from './styles.module.css';

export default function ShardInputs({ scenario, change }: InputsProps): ReactNode {
  const [all, setAll] = useState({ usable: '0.99', stolen: ownAssumption.stolen });
  const set = (index: number, part: Partial<ScenarioShard>) =>
    change({
      ...scenario,
      shards: scenario.shards.map((shard, i) => (i === index ? { ...shard, ...part } : shard)),
    });
  return (
    <fieldset className={styles.fields}>
      <legend>{strings.shards}</legend>
      <p className={styles.help}>{strings.shardsHelp}</p>
      <div className={`${styles.row} ${styles.forAll}`}>
        <strong>{strings.allShards}</strong>
        <NumberField
          label={strings.usable}
          of={strings.allShards}
          value={all.usable}
          change={(usable) => setAll({ ...all, usable })}
        />
        <NumberField
          label={strings.stolen}
          of={strings.allShards}
          value={all.stolen}
          change={(stolen) => setAll({ ...all, stolen })}
        />
        <button
          type="button"
          onClick={() =>
            change({ ...scenario, shards: scenario.shards.map((shard) => ({ ...shard, ...all })) })
          }
        >
          {strings.apply}
        </button>
      </div>
      <ol className={styles.list}>
        {scenario.shards.map((shard, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a shard is its place in the set.
          <li key={index} className={styles.row}>
            <span>{`${index + 1} · ${shard.name}`}</span>
            <NumberField
              label={strings.usable}
              of={shard.name}
              value={shard.usable}
              change={(usable) => set(index, { usable })}
            />
            <NumberField
              label={strings.stolen}
              of={shard.name}
              value={shard.stolen}
              change={(stolen) => set(index, { stolen })}
            />
          </li>
        ))}
      </ol>
    </fieldset>
  );
}
