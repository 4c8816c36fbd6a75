/** The published schemas: not older than the code, and of one mind with it about the sample deployments. */
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { jsonSchemas } from '../../src/deployment/json-schema';
import { exampleDeployment } from '../example';

const published = JSON.parse(readFileSync('static/schemas/deployment.schema.json', 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
const validate = ajv.compile(published);

it.each(Object.entries(jsonSchemas))(
  '%s is what the code says; otherwise run: npm run generate',
  (name, schema) => {
    const file = JSON.parse(readFileSync(`static/schemas/${name}`, 'utf8'));
    expect(file).toEqual(JSON.parse(JSON.stringify(schema())));
  },
);

test.each([
  exampleDeployment,
  'tests/fixtures/deployments/4-of-7.yaml',
  'tests/fixtures/deployments/2-of-3.yaml',
])('accepts %s, whose first line names the schema', (file) => {
  const text = readFileSync(file, 'utf8');
  expect(text.split('\n')[0]).toMatch(
    /^# yaml-language-server: \$schema=(\.\.?\/)+static\/schemas\/deployment\.schema\.json$/,
  );
  expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
});

test.each<[string, (file: { key: object; shards: object[] }) => unknown]>([
  ['an unknown provider', ({ shards }) => Object.assign(shards[0] ?? {}, { provider: 'floppy' })],
  ['an unknown field', ({ key }) => Object.assign(key, { treshold: 3 })],
  ['a threshold of one', ({ key }) => Object.assign(key, { threshold: 1 })],
])('refuses %s', (_, change) => {
  const file = parse(readFileSync(exampleDeployment, 'utf8'));
  change(file);
  expect(validate(file)).toBe(false);
});
