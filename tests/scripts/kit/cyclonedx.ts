/** The schema of CycloneDX 1.6, for bills of materials. */
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';

const schema = (name: string) =>
  JSON.parse(readFileSync(`tests/vectors/cyclonedx/${name}.schema.json`, 'utf8'));
const ajv = new Ajv({ strict: false });
addFormats(ajv);
// Formats that ajv-formats does not know: what we write of the first kind is a plain URI, and nothing is of the second.
ajv.addFormat('iri-reference', (text) => ajv.validate({ type: 'string', format: 'uri-reference' }, text));
ajv.addFormat('idn-email', () => false);
ajv.addSchema(schema('spdx')).addSchema(schema('jsf-0.82'));
const validate = ajv.compile(schema('bom-1.6'));

/** What the schema refuses of a bill. */
export const schemaErrors = (bill: unknown): readonly object[] =>
  validate(bill) ? [] : (validate.errors ?? []);
