/** What a drill with the real tools still shows with stand-ins: everything has a name, and nothing falls unnamed. */
import { beforeAll, describe, expect, it } from 'vitest';
import { planScenarios } from '../../../scripts/tabletop/plan/plan';
import { allDrops, dropsOf } from '../../../scripts/tabletop/plan/rung';
import type { Scenario } from '../../../scripts/tabletop/plan/scenario';
import { readSetting, type Setting } from '../../../scripts/tabletop/plan/setting';
import { judgeDrops } from '../../../scripts/tabletop/world/real-world';
import { loadDeployment } from '../../../src/deployment/load';
import { loadProcedures } from '../../../src/procedure/load';
import { exampleRoot } from '../../example';

let setting: Setting;
beforeAll(() => {
  setting = readSetting(exampleRoot());
});

const scenario = (id: string): Scenario => {
  const found = setting.scenarios.find((each) => each.id === id);
  if (!found) throw new RangeError(`no scenario ${id}`);
  return found;
};
const names = (id: string, missing: ReadonlyMap<string, string> = new Map()) =>
  [...dropsOf(scenario(id), missing)].map(([tool, { name }]) => `${tool}: ${name}`).sort();

describe('a scenario on rung 2', () => {
  it('has nothing but Vault on rung 1 where the tools are there', () => {
    expect(names('emergency/unseal/1-2-4')).toEqual(['vault: vault']);
  });

  it('loses the tools that the machine lacks, and those alone', () => {
    const missing = new Map([['gcloud', 'install the package google-cloud-cli']]);
    expect(names('emergency/unseal/1-2-4', missing)).toEqual(['gcloud: gcloud', 'vault: vault']);
  });

  it('names a fault that the real tool cannot meet', () => {
    expect(names('emergency/hsm-pin-locked/lost-4')).toContain('pkcs11-tool: pkcs11-hsm:pin-locked');
    expect(names('emergency/region-down/aws-kms-us-east-1/1-2-3')).toEqual(['vault: vault']);
  });

  it('keeps the registry real while its rows are damaged', () => {
    expect(names('emergency/registry-changed')).toEqual(['vault: vault']);
  });

  it('shows a new key of the HSM with the stand-in, whose key the drill can open', () => {
    expect(names('lifecycle/rewrap/lost-4')).toContain('pkcs11-tool: pkcs11-tool:changes');
    expect(names('lifecycle/rewrap/lost-1')).not.toContain('pkcs11-tool: pkcs11-tool:changes');
  });
});

it('shows an HSM that knows OAEP with SHA-256 by openCryptoki, where the machine has that', () => {
  const deployment = loadDeployment('tests/fixtures/deployments/elsewhere.yaml');
  const plan = planScenarios(loadProcedures('.', deployment), deployment);
  const drop = (id: string, missing: ReadonlyMap<string, string>) => {
    const found = plan.find((each) => each.id === id) as Scenario;
    return dropsOf(found, missing).get('pkcs11-tool')?.name;
  };
  const without = new Map([['pkcs11-tool:opencryptoki', 'install the package opencryptoki']]);
  expect(drop('emergency/unseal/1-2-4', new Map())).toBeUndefined();
  expect(drop('emergency/unseal/1-2-4', without)).toBe('pkcs11-tool:opencryptoki');
  expect(drop('emergency/unseal/1-2-3', without)).toBeUndefined();
});

describe('a fall to rung 1', () => {
  const drops = () => allDrops(setting.scenarios, new Map());

  it('is each named once over all scenarios', () => {
    expect(drops().map(({ name }) => name)).toEqual([
      'aws-kms:expired-sign-in',
      'aws-kms:unknown-authority',
      'aws-kms:unknown-profile',
      'gcp-kms:expired-sign-in',
      'gcp-kms:hang',
      'gcp-kms:unknown-authority',
      'gcp-kms:unknown-host',
      'pkcs11-hsm:pin-locked',
      'pkcs11-tool:changes',
      'postgres:unknown-authority',
      'postgres:unknown-host',
      'postgres:unknown-service',
      'vault',
    ]);
  });

  it('is refused unless it is allowed by its name', () => {
    const allowed = drops().map(({ name }) => name);
    expect(judgeDrops(drops(), allowed).every((drop) => drop.allowed)).toBe(true);
    expect(() => judgeDrops(drops(), allowed.slice(1))).toThrow(
      /^not on rung 2: aws-kms:expired-sign-in \(.*\); to allow that: --allow-rung aws-kms:expired-sign-in$/,
    );
    expect(() => judgeDrops(drops(), [])).toThrow(/--allow-rung vault/);
  });
});
