/** Whether a printed copy is current, by the digest at the foot of its sheets. Pure, and light enough for a page. */

/** A page as it is now, or as it was. */
export interface PrintedPage {
  readonly file: string;
  readonly digest: string;
  /** A digest of each step, in page order. */
  readonly steps: Readonly<Record<string, string>>;
}

/** A page of an edition that was recorded. */
export interface PastPage extends PrintedPage {
  /** Day on which the edition was recorded. */
  readonly date: string;
}

/** What is known of a printed copy. */
export type CopyVerdict =
  | { readonly kind: 'current'; readonly page: PrintedPage }
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'outdated';
      readonly past: PastPage;
      /** The page as it is now; none when there is no such page any more. */
      readonly page: PrintedPage | undefined;
      /** Ids of the steps that are others, new or gone. With none, only the text around the steps is another. */
      readonly changed: readonly string[];
      readonly added: readonly string[];
      readonly removed: readonly string[];
    };

/** A digest as it was typed from paper: blanks and capitals do not count. @throws RangeError when it is none. */
export function typedDigest(text: string): string {
  const digest = text.replace(/\s+/g, '').toLowerCase();
  if (!/^[0-9a-f]{16}$/.test(digest))
    throw new RangeError('wanted the 16 digits after “page” at the foot of a sheet: 0 to 9 and a to f');
  return digest;
}

/** Judges a digest by the pages of today and those of the editions that were recorded, the latest last. */
export function judgeCopy(
  digest: string,
  now: readonly PrintedPage[],
  past: readonly PastPage[],
): CopyVerdict {
  const current = now.find((page) => page.digest === digest);
  if (current !== undefined) return { kind: 'current', page: current };
  const was = past.findLast((page) => page.digest === digest);
  if (was === undefined) return { kind: 'unknown' };
  const page = now.find(({ file }) => file === was.file);
  const [old, present] = [was.steps, page?.steps ?? {}];
  return {
    kind: 'outdated',
    past: was,
    page,
    changed: Object.keys(present).filter((id) => id in old && old[id] !== present[id]),
    added: Object.keys(present).filter((id) => !(id in old)),
    removed: Object.keys(old).filter((id) => !(id in present)),
  };
}
