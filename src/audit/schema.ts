/** The event schema as JSON Schema 2020-12, for writers of trails in other languages. */
import { z } from 'zod';
import { eventSchema } from './event';

/** JSON Schema of one record. Rules over several members and the chain stand on the reference page. */
export function eventJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(eventSchema, { target: 'draft-2020-12' }) as Record<string, unknown>;
}
