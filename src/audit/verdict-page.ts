/** The verdict on a finished ceremony as one page to print, sign and file: what was compared, every step, differences, exceptions, signatures. */
import { crossCheck } from './cross-check';
import { ofThisPerformance } from './cross-check-trail';
import type { CrossCheckInput, Difference } from './difference';

/** A file that was compared, with its SHA-256 in hexadecimal. */
export interface ComparedFile {
  readonly what: string;
  readonly name: string;
  readonly sha256: string;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

const row = (cells: readonly string[], tag = 'td') =>
  `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return `<table>\n<thead>${row(heads, 'th')}</thead>\n<tbody>\n${rows.map((cells) => row(cells)).join('\n')}\n</tbody>\n</table>`;
}

const STYLE = `body{font:11pt/1.4 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin-block:1rem}
th,td{border:1px solid #888;padding:.2rem .4rem;text-align:left;vertical-align:top}
.digests td:last-child{overflow-wrap:anywhere}
.steps td:nth-child(-n+2){white-space:nowrap}
tr{break-inside:avoid}
.sign td:last-child{height:2.5rem;min-width:14rem}`;

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
      wrong.join('; ') || 'agrees',
    ];
  });
}

/**
 * The page as HTML without scripts or references: the same inputs give the same bytes.
 * @param files What was compared, for the table of digests.
 */
export function verdictPage(given: CrossCheckInput, files: readonly ComparedFile[]): string {
  const found = crossCheck(given);
  const { input, others } = ofThisPerformance(given);
  const { log, page, commit } = input;
  const verdict =
    found.length === 0 ? 'One story' : `${found.length} difference${found.length === 1 ? '' : 's'}`;
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
<title>Comparison of a ceremony: ${verdict}</title>
<style>
${STYLE}
</style>
</head>
<body>
<h1>${verdict}</h1>
${mode}<p>Runbook page ${escapeHtml(page)} at commit ${escapeHtml(commit)}, compared with the Ceremony Log, the audit trail and the manifest.</p>
<h2>What was compared</h2>
<div class="digests">
${table(
  ['File', 'Name', 'SHA-256'],
  files.map(({ what, name, sha256 }) => [what, name, sha256]),
)}
</div>
<h2>Steps</h2>
<div class="steps">
${table(['Step', 'Done', 'By', 'Witness', 'Records', 'Verdict'], steps(input, found))}
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
