/** One state of the key: its name, what it means, what to do, and the page that does it. */
import type { ReactNode } from 'react';
import type { KeyState } from '../../quorum/state';
import { type StatePages, stateTexts } from './states';
import styles from './styles.module.css';

export interface KeyStateProps {
  readonly state: KeyState;
  readonly pages: StatePages;
}

export default function KeyStateNotice({ state, pages }: KeyStateProps): ReactNode {
  const { meaning, act, weight } = stateTexts[state];
  const page = pages[state];
  return (
    <p className={`${styles.state} ${styles[weight]}`} data-state={state}>
      <strong>{state}</strong> {meaning} {act}
      {page ? (
        <>
          {' '}
          <a href={page.href}>{page.title}</a>
        </>
      ) : null}
    </p>
  );
}
