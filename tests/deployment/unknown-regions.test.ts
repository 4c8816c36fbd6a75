/** A region that its vendor does not list: told with file, line and the one that was meant, and never an error. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadDeployment, readWarnings } from '../../src/deployment/load';
import { kindOf, providerIds } from '../../src/deployment/providers/registry';

const folder = mkdtempSync(join(tmpdir(), 'regions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Warnings of a fixture with one text replaced, with the line that each points at. */
function warned(name: string, from: string, to: string): string[] {
  const text = readFileSync(`tests/fixtures/${name}.yaml`, 'utf8');
  expect(text).toContain(from);
  const file = join(folder, 'deployment.yaml');
  writeFileSync(file, text.replace(from, to));
  return readWarnings(file, loadDeployment(file)).map((warning) => {
    const [, line = '', rest = ''] = /deployment\.yaml:(\d+): (.*)$/.exec(warning) ?? [];
    return `${readFileSync(file, 'utf8').split('\n')[Number(line) - 1]?.trim()} → ${rest}`;
  });
}

const elsewhere = 'deployments/elsewhere';

describe('a region that its vendor does not list', () => {
  it.each([
    [elsewhere, 'region: eu-central-1', 'region: eu-central-4', 'AWS', 'eu-central-1'],
    [elsewhere, 'replicaRegion: eu-west-1', 'replicaRegion: eu-west-9', 'AWS', 'eu-west-1'],
    ['example/deployment', 'region: us-east-1', 'region: us-east-7', 'AWS', 'us-east-1'],
    [
      'example/deployment',
      'location: europe-west4',
      'location: europ-west99',
      'Google Cloud',
      'europe-west9',
    ],
    [elsewhere, 'region: westeurope', 'region: westeurop', 'Azure', 'westeurope'],
  ])('of %s is told at its line: %s → %s', (name, from, to, vendor, meant) => {
    expect(warned(name, from, to)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${to} → REGION-1: shard \\d: "${to.split(' ')[1]}" is not a region that ${vendor} lists \\(.*, read on 20\\d\\d-\\d\\d-\\d\\d\\); did you mean ${meant}\\?$`,
        ),
      ),
    ]);
  });

  it('is named without a guess where none is near', () => {
    expect(warned(elsewhere, 'region: westeurope', 'region: moonbase')).toEqual([
      expect.stringMatching(/^region: moonbase → REGION-1: .*, read on 20\d\d-\d\d-\d\d\)$/),
    ]);
  });
});

it.each([
  'example/deployment',
  ...['elsewhere', 'azure', '4-of-7', 'two-of-each', 'names'].map((each) => `deployments/${each}`),
])('is nowhere in %s', (name) => {
  const file = `tests/fixtures/${name}.yaml`;
  expect(readWarnings(file, loadDeployment(file)).filter((warning) => warning.includes('REGION-1'))).toEqual(
    [],
  );
});

it('every provider whose shards have a region brings the list of its vendor, dated, without twins', () => {
  for (const id of providerIds) {
    const { region, regions } = kindOf(id);
    expect([id, regions !== undefined]).toEqual([id, region !== undefined]);
    if (regions === undefined) continue;
    expect(regions.checked).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(new Set(regions.names).size).toBe(regions.names.length);
    expect(regions.names.length).toBeGreaterThan(30);
  }
});
