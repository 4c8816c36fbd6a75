/** The exported run as a schema, for readers in other languages (JSON Schema 2020-12). */
import * as z from 'zod';
import { SECRET_SHAPE } from '../../audit/secrets';
import { isUtc, refusal, runLimits, runPatterns } from './run';

const text = (limit: number) =>
  z
    .string()
    .min(1)
    .max(limit)
    .regex(/^\S(?:[\s\S]*\S)?$/)
    .refine((value) => refusal(value) === undefined, 'looks like a shard or a key');

const time = z.string().regex(runPatterns.time).refine(isUtc, 'is not in the calendar');

export const procedureRunSchema = z
  .strictObject({
    format: z.literal('mks-procedure-run/1'),
    page: z.string().regex(runPatterns.page).describe('Source of the page that was followed.'),
    digest: z
      .string()
      .regex(runPatterns.digest)
      .describe('Digest of the page, as in the footer of each sheet.'),
    name: text(runLimits.name).describe('What the people called this run.'),
    started: time.describe('UTC.'),
    shards: z
      .array(z.int().min(1).max(255))
      .min(1)
      .max(255)
      .refine((shards) => shards.every((n, index) => index === 0 || n > (shards[index - 1] ?? n)))
      .optional()
      .describe('The quorum that was chosen for the run, ascending.'),
    out: z
      .record(
        z
          .string()
          .regex(runPatterns.shard)
          .refine((n) => Number(n) <= 255),
        z.enum(['unreachable', 'exposed']),
      )
      .optional()
      .describe('What people said of shards before they chose, by the number of the shard.'),
    steps: z
      .record(
        z.string().regex(runPatterns.step),
        z
          .strictObject({
            time: time.optional().describe('UTC at which the step was ticked; missing when it was not.'),
            skipped: time
              .optional()
              .describe(
                'UTC at which people decided not to do the step; the note says why, and there is no time.',
              ),
            by: text(runLimits.initials).optional().describe('Initials of who did it.'),
            witness: text(runLimits.initials).optional().describe('Initials of who watched.'),
            note: text(runLimits.note).optional().describe('What was different from the page.'),
          })
          .refine(
            ({ time, skipped, note }) => skipped === undefined || (time === undefined && note !== undefined),
            'a skipped step has a note, and no time',
          ),
      )
      .refine((steps) => Object.keys(steps).length <= runLimits.steps),
  })
  .meta({
    title: 'Run of a procedure',
    description: 'Ticks, initials, times and deviations of one run of one page.',
  });

/** JSON Schema of an exported run. */
export function procedureRunJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(procedureRunSchema, {
    target: 'draft-2020-12',
    override({ zodSchema, jsonSchema }) {
      // A refinement is code, which JSON Schema cannot hold: texts get the shapes of secrets as one more pattern.
      const refined = zodSchema._zod.def.checks?.some((check) => check._zod.def.check === 'custom');
      if (jsonSchema.type === 'string' && refined && jsonSchema.maxLength !== undefined)
        jsonSchema.not = { pattern: SECRET_SHAPE };
    },
  }) as Record<string, unknown>;
}
