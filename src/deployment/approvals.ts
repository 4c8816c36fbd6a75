/** Who has approved which edition of a page: `approvals.yaml`, a file of the adopter's alone. An approval is of one edition, and of no other. */
import { z } from 'zod';
import { parseEntries } from './entries';
import { formatProblem, InvalidInput } from './problem';
import { line } from './providers/common';

/** What an adopter keeps beside the deployment; a project without it has approved nothing. */
export const approvalsFile = 'approvals.yaml';

const approval = z.strictObject({
  page: z
    .string()
    .regex(/^docs\/[a-z0-9/-]+\.mdx?$/, 'wanted the file of a page, such as docs/emergency/unseal.mdx')
    .describe('File of the page, from the root of the project.'),
  edition: z
    .string()
    .regex(/^[0-9a-f]{16}$/, 'wanted the page digest, 16 hex digits in quotes')
    .describe('Page digest that stood on the approved page, at its head and at the foot of each sheet.'),
  by: line.describe('Who has approved it.'),
  date: z.iso.date('wanted a date such as 2026-11-23'),
});

export const approvalsSchema = z.strictObject({ approvals: z.array(approval) });

export interface Approval extends z.infer<typeof approval> {
  /** Line of the file on which it stands. */
  readonly at: number;
}

/** A page of the build with the edition that it has now. */
export interface Edition {
  readonly file: string;
  readonly digest: string;
}

/** Parses the text of the file. `file` only names it in messages. Throws InvalidInput with every problem and its line. */
export function parseApprovals(text: string, file: string): Approval[] {
  const { file: parsed, lineOf, problem } = parseEntries(text, file, 'approvals', approvalsSchema);
  const keys = parsed.approvals.map(({ page, edition, by }) => JSON.stringify([page, edition, by]));
  const twice = keys.flatMap((key, index) =>
    keys.indexOf(key) < index
      ? problem(
          index,
          'by',
          'TWICE',
          'the same person has approved this edition above; an approval counts once',
        )
      : [],
  );
  if (twice.length > 0) throw new InvalidInput(twice);
  return parsed.approvals.map((given, index) => ({ ...given, at: lineOf(['approvals', index]) }));
}

/** How many approvals CONTRIBUTING.md asks for. */
const wanted = (page: string): number => (/^docs\/(?:emergency|ceremony)\//.test(page) ? 2 : 1);

const signatures = (given: readonly Approval[]): string =>
  given.map(({ by, date }) => `${by} on ${date}`).join(' and ');

/** How the head of a page says who has approved it in the edition that is shown. */
export function approvalWords({ file, digest }: Edition, approvals: readonly Approval[]): string {
  const given = approvals.filter(({ page }) => page === file);
  const current = given.filter(({ edition }) => edition === digest);
  if (current.length > 0) {
    const missing = wanted(file) - current.length;
    return `Approved by ${signatures(current)}${missing > 0 ? '; a second approval is missing' : ''}`;
  }
  const newest = [...given].sort((a, b) => (a.date < b.date ? 1 : -1))[0];
  if (newest === undefined) return 'Not yet approved';
  const same = given.filter(({ edition }) => edition === newest.edition);
  return `Not yet approved in this edition; ${newest.edition} was, by ${signatures(same)}`;
}

/** One line for each approval whose edition is not the present one, unless the same person has approved that, too. */
export function staleApprovals(approvals: readonly Approval[], editions: readonly Edition[]): string[] {
  return approvals.flatMap(({ page, edition, by, date, at }) => {
    const now = editions.find(({ file }) => file === page);
    const again = approvals.some(
      (other) => other.page === page && other.by === by && other.edition === now?.digest,
    );
    if (again) return [];
    const message =
      now === undefined
        ? `${page} was approved by ${by} on ${date}, and there is no such page; take the entry out`
        : `${page} was approved by ${by} on ${date} as ${edition}, and is ${now.digest} now; see what changed with npm run upgrade-check, and approve it anew`;
    return formatProblem({ file: approvalsFile, line: at, rule: 'STALE', message });
  });
}
