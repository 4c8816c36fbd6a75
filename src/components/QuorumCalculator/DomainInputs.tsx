/** Fields of the domains that shards share, each one event. */
import { type ReactNode, useState } from 'react';
import NumberField from './NumberField';
import type { InputsProps } from './SetInputs';
import type { ScenarioDomain } from './scenario';
import { strings } from './strings';
import styles from './styles.module.css';

/** `1, 2 5` → shard numbers that exist, ascending. */
function readMembers(text: string, count: number): number[] {
  const numbers = (text.match(/\d+/g) ?? []).map(Number).filter((n) => n >= 1 && n <= count);
  return [...new Set(numbers)].sort((a, b) => a - b);
}

export default function DomainInputs({ scenario, change }: InputsProps): ReactNode {
  const { domains } = scenario;
  const count = scenario.shards.length;
  const put = (next: readonly ScenarioDomain[]) => change({ ...scenario, domains: next });
  const set = (index: number, part: Partial<ScenarioDomain>) =>
    put(domains.map((domain, i) => (i === index ? { ...domain, ...part } : domain)));
  const added = {
    kind: strings.newKind,
    name: strings.newDomain,
    shards: [],
    down: '0.001',
    stolen: '0.001',
  };
  return (
    <fieldset className={styles.fields}>
      <legend>{strings.domains}</legend>
      <p className={styles.help}>{strings.domainsHelp}</p>
      <ul className={styles.list}>
        {domains.map((domain, index) => {
          const name = `${domain.name} (${domain.kind})`;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: names may be typed twice, places may not.
            <li key={index} className={styles.row}>
              <span>{name}</span>
              <MembersField
                of={name}
                shards={domain.shards}
                change={(text) => set(index, { shards: readMembers(text, count) })}
              />
              <NumberField
                label={strings.down}
                of={name}
                value={domain.down}
                change={(down) => set(index, { down })}
              />
              <NumberField
                label={strings.breached}
                of={name}
                value={domain.stolen}
                change={(stolen) => set(index, { stolen })}
              />
              <button
                type="button"
                aria-label={`${strings.remove}: ${name}`}
                onClick={() => put(domains.filter((_, i) => i !== index))}
              >
                {strings.remove}
              </button>
            </li>
          );
        })}
      </ul>
      <button type="button" onClick={() => put([...domains, added])}>
        {strings.add}
      </button>
    </fieldset>
  );
}

/** Keeps the text while it is typed; what it means is read when the field is left. */
function MembersField(props: {
  of: string;
  shards: readonly number[];
  change: (text: string) => void;
}): ReactNode {
  const shown = props.shards.join(', ');
  const [draft, setDraft] = useState<string>();
  return (
    <NumberField
      label={strings.members}
      of={props.of}
      value={draft ?? shown}
      list
      change={setDraft}
      leave={() => {
        if (draft !== undefined) props.change(draft);
        setDraft(undefined);
      }}
    />
  );
}
