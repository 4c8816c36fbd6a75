/** From the answers of a person, who may not know, to the facts that are assessed. */
import { type Assessment, assess } from '../../quorum/state';

export type Answer = 'yes' | 'no' | 'unknown';

export interface Answers {
  readonly live: Answer;
  readonly seen: Answer;
  readonly healthy: number;
  readonly exposed: number;
  readonly previous: number;
}

/** Nothing known to be wrong: the state in which the questions start. */
export function noAlarm(shards: number): Answers {
  return { live: 'yes', seen: 'no', healthy: shards, exposed: 0, previous: 0 };
}

/** "Cannot tell" is the worse answer: the key was seen, and no process holds it. */
export function triage(threshold: number, answers: Answers): Assessment {
  return assess({
    threshold,
    live: answers.live === 'yes',
    keySeen: answers.seen !== 'no',
    healthy: answers.healthy,
    exposed: answers.exposed,
    previous: answers.previous,
  });
}
