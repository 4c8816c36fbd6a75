/** The schemas of the audit as JSON Schema 2020-12, for editors and for writers in other languages. */
import * as z from 'zod';
import { attestationsSchema } from './attestations';
import { ceremonyLogSchema } from './ceremony-log';
import { eventSchema } from './event';
import { SECRET_SHAPE } from './secrets';

function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    // A refinement is code, which JSON Schema cannot hold: texts get the shapes of secrets as one more pattern.
    override({ zodSchema, jsonSchema: written }) {
      const refined = zodSchema._zod.def.checks?.some((check) => check._zod.def.check === 'custom');
      if (written.type === 'string' && refined) written.not = { pattern: SECRET_SHAPE };
    },
  }) as Record<string, unknown>;
}

/** JSON Schema of one record. Rules over several members and the chain stand on the reference page. */
export const eventJsonSchema = () => jsonSchema(eventSchema);

/** JSON Schema of the Ceremony Log. */
export const ceremonyLogJsonSchema = () => jsonSchema(ceremonyLogSchema);

/** JSON Schema of the attestations file. */
export const attestationsJsonSchema = () => jsonSchema(attestationsSchema);
