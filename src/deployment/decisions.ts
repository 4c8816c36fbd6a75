/** What the owner has decided on the proposals of the runbook: `decisions.yaml`, a file of the adopter's alone. */
import { z } from 'zod';
import { parseEntries } from './entries';
import { InvalidInput } from './problem';
import { line, name } from './providers/common';

/** What an adopter keeps beside the deployment; a project without it has decided nothing. */
export const decisionsFile = 'decisions.yaml';

/** A decision that takes the value as the page proposes it. */
const asProposed = 'as proposed';

const decision = z.strictObject({
  proposal: z
    .string()
    .regex(/^P[1-9]\d?$/, 'wanted the number of a proposal, such as P3')
    .describe('Number of the proposal, as the page of assumptions lists it.'),
  decided: name(300).describe(`"${asProposed}", or the value that stands instead of the proposed one.`),
  by: line.describe('Who has decided.'),
  date: z.iso.date('wanted a date such as 2026-11-23'),
  record: line.optional().describe('Where the decision is recorded, such as the number of a change.'),
});

export const decisionsSchema = z.strictObject({ decisions: z.array(decision) });

export interface Decision extends z.infer<typeof decision> {
  /** Line of the file on which it stands. */
  readonly at: number;
}

/** Whether another value was decided than the one that pages name. */
export const isOther = ({ decided }: Pick<Decision, 'decided'>): boolean => decided !== asProposed;

const signature = ({ by, date, record }: Decision): string =>
  `by ${by} on ${date}${record === undefined ? '' : `, ${record}`}`;

/** How the page of assumptions says how far a proposal is. */
export function decisionStatus(made: Decision | undefined): string {
  if (made === undefined) return 'undecided';
  return isOther(made)
    ? `decided ${signature(made)}: ${made.decided}`
    : `decided ${signature(made)}: ${asProposed}`;
}

/** What a page says that names another value than the one that was decided. */
export const otherDecision = (made: Decision): string => `${made.decided}. Decided ${signature(made)}.`;

/**
 * Parses the text of the file. `file` only names it in messages.
 * @param proposals Numbers of the proposals that there are.
 * Throws InvalidInput with every problem and its line.
 */
export function parseDecisions(text: string, file: string, proposals: readonly string[]): Decision[] {
  const { file: parsed, lineOf, problem } = parseEntries(text, file, 'decisions', decisionsSchema);
  const numbers = parsed.decisions.map(({ proposal }) => proposal);
  const problems = numbers.flatMap((number, index) => {
    if (!proposals.includes(number))
      return problem(
        index,
        'proposal',
        'REF',
        `there is no proposal ${number}; known: ${proposals.join(', ')}`,
      );
    if (numbers.indexOf(number) < index)
      return problem(index, 'proposal', 'REF', `${number} is decided twice; wanted the decision that stands`);
    return [];
  });
  if (problems.length > 0) throw new InvalidInput(problems);
  return parsed.decisions.map((made, index) => ({ ...made, at: lineOf(['decisions', index]) }));
}
