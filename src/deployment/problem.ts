/** A finding about a user's file: where, which rule, what was found and wanted. One line each. */
import { visibleLine } from '../shard/visible';

export interface Problem {
  readonly file: string;
  readonly line: number;
  /** Stable name of the rule, for example `SOD-4`. */
  readonly rule: string;
  readonly message: string;
}

/** `deployment.yaml:12: M-N: …`: one line, whatever the file holds. */
export function formatProblem(problem: Problem): string {
  return visibleLine(`${problem.file}:${problem.line}: ${problem.rule}: ${problem.message}`);
}

/** Thrown with every problem that was found, never only the first. The message is made for the reader: no stack is needed. */
export class InvalidInput extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'InvalidInput';
    this.problems = problems;
  }
}
