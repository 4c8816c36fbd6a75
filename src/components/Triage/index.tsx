/** Triage: from L, H, E and S to the state of the key and the page that works on it. */
import { type ReactNode, useEffect, useState } from 'react';
import type { KeyState } from '../../quorum/state';
import DataTable from '../DataTable';
import KeyStateNotice from '../KeyState';
import { type PageLink, type StatePages, stateTexts } from '../KeyState/states';
import { type Answers, noAlarm, triage } from './answers';
import { Choice, Count } from './Question';
import { strings } from './strings';
import styles from './styles.module.css';

export interface TriageProps {
  readonly threshold: number;
  readonly shards: number;
  readonly pages: StatePages;
  /** The page that brings the key back. */
  readonly unseal: PageLink;
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

function Page({ page }: { page: PageLink | undefined }): ReactNode {
  return page ? <a href={page.href}>{page.title}</a> : strings.none;
}

function StateTable({ pages }: Pick<TriageProps, 'pages'>): ReactNode {
  return (
    <DataTable
      caption={strings.table}
      columns={[
        { label: strings.state, short: true },
        { label: strings.test },
        { label: strings.meaning },
        { label: strings.act },
        { label: strings.page },
      ]}
      rows={(Object.keys(stateTexts) as KeyState[]).map((state) => {
        const { test, meaning, act } = stateTexts[state];
        return {
          key: state,
          head: state,
          cells: [test, meaning, act, <Page key="page" page={pages[state]} />],
        };
      })}
    />
  );
}

export default function Triage({ threshold, shards, pages, unseal }: TriageProps): ReactNode {
  const [answers, setAnswers] = useState<Answers>(() => noAlarm(shards));
  const [ready, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  const set = (part: Partial<Answers>) => setAnswers({ ...answers, ...part });
  const { compromise, availability, oneShort, previousAlive } = triage(threshold, answers);
  const cold = compromise !== 'BLACK-C' && answers.live !== 'yes' && answers.healthy >= threshold;
  return (
    <section aria-label={strings.region}>
      <noscript>
        <p>{strings.needsScript}</p>
      </noscript>
      <fieldset className={styles.questions} disabled={!ready}>
        <legend>{`${strings.questions}. ${strings.tolerance}: M = ${threshold}, N = ${shards}.`}</legend>
        <Choice label={strings.seen} value={answers.seen} change={(seen) => set({ seen })} />
        <Count label={strings.exposed} value={answers.exposed} change={(exposed) => set({ exposed })} />
        <Count
          label={strings.healthy}
          value={answers.healthy}
          max={shards}
          change={(healthy) => set({ healthy })}
        />
        <Choice label={strings.live} value={answers.live} change={(live) => set({ live })} />
        <Count label={strings.previous} value={answers.previous} change={(previous) => set({ previous })} />
        <p>{strings.unknownNote}</p>
      </fieldset>
      <div role="status" aria-label={strings.answer}>
        {cold ? <ColdStart live={answers.live} unseal={unseal} /> : null}
        {cold && compromise ? <p>{strings.exposedToo}</p> : null}
        {compromise ? <KeyStateNotice state={compromise} pages={pages} /> : null}
        {oneShort ? <p>{strings.oneShort}</p> : null}
        {previousAlive ? <p>{strings.previousAlive}</p> : null}
        {availability ? <KeyStateNotice state={availability} pages={pages} /> : null}
      </div>
      <StateTable pages={pages} />
    </section>
  );
}
