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

/** All digits of a number; a possible one that is too small for a double by its bound. */
function number(value: number, possible: boolean): string {
  return value === 0 && possible ? '<1e-290' : String(value);
}

/** The risks of every threshold, with all digits of each number. */
export function risksAsCsv(risks: readonly Risk[]): string {
  const lines = ['threshold,shards,availability,loss,compromise'];
  for (const { threshold, availability, loss, compromise, lossPossible, compromisePossible } of risks) {
    const numbers = [number(loss, lossPossible), number(compromise, compromisePossible)];
    lines.push([threshold, risks.length, availability, ...numbers].join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** A link that downloads it, also without JavaScript. */
export function csvHref(csv: string): string {
  return `data:text/csv;charset=utf-8,${encodeURIComponent(csv)}`;
}
