/** What is made up is known: everything of the example that somebody could call, visit or sign in to, and nothing of a real file. */
import { readFileSync } from 'node:fs';
import { expect, it, test } from 'vitest';
import { fictional, fictionalNotice, fictionalWarning } from '../../src/deployment/fictional';
import { loadDeployment } from '../../src/deployment/load';
import { parseDeployment } from '../../src/deployment/parse';
import { readYaml } from '../../src/deployment/yaml';
import { exampleDeployment } from '../example';

const text = readFileSync(exampleDeployment, 'utf8');
const { lineOf } = readYaml(text, 'deployment.yaml');

/** The example with names, addresses and accounts that could be real. */
const real = text
  .replace('Example Ledger Ltd', 'Nordhafen Zahlungen GmbH')
  .replaceAll(/name: (\w+) (?:Example|Sample)/g, 'name: $1 Petersen')
  .replace('Sample Assurance LLP', 'Prüfwerk AG')
  .replaceAll(/, (?:Exampletown|Sampleton)/g, ', Flensburg')
  .replace('000000000001', '482910375561')
  .replace('example-ledger-shards', 'nordhafen-shards')
  .replace('vault.ledger.example', 'vault.nordhafen.de')
  .replace('example-workspace', 'nordhafen-workspace')
  .replace('Example HSM 2', 'Luna 7');

it('of the example is everybody, every address and every account', () => {
  const found = fictional(loadDeployment(exampleDeployment));
  expect(found.filter(({ what }) => what === 'person')).toHaveLength(25);
  expect(found.filter(({ what }) => what === 'site')).toHaveLength(3);
  expect(found.filter(({ what }) => what === 'account').map(({ value }) => value)).toEqual([
    '000000000001',
    'example-ledger-shards',
    'example-workspace',
    'https://vault.ledger.example:8200',
    'Example HSM 2',
  ]);
  expect(fictionalNotice(loadDeployment(exampleDeployment))).toBe(
    'This is an example: everybody and everything it names is made up (1 organization, 25 people, 3 sites and 5 accounts and addresses of providers).',
  );
});

it('of a real file is nothing', () => {
  const deployment = parseDeployment(real, 'deployment.yaml');
  expect(fictional(deployment)).toEqual([]);
  expect(fictionalNotice(deployment)).toBeUndefined();
  expect(fictionalWarning(deployment, lineOf)).toBeUndefined();
});

test.each<[string, string, string]>([
  ['name: Ana Petersen', 'name: Ana Example', '1 person'],
  ['482910375561', '111122223333', '1 account or address of a provider'],
  ['482910375561', '123456789012', '1 account or address of a provider'],
  ['vault.nordhafen.de', 'vault.example.com', '1 account or address of a provider'],
  ['1 Mill Street, Flensburg', '1 Mill Street, Exampletown', '1 site'],
  ['Prüfwerk AG', 'Sample Assurance LLP', '1 person'],
])('where %s became %s is told on pages and in one line with its place', (from, to, counted) => {
  const source = real.replace(from, to);
  const deployment = parseDeployment(source, 'deployment.yaml');
  expect(fictionalNotice(deployment)).toBe(
    `Not in force yet: deployment.yaml still has values that are made up (${counted}).`,
  );
  const warning = fictionalWarning(deployment, readYaml(source, 'deployment.yaml').lineOf) ?? '';
  const [, line, said] = /^deployment\.yaml:(\d+): EXAMPLE: 1 value is .*: (.*)$/.exec(warning) ?? [];
  expect(source.split('\n')[Number(line) - 1]).toContain(to);
  expect(said).toContain(to.replace(/^name: /, ''));
});

test.each(['Samplewood Ltd', 'Resample AG', 'Beispiel GmbH', 'Exemplar Foods'])(
  'takes %s for a name',
  (name) => {
    const deployment = parseDeployment(real.replace('Nordhafen Zahlungen GmbH', name), 'deployment.yaml');
    expect(fictional(deployment)).toEqual([]);
  },
);
