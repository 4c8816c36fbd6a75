/** The verdict on a finished ceremony as one page to print, sign and file: what was compared, every step, differences, exceptions, signatures. */

import { visible } from '../shard/visible';
import { judgeComparison } from './cross-check';
import { ofThisPerformance } from './cross-check-trail';
import type { CrossCheckInput, Difference } from './difference';

/** A file that was compared, with its SHA-256 in hexadecimal. */
export interface ComparedFile {
  readonly what: string;
  readonly name: string;
  readonly sha256: string;
}

const AGREES = 'agrees';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

// A mark of direction in a name or a log would turn what the page says.
const escapeHtml = (text: string) =>
  visible(text).replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

const row = (cells: readonly string[], tag = 'td', kind?: string) =>
  `<tr${kind === undefined ? '' : ` class="${kind}"`}>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;

/** Rows whose last cell is not `same` stand out, also on paper. */
function table(heads: readonly string[], rows: readonly (readonly string[])[], same?: string): string {
  const kind = (cells: readonly string[]) =>
    same === undefined || cells.at(-1) === same ? undefined : 'differs';
  return `<table>\n<thead>${row(heads, 'th')}</thead>\n<tbody>\n${rows.map((cells) => row(cells, 'td', kind(cells))).join('\n')}\n</tbody>\n</table>`;
}

/** From the first to the last time of the log. */
function period({ log }: CrossCheckInput): string {
  const times = log.steps.flatMap(({ time }) => time ?? []).sort();
  return times.length === 0 ? 'at no time that the log tells' : `from ${times[0]} to ${times.at(-1)}`;
}

const STYLE = `body{font:10.5pt/1.4 sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}
h2{margin:1.5rem 0 .25rem;break-after:avoid}
table{border-collapse:collapse;width:100%;margin-block:.5rem}
th,td{border:1px solid #888;padding:.2rem .4rem;text-align:left;vertical-align:top}
thead{display:table-header-group}
.digests td:last-child{font:8.5pt/1.6 monospace;overflow-wrap:anywhere}
.digests td:first-child,.steps td:nth-child(-n+2){white-space:nowrap}
.differs td{font-weight:bold;border-left-width:3px}
tr{break-inside:avoid}
.sign td:last-child{height:2.5rem;min-width:14rem}
.sign{break-inside:avoid}`;

/** What was left out of the comparison, in a sentence; undefined when nothing was. */
export function otherTimes(others: readonly number[]): string | undefined {
  if (others.length === 0) return undefined;
  const shown = others.length > 8 ? [...others.slice(0, 7), '…', others.at(-1)] : others;
  return `Not compared, because they lie more than half a day from the times of the log: ${others.length === 1 ? 'record' : 'records'} ${shown.join(', ')}.`;
}

/** Each demanded step in the order of the page, with what log and trail say of it. */
function steps({ steps: demanded, log, events }: CrossCheckInput, found: readonly Difference[]): string[][] {
  return demanded.map(({ id, by, witness }) => {
    const done = log.steps.find((step) => step.id === id);
    const records = events.filter(({ step }) => step === id).map(({ sequence }) => `${sequence}`);
    const wrong = found.filter(({ step }) => step === id).map(({ message }) => message);
    return [
      id,
      done?.time ?? (done?.skipped ? `skipped: ${done.skipped}` : 'not done'),
      `${done?.by ?? 'nobody'} (${by})`,
      `${done?.witness ?? 'nobody'} (${witness})`,
      records.join(', ') || 'none',
      wrong.join('; ') || AGREES,
    ];
  });
}

/**
 * The page as HTML without scripts or references: the same inputs give the same bytes.
 * @param files What was compared, for the table of digests.
 * @param left What the trail was not checked for, in sentences.
 */
export function verdictPage(
  given: CrossCheckInput,
  files: readonly ComparedFile[],
  left: readonly string[] = [],
): string {
  const { differences: found, title, unchecked } = judgeComparison(given, left);
  const { input, others } = ofThisPerformance(given);
  const { log, page, commit } = input;
  const whole = found.filter(({ step }) => !input.steps.some(({ id }) => id === step));
  const mode =
    log.mode === 'real'
      ? ''
      : `<p><strong>Mode ${log.mode}: TEST shards, no evidence of real work.</strong></p>\n`;
  const list = (items: readonly string[]) => items.map((item) => `<li>${escapeHtml(item)}</li>`).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Comparison of a ceremony: ${title}</title>
<style>
${STYLE}
</style>
</head>
<body>
<h1>Comparison of a ceremony: ${title}</h1>
${mode}<p>Runbook page ${escapeHtml(page)} at commit ${escapeHtml(commit)}, followed ${escapeHtml(period(input))}, compared with the Ceremony Log, the audit trail${given.manifest ? ' and the manifest' : ''}.</p>
${unchecked.map((sentence) => `<p>${escapeHtml(sentence)}</p>\n`).join('')}<h2>What was compared</h2>
<div class="digests">
${table(
  ['File', 'Name', 'SHA-256'],
  files.map(({ what, name, sha256 }) => [what, name, sha256]),
)}
</div>
<h2>Steps</h2>
<div class="steps">
${table(['Step', 'Done', 'By', 'Witness', 'Records', 'Verdict'], steps(input, found), AGREES)}
</div>
${otherTimes(others) === undefined ? '' : `<p>${otherTimes(others)}</p>\n`}<h2>Differences that are not about one step</h2>
${whole.length === 0 ? '<p>None.</p>' : `<ul>\n${list(whole.map(({ rule, step, message }) => `${rule}: ${step ?? ''} ${message}`.replace(/ +/g, ' ')))}\n</ul>`}
<h2>Exceptions</h2>
${
  log.exceptions.length === 0
    ? '<p>None.</p>'
    : table(
        ['Step', 'Expected', 'Happened', 'Decided', 'By'],
        log.exceptions.map((one) => [one.step, one.expected, one.happened, one.decided, one.by]),
      )
}
<h2>Signatures in the log</h2>
${table(
  ['Person', 'Roles', 'Signed'],
  log.participants.map(({ person, roles, signed }) => [person, roles.join(', '), signed]),
)}
<h2>Signatures under this comparison</h2>
<div class="sign">
${table(
  ['Role', 'Name, date', 'Signature'],
  ['Auditor', 'Second person'].map((role) => [role, '', '']),
)}
</div>
</body>
</html>
`;
}
