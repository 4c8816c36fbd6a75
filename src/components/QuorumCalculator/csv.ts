/** The risks of every threshold as CSV (RFC 4180), with all digits of each number. */
import type { Risk } from '../../quorum/probabilities';

/** Lines end with CR LF; no field needs quotes. */
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
