/** Triage: from L, H, E and S to the state of the key and the page that works on it. */
import { type ReactNode, useEffect, useState } from 'react';
import type { KeyState } from '../../quorum/state';
import DataTable from '../DataTable';
import { type PageLink, stateTexts } from '../KeyState/states';
import { Answer, type AnswerProps, NoVerdict } from './Answer';
import { type Answers, countOf, verdict } from './answers';
import { Choice, Count } from './Question';
import { strings } from './strings';
import styles from './styles.module.css';

export interface TriageProps extends AnswerProps {
  readonly shards: number;
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

/** 255 shards at most, whatever the set. */
const MOST = 255;

export default function Triage(props: TriageProps): ReactNode {
  const { threshold, shards, pages } = props;
  const [choices, setChoices] = useState<Partial<Pick<Answers, 'live' | 'seen'>>>({});
  const [texts, setTexts] = useState({ exposed: '', healthy: '', previous: '' });
  const [ready, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  type Counted = keyof typeof texts;
  const limits: Record<Counted, number> = { exposed: MOST, healthy: shards, previous: MOST };
  const counted = (Object.keys(texts) as Counted[]).map(
    (name) => [name, countOf(texts[name], limits[name])] as const,
  );
  const wrong = counted.flatMap(([name, count]) =>
    count === undefined && texts[name].trim() !== '' ? [name] : [],
  );
  const counts = Object.fromEntries(counted.filter(([, count]) => count !== undefined));
  const found = verdict(threshold, { ...choices, ...counts });
  const count = (name: Counted) => (
    <Count
      label={strings[name]}
      text={texts[name]}
      max={limits[name]}
      change={(text) => setTexts({ ...texts, [name]: text })}
    />
  );
  const choice = (name: 'live' | 'seen') => (
    <Choice
      label={strings[name]}
      value={choices[name]}
      change={(answer) => setChoices({ ...choices, [name]: answer })}
    />
  );
  return (
    <section aria-label={strings.region}>
      <noscript>
        <p>{strings.needsScript}</p>
      </noscript>
      <fieldset className={styles.questions} disabled={!ready}>
        <legend>{`${strings.questions}. ${strings.tolerance}: M = ${threshold}, N = ${shards}.`}</legend>
        {choice('seen')}
        {count('exposed')}
        {count('healthy')}
        {choice('live')}
        {count('previous')}
        <p>{strings.unknownNote}</p>
      </fieldset>
      <div role="status" aria-label={strings.answer}>
        {'open' in found ? (
          <NoVerdict open={found.open} wrong={wrong} />
        ) : (
          <Answer {...props} found={found} />
        )}
      </div>
      <StateTable pages={pages} />
    </section>
  );
}
