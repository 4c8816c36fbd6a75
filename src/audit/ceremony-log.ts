/** The Ceremony Log as data: what the filled-in script says. Schema of the exported JSON and of what a cross-check needs. */
import * as z from 'zod';
import { looksSecret } from './secrets';

const LIKE_A_SECRET = 'has the shape of a secret; treat it as exposed';
const isPublic = (value: string) => !looksSecret(value);

const slug = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'wanted a short name of lower-case letters, digits and dashes')
  .refine(isPublic, LIKE_A_SECRET);
const text = z.string().min(1).max(500).refine(isPublic, LIKE_A_SECRET);
const step = z.string().regex(/^[A-Z]{3}(?:-[A-Z][0-9]{1,3})?-[0-9]{2}$/, 'wanted a step id such as UNS-04');
const time = z.iso.datetime('wanted UTC such as 2026-11-23T09:30:00Z');

export const ceremonyLogSchema = z
  .strictObject({
    format: z.literal('mks-ceremony-log/1'),
    page: z
      .string()
      .regex(/^docs\/[a-z0-9/-]+\.mdx$/)
      .describe('The page that was followed.'),
    release: z
      .strictObject({
        version: z.string().max(40).refine(isPublic, LIKE_A_SECRET),
        commit: z.string().regex(/^[0-9a-f]{7,40}$/),
      })
      .describe('The runbook, as its footer names it.'),
    mode: z.enum(['real', 'exercise', 'drill']),
    participants: z
      .array(
        z.strictObject({
          person: slug,
          roles: z.array(slug).min(1),
          signed: z.enum(['agree', 'do not agree', 'absent']),
        }),
      )
      .describe('Who took part, in which roles, and how each signed at the end.'),
    steps: z
      .array(
        z.strictObject({
          id: step,
          time: time.optional().describe('When it was done; missing when it was skipped.'),
          by: slug.optional(),
          witness: slug.optional(),
          skipped: text.optional().describe('Why it was not done.'),
        }),
      )
      .describe('The rows of the script, in the order in which they were filled in.'),
    exceptions: z.array(z.strictObject({ step, expected: text, happened: text, decided: text, by: slug })),
    manifestSha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
  })
  .meta({ title: 'Ceremony Log', description: 'A filled-in script as data.' });

export type CeremonyLog = z.infer<typeof ceremonyLogSchema>;
