/** The states of a key in words: what they mean and what they demand. The counting is in src/quorum/state. */
import type { KeyState } from '../../quorum/state';

export interface StateText {
  /** What is true in this state, in the counts of the page on states. */
  readonly test: string;
  readonly meaning: string;
  readonly act: string;
  /** How much it hurts; told by words and a border as well as by color. */
  readonly weight: 'calm' | 'warning' | 'danger';
}

export const stateTexts: Readonly<Record<KeyState, StateText>> = {
  'BLACK-C': {
    test: 'E ≥ M, or the key seen in clear',
    meaning: 'Somebody outside may have the key.',
    act: 'Do not recover and do not reshare. Rotate the key and re-encrypt, now.',
    weight: 'danger',
  },
  'AMBER-C': {
    test: '0 < E < M, or S ≥ M after a reshare',
    meaning: 'A part of the key is exposed; it is not enough to rebuild the key.',
    act: 'Close the exposed paths and reshare. Prove the old set dead.',
    weight: 'warning',
  },
  'BLACK-A2': {
    test: 'H < M and L = no',
    meaning: 'Too few shards are left, and no process holds the key.',
    act: 'Search for shards for a limited time, then declare the loss.',
    weight: 'danger',
  },
  'BLACK-A1': {
    test: 'H < M and L = yes',
    meaning: 'Too few shards are left; the only copy of the key is in a running process.',
    act: 'Do not restart anything. Rescue the key from the process into a new set.',
    weight: 'danger',
  },
  'RED-A': {
    test: 'H = M',
    meaning: 'The next loss of a shard is the last.',
    act: 'Freeze restarts while the key is live, and begin the repair today.',
    weight: 'danger',
  },
  'AMBER-A': {
    test: 'H − M = 1',
    meaning: 'One shard to spare.',
    act: 'Repair within 7 days.',
    weight: 'warning',
  },
  GREEN: {
    test: 'H − M ≥ 2',
    meaning: 'At least two shards to spare.',
    act: 'Repair a lost shard in its turn, as the calendar says.',
    weight: 'calm',
  },
};

/** A page to go to. */
export interface PageLink {
  readonly title: string;
  readonly href: string;
}

/** Where each state is worked on. */
export type StatePages = Readonly<Partial<Record<KeyState, PageLink>>>;
