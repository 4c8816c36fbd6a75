/** The event schema as JSON Schema 2020-12, for writers of trails in other languages. */
import * as z from 'zod';
import { eventSchema } from './event';
import { SECRET_SHAPE } from './secrets';

/** JSON Schema of one record. Rules over several members and the chain stand on the reference page. */
export function eventJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(eventSchema, {
    target: 'draft-2020-12',
    // A refinement is code, which JSON Schema cannot hold: texts get the shapes of secrets as one more pattern.
    override({ zodSchema, jsonSchema }) {
      const refined = zodSchema._zod.def.checks?.some((check) => check._zod.def.check === 'custom');
      if (jsonSchema.type === 'string' && refined) jsonSchema.not = { pattern: SECRET_SHAPE };
    },
  }) as Record<string, unknown>;
}
