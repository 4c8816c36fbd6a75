/** From the answers of a person, who may not know, to the facts that are assessed. Without answers there is no verdict. */
import { type Assessment, assess } from '../../quorum/state';

export type Answer = 'yes' | 'no' | 'unknown';

/** In the order in which they are asked. */
export interface Answers {
  readonly seen: Answer;
  readonly exposed: number;
  readonly healthy: number;
  readonly live: Answer;
  readonly previous: number;
}

export type Question = keyof Answers;

export const questions: readonly Question[] = ['seen', 'exposed', 'healthy', 'live', 'previous'];

/** A verdict, or the questions that stand in its way. */
export type Verdict =
  | { readonly answers: Answers; readonly assessment: Assessment }
  | { readonly open: readonly Question[] };

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

/**
 * The verdict once every question is answered. An exposed key is one at once: no other answer makes it better, and each
 * minute counts.
 */
export function verdict(threshold: number, given: Partial<Answers>): Verdict {
  const isOut = (given.seen ?? 'no') !== 'no' || (given.exposed ?? 0) >= threshold;
  const open = questions.filter((question) => given[question] === undefined);
  if (open.length > 0 && !isOut) return { open };
  const answers: Answers = { seen: 'no', exposed: 0, healthy: 0, live: 'unknown', previous: 0, ...given };
  return { answers, assessment: triage(threshold, answers) };
}

/** The number that a field holds; undefined when it holds none from 0 to the limit. */
export function countOf(text: string, max: number): number | undefined {
  const trimmed = text.trim();
  return /^\d{1,3}$/.test(trimmed) && Number(trimmed) <= max ? Number(trimmed) : undefined;
}
