/** Editions of the pages as they were printed: which page a digest belongs to, and what has changed since. Pure. */
import * as z from 'zod';

/** What an adopter keeps beside the deployment; `npm run editions` writes it. */
export const editionsFile = 'editions.json';

const digest = z.string().regex(/^[0-9a-f]{16}$/);

const page = z.strictObject({
  digest: digest.describe('Page digest, as at the foot of each sheet.'),
  steps: z
    .record(z.string().regex(/^[A-Z]{3}(?:-[A-Z]\d{1,3})?-\d{2}$/), z.string().regex(/^[0-9a-f]{8}$/))
    .describe('First 8 hex digits of the SHA-256 of each step, in page order.'),
});

export const editionsSchema = z.strictObject({
  format: z.literal('mks-editions/1'),
  editions: z.array(
    z.strictObject({
      date: z.iso.date(),
      version: z.string().min(1).max(40),
      pages: z
        .record(z.string().regex(/^docs\/[a-z0-9/-]+\.mdx?$/), page)
        .describe('Pages that are others than in the edition before.'),
    }),
  ),
});

export type EditionPage = z.infer<typeof page>;
export type Editions = z.infer<typeof editionsSchema>['editions'];

/** The pages of an edition, each as it was recorded last. */
export function lastOf(editions: Editions): ReadonlyMap<string, EditionPage & { readonly date: string }> {
  return new Map(
    editions.flatMap(({ date, pages }) =>
      Object.entries(pages).map(([file, one]) => [file, { ...one, date }] as const),
    ),
  );
}

/**
 * The editions with one more: the pages that are others than they were recorded last.
 * @returns the same editions when no page is another.
 */
export function recorded(
  editions: Editions,
  current: ReadonlyMap<string, EditionPage>,
  made: { readonly date: string; readonly version: string },
): Editions {
  const last = lastOf(editions);
  const others = [...current].filter(([file, { digest: now }]) => last.get(file)?.digest !== now);
  return others.length === 0 ? editions : [...editions, { ...made, pages: Object.fromEntries(others) }];
}

/** The file: one line a page, so that a change is read as one. */
export function writeEditions(editions: Editions): string {
  const lines = editions.map(({ date, version, pages }) => {
    const each = Object.entries(pages).map(
      ([file, one]) => `    ${JSON.stringify(file)}: ${JSON.stringify(one)}`,
    );
    return `  {"date": ${JSON.stringify(date)}, "version": ${JSON.stringify(version)}, "pages": {\n${each.join(',\n')}\n  }}`;
  });
  return `{"format": "mks-editions/1", "editions": [\n${lines.join(',\n')}\n]}\n`;
}
