/** The published schema of a drill's results, from src/procedure/results/drill-results.ts. */
import { z } from 'zod';
import { resultsSchema } from '../../../src/procedure/results/drill-results';

/** The shape of results.json (JSON Schema 2020-12). That its numbers add up is checked by whoever reads it with src/procedure/results/drill-results.ts. */
export function resultsJsonSchema(): Record<string, unknown> {
  return {
    $id: 'drill-results.schema.json',
    title: 'Results of a tabletop drill',
    ...z.toJSONSchema(resultsSchema, { io: 'input' }),
  };
}
