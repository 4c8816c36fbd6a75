/** Tables of the calculator as CSV (RFC 4180). */
import type { Risk } from '../../quorum/probabilities';

/** A field in quotes; what a spreadsheet would take for a formula gets an apostrophe. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** Any table of texts. */
export function tableAsCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

/** The risks of every threshold, with all digits of each number. */
export function risksAsCsv(risks: readonly Risk[]): string {
  const lines = ['threshold,shards,availability,loss,compromise'];
  for (const { threshold, availability, loss, compromise } of risks) {
    lines.push([threshold, risks.length, availability, loss, compromise].join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** A link that downloads it, also without JavaScript. */
export function csvHref(csv: string): string {
  return `data:text/csv;charset=utf-8,${encodeURIComponent(csv)}`;
}
