/** The build says where a recovery needs what is down in the very outage that it is for. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dependenceWarnings } from '../../src/deployment/dependence';
import { parseDeployment } from '../../src/deployment/parse';
import { compilePage } from '../../src/procedure/compile';
import { partialReader } from '../../src/procedure/text/load-partial';
import { problemsOf } from './told';

const root = resolve(__dirname, '../..');
const text = readFileSync(resolve(root, 'tests/fixtures/example/deployment.yaml'), 'utf8');
const warned = (change: (text: string) => string) =>
  dependenceWarnings(parseDeployment(change(text), 'deployment.yaml')).map(({ rule, path }) =>
    [rule, ...path].join(' '),
  );

describe('a recovery that depends on what is down', () => {
  it('is not warned of where the sign-in names no region', () => {
    expect(warned((same) => same)).toEqual([]);
  });

  it.each([
    [
      'a sign-in of AWS in us-east-1',
      'identityProvider: aws-local-users',
      'identityProvider: identity-center-us-east-1',
      'DEP-1 shards 0 identityProvider',
    ],
    [
      'a sign-in of AWS in the region of the replica',
      'identityProvider: aws-local-users',
      'identityProvider: sso-us-west-2',
      'DEP-1 shards 0 identityProvider',
    ],
    [
      'a sign-in of Google in us-east-1',
      'identityProvider: example-workspace',
      'identityProvider: keycloak-us-east-1',
      'DEP-1 shards 1 identityProvider',
    ],
    [
      'a Vault in us-east-1',
      'address: https://vault.ledger.example:8200',
      'address: https://vault.us-east-1.ledger.example:8200',
      'DEP-1 shards 2 address',
    ],
    [
      'a Vault in the location of Google',
      'address: https://vault.ledger.example:8200',
      'address: https://vault.europe-west4.ledger.example:8200',
      'DEP-1 shards 2 address',
    ],
    [
      'a registry in us-east-1',
      'service: masterkey #',
      'service: masterkey-us-east-1 #',
      'DEP-2 database service',
    ],
  ])('is warned of: %s', (_, from, to, expected) => {
    expect(text).toContain(from);
    expect(warned((before) => before.replace(from, to))).toEqual([expected]);
  });

  it('is not warned of in a region that no page is about', () => {
    expect(warned((before) => before.replace('aws-local-users', 'identity-center-eu-north-1'))).toEqual([]);
  });

  it('names the shard, the sign-in and the region', () => {
    const changed = text.replace('aws-local-users', 'identity-center-us-east-1');
    const [warning] = dependenceWarnings(parseDeployment(changed, 'deployment.yaml'));
    expect(warning?.message).toMatch(
      /^shard 1 signs in through "identity-center-us-east-1", which lies in us-east-1/,
    );
  });
});

describe('a recovery that needs the key itself', () => {
  const broken = (change: (text: string) => string) =>
    problemsOf(() => parseDeployment(change(text), 'd.yaml'));
  const protects = (name: string) => (before: string) =>
    before.replace('  service: ledger-api\n', `  service: ledger-api\n  protects: ["${name}"]\n`);

  it.each([
    [
      'the service as sign-in',
      (before: string) => before.replace('aws-local-users', 'Ledger-API'),
      /Ledger-API/,
    ],
    ['a protected sign-in', protects('example-workspace'), /identityProvider: example-workspace/],
    ['a protected server', protects('vault.ledger.example'), /address: https/],
    ['a protected registry', protects('masterkey'), /service: masterkey #/],
    [
      'the service as registry',
      (before: string) => before.replace('service: masterkey #', 'service: ledger-api #'),
      /ledger-api #/,
    ],
  ])('is refused: %s', (_, change, line) => {
    const [problem, ...others] = broken(change);
    expect(others).toEqual([]);
    expect(problem?.rule).toBe('DEP-3');
    expect(problem?.message).toMatch(
      /^(?:shard \d (?:signs in through|is asked at)|the registry) "[^"]+",? (?:which )?cannot run without the key that the recovery is for; wanted one that can; the smallest change: one that runs without the key$/,
    );
    expect(change(text).split('\n')[(problem?.line ?? 0) - 1]).toMatch(line);
  });

  it('is not seen in what has another name', () => {
    expect(broken(protects('ledger'))).toEqual([]);
    expect(broken(protects('vault.ledger.example.org'))).toEqual([]);
  });
});

describe('the page of us-east-1', () => {
  const file = 'docs/emergency/region-down.mdx';
  const changed = text.replace('aws-local-users', 'identity-center-us-east-1');
  const deployment = parseDeployment(changed, 'deployment.yaml');
  const page = compilePage(file, readFileSync(resolve(root, file), 'utf8'), deployment, partialReader(root))
    .lines.map((line) => line.text)
    .join('\n');

  it.each(['IAM Identity Center', 'STS', 'second factor', 'sts.amazonaws.com'])(
    'says where %s stands',
    (what) => {
      expect(page.toLowerCase()).toContain(what.toLowerCase());
    },
  );

  it('names the sign-in of each shard, and promises nothing of identities that exist', () => {
    expect(page).toContain('| 1 | identity-center-us-east-1 |');
    expect(page).not.toContain('Identities that exist keep working');
  });
});
