/** How a wrong file is told: one line a mistake, in our words. */
import { expect } from 'vitest';
import { InvalidInput, type Problem } from '../../src/deployment/problem';

/** Words of the schema library and of JavaScript, which nobody who edits a file should have to know. */
const jargon =
  /Invalid input|\bexpected\b|\breceived\b|Unrecognized|Too (?:small|big)|\bzod\b|\bundefined\b|\bNaN\b|\[object|>=|<=|\bnullish\b|\bregex\b|\bat Object\b|\bTypeError\b/;

/** What a reader of a file says of a text; empty where it is taken. Throws whatever is no InvalidInput. */
export function problemsOf(read: () => unknown): readonly Problem[] {
  try {
    read();
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems;
    throw error;
  }
  return [];
}

/** Each problem is one line with a place that the file has, and says it in our words. */
export function expectTold(problems: readonly Problem[], source: string, file: string): void {
  const lines = source.split('\n').length;
  for (const message of problems.length > 0 ? new InvalidInput(problems).message.split('\n') : []) {
    const [, number] = new RegExp(`^${file}:(\\d+): [A-Z]+(?:-\\d+)?: \\S`).exec(message) ?? [];
    expect(number, message).toBeDefined();
    expect(Number(number), message).toBeLessThanOrEqual(lines);
    // What was found is quoted, and may say anything.
    expect(message.replace(/"(?:[^"\\]|\\.)*"/g, '""')).not.toMatch(jargon);
  }
}
