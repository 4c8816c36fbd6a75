/** Whether what a step says is written down has its place on a form. The other direction, fields that nobody fills in, needs all pages: `rules/check-fields.ts`. */
import { formsNamedIn, placesOf, referencesOf, type Writing } from '../../audit/forms/written';

/** Says that somebody writes or signs. "Sign in", "the sign", "a note on the switch", "cannot write" and "did not write" do not. */
const writes =
  /(?<!\b(?:not|the|can|cannot|could) )\b(?:writes?|signs?|initials?|fills?(?= (?:in|an|the|a)\b))\b(?!-| (?:in|out|off)\b)|(?:^|: |, | and )notes? (?!and\b|on\b)/i;

/** What is written and stands on no form: it is kept itself, or shall not be kept. */
const elsewhere = /\b(?:registry|deployment\.yaml|slip|files?|token|list of digests|table on the sheet)\b/i;

/** A command writes by itself; of its step only what somebody else does is an act: the lines after the operator's. */
const actsIn = (text: string, isAct: boolean): string =>
  isAct
    ? text
    : text
        .split(/\n(?=[\p{L} ,.']+:)/u)
        .slice(1)
        .join('\n');

/** What is wrong with what a step writes down, each one sentence. */
export function recordProblems(text: string, step: Writing): string[] {
  const wrong: string[] = [];
  for (const reference of step.records) {
    try {
      placesOf(reference);
    } catch (error) {
      wrong.push(`records=${(error as Error).message}`);
    }
  }
  if (wrong.length > 0) return wrong;
  const references = referencesOf(step);
  const held = new Set(references.flatMap(placesOf).map(({ form }) => form.id));
  for (const sentence of actsIn(text, step.isAct).split(/(?<=[.!?])\s+/)) {
    if (!writes.test(sentence) || elsewhere.test(sentence)) continue;
    const named = formsNamedIn(sentence);
    const missing = named.find(({ id }) => !held.has(id));
    if (missing)
      wrong.push(`says that the ${missing.title} is written, and records names no field of "${missing.id}"`);
    else if (held.size === 0)
      wrong.push(
        `says that something is written down ("${sentence.slice(0, 60)}"); wanted records="form:section.field"`,
      );
  }
  return wrong;
}
