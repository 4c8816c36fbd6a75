/**
 * Recovery matrix: tick what is down or breached and see what is left, which paths in which order, and where their steps
 * are. The whole matrix as a table (PrintedMatrix) stands beside it: no tick changes it.
 */
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { QuorumInput } from '../../quorum/types';
import type { StatePages } from '../KeyState/states';
import Now from './Now';
import Outcome from './Outcome';
import PrintedTicks from './PrintedTicks';
import Switches from './Switches';
import { fromQuery, isAsked, nothingTicked, situation, type Ticked, withTicks } from './situation';
import { strings } from './strings';
import styles from './styles.module.css';

export interface RecoveryMatrixProps {
  readonly input: QuorumInput;
  /** Address of the unseal page; its sections have the anchors `#shard-1` and so on. */
  readonly unseal: string;
  /** Where each state is worked on. */
  readonly pages: StatePages;
}

export default function RecoveryMatrix({ input, unseal, pages }: RecoveryMatrixProps): ReactNode {
  const [ticked, setTicked] = useState<Ticked>(nothingTicked);
  const [ready, setReady] = useState(false);
  const outcome = useMemo(() => situation(input, ticked), [input, ticked]);

  // The server knows no address: the first render shows that all is up, then the link is read.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is read once; later the ticks lead.
  useEffect(() => {
    setReady(true);
    if (window.location.search !== '') setTicked(fromQuery(window.location.search, input));
  }, []);

  const change = useCallback((next: Ticked) => {
    setTicked(next);
    window.history.replaceState(window.history.state, '', withTicks(window.location.href, next));
  }, []);

  return (
    <section className={styles.matrix} aria-label={strings.region}>
      <noscript>
        <p>{strings.needsScript}</p>
      </noscript>
      <fieldset className={styles.switches} disabled={!ready}>
        <p>{strings.help}</p>
        <label className={styles.live}>
          <input
            type="checkbox"
            checked={ticked.live}
            onChange={({ target }) => change({ ...ticked, live: target.checked })}
          />
          {strings.live}
        </label>
        <Switches input={input} ticked={ticked} change={change} />
        <button type="button" onClick={() => change(nothingTicked)}>
          {strings.clear}
        </button>
      </fieldset>
      {isAsked(ticked) ? <PrintedTicks input={input} ticked={ticked} /> : null}
      {isAsked(ticked) ? <Now input={input} situation={outcome} /> : null}
      <Outcome input={input} situation={outcome} unseal={unseal} isAsked={isAsked(ticked)} pages={pages} />
    </section>
  );
}
