/** What an adopter is asked, in order: the next question follows from the answers so far, so that one can stop and go on anywhere. */
import { type Answers, at, type Path } from './answers';
import { shardsIn } from './partial';
import { databaseQuestion, shardQuestion, siteQuestion } from './places';
import { by, field, type Question, shapes } from './question';
import { personQuestion, postQuestion } from './who';

/** The next question; undefined when everything is answered. */
export function nextQuestion(answers: Answers): Question | undefined {
  const missing = (path: Path) => at(answers, path) === undefined;
  if (missing(['organization'])) return field(['organization'], 'Organization', shapes.organization);
  const key = shapes.key.shape;
  if (missing(['key', 'name'])) return field(['key', 'name'], 'Name of the key', key.name, 'master-key');
  if (missing(['key', 'service']))
    return field(['key', 'service'], 'Service that loads the key', key.service);
  if (missing(['key', 'bytes'])) return field(['key', 'bytes'], 'Length of the key in bytes', key.bytes, 32);
  if (missing(['shards']))
    return {
      path: ['shards'],
      ask: 'How many shards, N',
      help: 'M of the N shards are enough for the key; N − M of them may be lost. 2 of 3 and 3 of 5 are usual.',
      otherwise: { shown: '5', value: Array.from({ length: 5 }, () => ({})) },
      read: (text) =>
        /^\d+$/.test(text) && Number(text) >= 3 && Number(text) <= 40
          ? { value: Array.from({ length: Number(text) }, () => ({})) }
          : { fault: `wanted a number from 3 to 40; found "${text}"` },
    };
  const n = shardsIn(answers).length;
  if (missing(['key', 'threshold'])) {
    return {
      ...field(['key', 'threshold'], 'How many are needed, M', key.threshold, Math.floor(n / 2) + 1),
      read: (text) =>
        /^\d+$/.test(text) && Number(text) >= n
          ? {
              fault: `${text} of ${n}: the loss of one shard would lose the key (MN-2); wanted 2 to ${n - 1}`,
            }
          : by(key.threshold, text),
    };
  }
  const places = siteQuestion(answers);
  if (places) return places;
  for (let index = 0; index < n; index++) {
    const question = shardQuestion(answers, index);
    if (question) return question;
  }
  return databaseQuestion(answers) ?? personQuestion(answers) ?? postQuestion(answers);
}
