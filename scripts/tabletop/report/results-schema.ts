/** Writes static/schemas/drill-results.schema.json from src/procedure/results/drill-results.ts. Run it after a change of the schema. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { resultsSchema } from '../../../src/procedure/results/drill-results';
import { printOut } from '../../common/terminal';

/** The shape of results.json (JSON Schema 2020-12). That its numbers add up is checked by whoever reads it with src/procedure/results/drill-results.ts. */
export function resultsJsonSchema(): Record<string, unknown> {
  return {
    $id: 'drill-results.schema.json',
    title: 'Results of a tabletop drill',
    ...z.toJSONSchema(resultsSchema, { io: 'input' }),
  };
}

if (require.main === module) {
  const file = join(resolve(__dirname, '../../..'), 'static', 'schemas', 'drill-results.schema.json');
  writeFileSync(file, `${JSON.stringify(resultsJsonSchema(), null, 2)}\n`);
  printOut('static/schemas/drill-results.schema.json: written\n');
}
