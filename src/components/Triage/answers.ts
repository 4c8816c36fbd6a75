/** From the answers of a person, who may not know, to the facts that are assessed. Without answers there is no verdict. */
import { type Assessment, assess } from '../../quorum/state';

export type Answer = 'yes' | 'no' | 'unknown';
export type CountAnswer = number | 'unknown';

/** In the order in which they are asked, which is that of the page: E with the key itself, L, H. */
export interface Answers {
  readonly seen: Answer;
  readonly exposed: CountAnswer;
  readonly live: Answer;
  readonly healthy: CountAnswer;
  readonly previous: CountAnswer;
}

export type Question = keyof Answers;

export const questions: readonly Question[] = ['seen', 'exposed', 'live', 'healthy', 'previous'];

/** A verdict, or the questions that stand in its way. */
export type Verdict =
  | { readonly answers: Answers; readonly assessment: Assessment }
  | { readonly open: readonly Question[] };

/**
 * "I do not know" is the worse answer: the key was seen, M shards were, no process holds it, the previous set survives.
 * Only how many shards are healthy is left open: "none" would declare a key lost that nobody has looked for.
 */
export function triage(threshold: number, answers: Answers): Assessment {
  const counted = (answer: CountAnswer, worst: number): number => (answer === 'unknown' ? worst : answer);
  const assessment = assess({
    threshold,
    live: answers.live === 'yes',
    keySeen: answers.seen !== 'no',
    healthy: counted(answers.healthy, 0),
    exposed: counted(answers.exposed, threshold),
    previous: counted(answers.previous, threshold),
  });
  return answers.healthy === 'unknown' ? { ...assessment, availability: undefined } : assessment;
}

/**
 * The verdict once every question is answered. An exposed key is one at once: no other answer makes it better, and each
 * minute counts.
 */
export function verdict(threshold: number, given: Partial<Answers>): Verdict {
  const { seen = 'no', exposed = 0 } = given;
  const isOut = seen !== 'no' || exposed === 'unknown' || exposed >= threshold;
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
