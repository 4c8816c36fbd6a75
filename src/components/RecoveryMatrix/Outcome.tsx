/** The answer: states, counts, and the paths that are left, best first. */
import { memo, type ReactNode } from 'react';
import type { QuorumInput } from '../../quorum/types';
import { formatCount, formatList, formatMany } from '../format';
import KeyStateNotice from '../KeyState';
import type { StatePages } from '../KeyState/states';
import Paths from './Paths';
import type { Situation } from './situation';
import { strings } from './strings';

export interface OutcomeProps {
  readonly input: QuorumInput;
  readonly situation: Situation;
  readonly unseal: string;
  /** Whether anything is ticked. Without it nobody has said how the key is. */
  readonly isAsked: boolean;
  readonly pages: StatePages;
}

function summary({ threshold, shards }: QuorumInput, { left, exposed, pathCount }: Situation): string {
  const parts = [
    `${formatMany(left.length, 'healthy shard')} of ${shards.length} left${left.length > 0 ? ` (${formatList(left)})` : ''}, ${threshold} needed`,
    left.length >= threshold
      ? `a quorum remains, ${formatCount(pathCount)} ${pathCount === 1n ? 'path' : 'paths'}`
      : 'no quorum remains',
    exposed.length > 0
      ? `${formatMany(exposed.length, 'shard')} exposed (${formatList(exposed)})`
      : 'no shard exposed',
  ];
  return `${parts.join('; ')}.`;
}

function Outcome({ input, situation, unseal, isAsked, pages }: OutcomeProps): ReactNode {
  const { assessment, paths, lastResort, fallbacks, exposed, paperNeeded } = situation;
  const { compromise, availability } = assessment;
  return (
    <section aria-label={strings.situation}>
      <div role="status">
        <p>
          {summary(input, situation)}
          {paperNeeded ? ' Every path needs paper.' : ''}
          {fallbacks.length > 0 ? ` ${strings.fallback} ${fallbacks.join('; ')}.` : ''}
        </p>
        {isAsked ? null : <p data-no-verdict="">{strings.noVerdict}</p>}
        {isAsked && compromise ? <KeyStateNotice state={compromise} pages={pages} /> : null}
        {isAsked && availability ? <KeyStateNotice state={availability} pages={pages} /> : null}
      </div>
      {compromise === 'BLACK-C' ? null : (
        <>
          <Paths caption={strings.paths} paths={paths} input={input} unseal={unseal} exposed={exposed} />
          <Paths
            caption={strings.lastResort}
            paths={lastResort}
            input={input}
            unseal={unseal}
            exposed={exposed}
          />
        </>
      )}
    </section>
  );
}

/** Rendered anew only when something it shows is another. */
export default memo(Outcome);
