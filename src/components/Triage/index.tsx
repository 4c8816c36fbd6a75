/** Triage: from E, L, H and S to the state of the key and the page that works on it. */
import { type ReactNode, useEffect, useState } from 'react';
import type { KeyState } from '../../quorum/state';
import DataTable from '../DataTable';
import { type PageLink, stateTexts } from '../KeyState/states';
import { Answer, type AnswerProps, NoVerdict } from './Answer';
import { type Answers, countOf, type Question, questions, verdict } from './answers';
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

type Counted = 'exposed' | 'healthy' | 'previous';

/** One question after the other: the next appears below what is answered, and what is answered can be changed. */
export default function Triage(props: TriageProps): ReactNode {
  const { threshold, shards, pages, matrix } = props;
  const [choices, setChoices] = useState<Partial<Pick<Answers, 'live' | 'seen'>>>({});
  const [texts, setTexts] = useState({ exposed: '', healthy: '', previous: '' });
  const [unknown, setUnknown] = useState<readonly Counted[]>([]);
  const [ready, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  const limits: Record<Counted, number> = { exposed: MOST, healthy: shards, previous: MOST };
  const counted = (Object.keys(texts) as Counted[]).map(
    (name) => [name, unknown.includes(name) ? 'unknown' : countOf(texts[name], limits[name])] as const,
  );
  const wrong = counted.flatMap(([name, count]) =>
    count === undefined && texts[name].trim() !== '' ? [name] : [],
  );
  const given: Partial<Answers> = {
    ...choices,
    ...Object.fromEntries(counted.filter(([, count]) => count !== undefined)),
  };
  const found = verdict(threshold, given);
  const find = (name: Question): ReactNode => (
    <>
      {strings.find[name]} {name === 'healthy' ? <a href={matrix.href}>{matrix.title}</a> : null}
    </>
  );
  const open = (name: Question): boolean => given[name] === undefined || given[name] === 'unknown';
  const asked = (name: Question): ReactNode =>
    name === 'live' || name === 'seen' ? (
      <Choice
        label={strings[name]}
        value={choices[name]}
        change={(answer) => setChoices({ ...choices, [name]: answer })}
        find={open(name) ? find(name) : null}
      />
    ) : (
      <Count
        label={strings[name]}
        text={texts[name]}
        max={limits[name]}
        change={(text) => {
          setTexts({ ...texts, [name]: text });
          setUnknown(unknown.filter((other) => other !== name));
        }}
        unknown={unknown.includes(name)}
        setUnknown={(isUnknown) => {
          setTexts({ ...texts, [name]: '' });
          setUnknown(isUnknown ? [...unknown, name] : unknown.filter((other) => other !== name));
        }}
        find={open(name) ? find(name) : null}
      />
    );
  const first = questions.findIndex((name) => given[name] === undefined);
  const shown = questions.filter((name, place) => first < 0 || place <= first || given[name] !== undefined);
  return (
    <section aria-label={strings.region}>
      <noscript>
        <p>{strings.needsScript}</p>
      </noscript>
      <fieldset className={`${styles.questions} needs-js`} disabled={!ready}>
        <legend>{`${strings.questions}. ${strings.tolerance}: M = ${threshold}, N = ${shards}.`}</legend>
        {shown.map((name) => (
          <div key={name} className={styles.asked}>
            <p className={styles.find}>
              {`${strings.question} ${questions.indexOf(name) + 1} ${strings.of} ${questions.length}`}
            </p>
            {asked(name)}
          </div>
        ))}
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
