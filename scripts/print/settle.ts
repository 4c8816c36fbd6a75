/** Makes a PDF of Chromium the same on each run: dates of the commit, and tag ids counted from one. Lengths stay, so offsets hold. */

const date = /\/(CreationDate|ModDate) \(D:\d{14}\+00'00'\)/g;
const tag = /\(node\d{8}\)/g;
const tree = /\/Names \[((?:\(node\d{8}\) \d+ 0 R ?)+)\]/g;
const limits = /\/Limits \[\(node\d{8}\) \(node\d{8}\)\]/g;

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
  // Chromium numbers tags in the order in which it met them, which varies; their order in the file does not.
  const names = new Map<string, string>();
  const renamed = dated.replace(tag, (old) => {
    const name = names.get(old) ?? `(node${String(names.size + 1).padStart(8, '0')})`;
    names.set(old, name);
    return name;
  });
  if ((renamed.match(tree) ?? []).length > 1) throw new RangeError('expected one tree of tags in the PDF');
  // The tree is searched by name, so it is sorted by name (ISO 32000-1, 7.9.6).
  const sorted = renamed.replace(tree, (_, entries: string) => {
    const list = entries.match(/\(node\d{8}\) \d+ 0 R/g) ?? [];
    return `/Names [${list.sort().join(' ')}]`;
  });
  const [first, last] = ['1', String(names.size)].map((number) => `(node${number.padStart(8, '0')})`);
  return Buffer.from(sorted.replace(limits, `/Limits [${first} ${last}]`), 'latin1');
}
