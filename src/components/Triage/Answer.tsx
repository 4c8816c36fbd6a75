/** The verdict of the triage, or why there is none. */
import type { ReactNode } from 'react';
import KeyStateNotice from '../KeyState';
import type { PageLink, StatePages } from '../KeyState/states';
import type { Answers, Question, Verdict } from './answers';
import { strings } from './strings';

export interface AnswerProps {
  readonly threshold: number;
  readonly pages: StatePages;
  /** The page that brings the key back. */
  readonly unseal: PageLink;
  /** The page that counts what is left. */
  readonly matrix: PageLink;
}

/** What comes first when no process is known to hold the key and a quorum can bring it back. */
function ColdStart({ live, unseal }: { live: Answers['live']; unseal: PageLink }): ReactNode {
  return (
    <p data-cold-start={live}>
      <strong>{live === 'no' ? strings.coldStart : strings.liveUnknown}</strong>{' '}
      <a href={unseal.href}>{unseal.title}</a>
    </p>
  );
}

/** What stands in the way of a verdict, in words. */
export function NoVerdict({
  open,
  wrong,
}: {
  open: readonly Question[];
  wrong: readonly Question[];
}): ReactNode {
  const missing = open.filter((question) => !wrong.includes(question));
  const names = (list: readonly Question[]) => list.map((question) => strings.names[question]).join('; ');
  return (
    <p data-no-verdict={open.join(' ')}>
      <strong>{strings.noVerdict}</strong>
      {wrong.length > 0 ? ` ${strings.unusable} ${names(wrong)}.` : ''}
      {missing.length > 0 ? ` ${strings.unanswered} ${names(missing)}.` : ''}
    </p>
  );
}

export function Answer({ found, ...props }: AnswerProps & { found: Extract<Verdict, { answers: Answers }> }) {
  const { threshold, pages, unseal, matrix } = props;
  const { answers, assessment } = found;
  const { compromise, availability, oneShort, previousAlive } = assessment;
  const { live, healthy } = answers;
  const cold = compromise !== 'BLACK-C' && live !== 'yes' && healthy !== 'unknown' && healthy >= threshold;
  return (
    <>
      {cold ? <ColdStart live={live} unseal={unseal} /> : null}
      {cold && compromise ? <p>{strings.exposedToo}</p> : null}
      {compromise ? <KeyStateNotice state={compromise} pages={pages} /> : null}
      {oneShort ? <p>{strings.oneShort}</p> : null}
      {previousAlive ? <p>{strings.previousAlive}</p> : null}
      {compromise !== 'BLACK-C' && healthy === 'unknown' ? (
        <p data-open="healthy">
          <strong>{strings.healthyOpen}</strong> <a href={matrix.href}>{matrix.title}</a>
        </p>
      ) : null}
      {availability ? <KeyStateNotice state={availability} pages={pages} /> : null}
    </>
  );
}
