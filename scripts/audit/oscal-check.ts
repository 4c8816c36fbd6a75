/** Validates a file against NIST's own OSCAL JSON schema: `tsx scripts/audit/oscal-check.ts SCHEMA FILE`. The schema comes from NIST's release page. */
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { printError, printOut } from '../common/terminal';

/** Compiles a schema to a judge of documents: their problems, one line each; none when a document is valid. */
export function oscalJudge(schema: object): (document: unknown) => string[] {
  // NIST's schemas carry keywords that JSON Schema does not know, hence not strict.
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  const validate = ajv.compile(schema);
  return (document) => {
    if (validate(document)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'}: ${message}`);
  };
}

if (require.main === module) {
  const [schema, file] = process.argv.slice(2).map((name) => JSON.parse(readFileSync(name, 'utf8')));
  const problems = oscalJudge(schema)(file);
  for (const problem of problems) printError(`${problem}\n`);
  printOut(`${problems.length === 0 ? 'valid' : `${problems.length} problems`}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
