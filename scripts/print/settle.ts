/** Makes a PDF of Chromium the same on each run: dates of the commit, and tag ids counted from one. Lengths stay, so offsets hold. */

const date = /\/(CreationDate|ModDate) \(D:\d{14}\+00'00'\)/g;
const tag = /\(node(\d{8})\)/g;

/** `2026-11-23T14:05:09Z` → `20261123140509`. */
function pdfDate(when: Date): string {
  return when.toISOString().replace(/\D/g, '').slice(0, 14);
}

/**
 * Replaces what differs between two prints of one page.
 * Throws RangeError when the file has no date where Chromium writes one: then another version writes otherwise.
 */
export function settle(pdf: Uint8Array, when: Date): Buffer {
  // Latin-1 keeps every byte, also those of compressed streams.
  const text = Buffer.from(pdf).toString('latin1');
  if ((text.match(date) ?? []).length !== 2) throw new RangeError('expected two dates in the PDF');
  const dated = text.replace(date, (_, name: string) => `/${name} (D:${pdfDate(when)}+00'00')`);
  // Their order decides the order of the tree of tags, so the numbers keep their rank.
  const numbers = [...new Set([...dated.matchAll(tag)].map(([, number]) => number ?? ''))].sort();
  const rank = new Map(numbers.map((number, place) => [number, String(place + 1).padStart(8, '0')]));
  return Buffer.from(
    dated.replace(tag, (_, number: string) => `(node${rank.get(number)})`),
    'latin1',
  );
}
