/** Writes static/schemas/deployment.schema.json from src/deployment/schema.ts. Run it after a change of the schema. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { deploymentJsonSchema } from '../src/deployment/json-schema';
import { printOut } from './common/terminal';

const file = join(resolve(__dirname, '..'), 'static', 'schemas', 'deployment.schema.json');
writeFileSync(file, `${JSON.stringify(deploymentJsonSchema(), null, 2)}\n`);
printOut('static/schemas/deployment.schema.json: written\n');
