/** The proposals of the runbook with what was decided on each, and the notice of a page that names another value. */
import { type Decision, decisionsFile, isOther, parseDecisions } from '../../deployment/decisions';
import type { ReadPartial, SourceLine } from './source';

/** The page that lists the proposals, one row each. */
const listPage = 'docs/introduction/assumptions.mdx';

export interface ProposalState {
  /** `P3` */
  readonly number: string;
  readonly decision: Decision | undefined;
}

/** The last texts and what they say: every page of a build asks for the same. */
let latest: { readonly texts: string; readonly proposals: readonly ProposalState[] } | undefined;

/**
 * The proposals of a project in the order of the page; none where there is no such page.
 * Throws InvalidInput for decisions that are wrong, with file and line.
 */
export function readProposals(read: ReadPartial): readonly ProposalState[] {
  const page = read(listPage);
  if (page === undefined) return [];
  const written = read(decisionsFile);
  const texts = JSON.stringify([page, written]);
  if (latest?.texts === texts) return latest.proposals;
  const numbers = [...page.matchAll(/^\| (P\d+) \|/gm)].map(([, number = '']) => number);
  const decisions = written === undefined ? [] : parseDecisions(written, decisionsFile, numbers);
  const proposals = numbers.map((number) => ({
    number,
    decision: decisions.find(({ proposal }) => proposal === number),
  }));
  latest = { texts, proposals };
  return proposals;
}

/** A page names a proposal as a link, [P8](…), or in parentheses, (P8). */
const named = /\[(P\d+)\]\(|\((P\d+)\)/g;

/**
 * What an expanded page must say before anything else: the proposals that it names and on which something else was decided.
 * Each line stands where the decision does; empty where there are none, and on the page that lists them all.
 */
export function decidedOtherwise(
  lines: readonly SourceLine[],
  proposals: readonly ProposalState[],
): SourceLine[] {
  if (lines[0]?.file === listPage) return [];
  const numbers = new Set(
    lines.flatMap(({ text }) => [...text.matchAll(named)].map(([, linked, plain]) => linked ?? plain)),
  );
  const others = proposals.flatMap(({ number, decision }) =>
    decision && isOther(decision) && numbers.has(number) ? [{ number, at: decision.at }] : [],
  );
  const [first] = others;
  if (first === undefined) return [];
  const line = (text: string, at = first.at): SourceLine => ({ text, file: decisionsFile, line: at });
  return [
    line(''),
    line(':::caution[Decided otherwise]'),
    line(''),
    ...others.map(({ number, at }) => line(`- ${number}: {{decision.${number}.other}}`, at)),
    line(''),
    line('This stands above what the page says about it.'),
    line(''),
    line(':::'),
  ];
}
