/** Asks on a terminal, one question a line, and explains a rule when an answer breaks it. */
import type { Interface } from 'node:readline/promises';
import { visible } from '../../src/shard/visible';
import { type Answers, type Path, put } from './answers';
import { bites } from './partial';
import { leavesAWay } from './propose';
import type { Question } from './question';
import { nextQuestion } from './questions';

/** Ends the questions; what was answered is kept. */
export class Stopped extends Error {}

export interface Desk {
  /** What was typed, without blanks around it. Throws Stopped when nobody types any more. */
  line(prompt: string): Promise<string>;
  say(text: string): void;
}

/** The desk of a terminal. */
export function terminalDesk(lines: Interface, say: (text: string) => void): Desk {
  const closed = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(new Stopped()));
  });
  closed.catch(() => undefined);
  lines.once('SIGINT', () => lines.close());
  return {
    say,
    line: async (prompt) => (await Promise.race([lines.question(visible(prompt)), closed])).trim(),
  };
}

const endOf: Readonly<Record<string, string>> = { sites: 'sites', people: 'people' };

/** The answers with one more; a list that is ended is marked as such, and what may be empty is nothing. */
function answer(answers: Answers, { path }: Question, value: unknown): Answers {
  if (value === undefined) return put(answers, ['done', endOf[String(path[0])] ?? ''], true);
  return put(answers, path, value);
}

/** Asks until everything is answered. `keep` gets the answers after each one. "<" takes the last answer back. */
export async function askAll(begin: Answers, desk: Desk, keep: (answers: Answers) => void): Promise<Answers> {
  let answers = begin;
  const before: Answers[] = [];
  let helped: Path | undefined;
  let insisted = '';
  for (let question = nextQuestion(answers); question; question = nextQuestion(answers)) {
    const { path, ask, help, otherwise } = question;
    if (help && helped?.join() !== path.join()) desk.say(`\n${help}\n`);
    helped = path;
    const text = await desk.line(`${ask}${otherwise ? ` [${otherwise.shown}]` : ''}: `);
    if (text === '<') {
      answers = before.pop() ?? answers;
      helped = undefined;
      keep(answers);
      continue;
    }
    const read = text === '' && otherwise ? { value: otherwise.value } : question.read(text);
    if ('fault' in read) {
      desk.say(`  ${read.fault}\n`);
      continue;
    }
    const found = read.value === undefined ? [] : bites(answers, path, read.value);
    for (const { rule, message } of found) desk.say(`  ${rule}: ${message}\n`);
    if (found.length > 0) {
      desk.say('  Answer again, or go back with <.\n');
      continue;
    }
    const next = answer(answers, question, read.value);
    const insists = insisted === `${path.join()} ${text}`;
    if (question.people && !insists && leavesAWay(answers) && !leavesAWay(next)) {
      insisted = `${path.join()} ${text}`;
      desk.say('  PEOPLE: after this nobody was found for all that is left, with the people there are.\n');
      desk.say('  Answer again, or go back with <; the same answer once more is taken.\n');
      continue;
    }
    before.push(answers);
    answers = next;
    keep(answers);
  }
  return answers;
}
