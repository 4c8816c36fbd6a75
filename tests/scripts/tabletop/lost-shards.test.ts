/** Pages about one shard: a broken provider, a planted bad shard, or nothing broken; and pages that run for one quorum. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planScenarios } from '../../../scripts/tabletop/plan/plan';
import { drawSheet, readSheet, stain, storeSheet } from '../../../scripts/tabletop/world/sheets';
import { loadDeployment } from '../../../src/deployment/load';
import { loadProcedures } from '../../../src/procedure/load';
import { checkHouseRules } from '../../../src/procedure/steps/required-flags';
import { exampleDeployment } from '../../example';

const root = resolve(__dirname, '../../..');
const deployment = loadDeployment(exampleDeployment);
const scenarios = planScenarios(loadProcedures(root, deployment), deployment);
const of = (page: string) => scenarios.filter(({ id }) => id.startsWith(page));
const wrapped = deployment.shards.filter((shard) => shard.medium === 'wrapped');

describe('a page about one shard', () => {
  it('is run once for each shard that matches, with that provider broken', () => {
    const cloud = of('emergency/kms-key-pending-deletion/');
    expect(cloud.map(({ lost }) => lost)).toEqual(
      deployment.shards.filter(({ provider }) => ['aws-kms', 'gcp-kms'].includes(provider)).map(({ n }) => n),
    );
    for (const { faults, tampering } of cloud) {
      expect(Object.values(faults)).toContain('key-pending-deletion');
      expect(tampering).toBeUndefined();
    }
  });

  it('plants a bad shard where the fault is one, and breaks no provider', () => {
    const mixed = of('emergency/mixed-sets/');
    expect(mixed).toHaveLength(wrapped.length);
    for (const { tampering, lost, faults } of mixed) {
      expect(tampering).toEqual({ kind: 'other-generation', shard: lost, other: lost });
      expect(faults).toEqual({});
    }
  });

  it('breaks nothing for the fault "none"', () => {
    const rewrap = of('lifecycle/rewrap/');
    expect(rewrap.map(({ lost }) => lost)).toEqual(wrapped.map(({ n }) => n));
    for (const { faults, tampering } of rewrap) expect([faults, tampering]).toEqual([{}, undefined]);
  });
});

describe('quorum: first', () => {
  it('runs a page with the first M shards, and again for the shards that are left', () => {
    const quorums = of('lifecycle/reshare').map(({ quorum }) => quorum ?? []);
    const { shards, key } = deployment;
    expect(quorums[0]).toEqual(shards.slice(0, key.threshold).map(({ n }) => n));
    for (const quorum of quorums) expect(quorum).toHaveLength(key.threshold);
    expect(quorums).toHaveLength(Math.ceil(shards.length / key.threshold));
    expect(new Set(quorums.flat()).size).toBe(shards.length);
  });
});

describe('a stained sheet', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'stain-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is beyond error correction, and the sheet before it is not', () => {
    const file = join(folder, 'sheet-1.png');
    const picture = drawSheet('mks1qqqsqqpzry9x8gf2tvdw0s3jn54khce6mua7l');
    storeSheet(file, picture);
    expect(readSheet(file)).toBe('mks1qqqsqqpzry9x8gf2tvdw0s3jn54khce6mua7l');
    storeSheet(file, stain(picture));
    expect(() => readSheet(file)).toThrow();
  });
});

describe('PIN rules of the house', () => {
  const check = (text: string) => checkHouseRules('XXX-01', [{ text, file: 'docs/x.mdx', line: 1 }]);
  it('keep the officer PIN and the new PIN off the command line', () => {
    const good =
      'SO_PIN="$SO_PIN" HSM_PIN="$HSM_PIN" pkcs11-tool --login --login-type so --so-pin env:SO_PIN --init-pin --new-pin env:HSM_PIN';
    expect(check(good)).toEqual([]);
    expect(check(good.replace('env:SO_PIN', '1234'))).toHaveLength(1);
    expect(check(good.replace('env:HSM_PIN', '1234'))).toHaveLength(1);
    expect(check('pkcs11-tool --login --pin 1234')).toHaveLength(1);
  });
});
