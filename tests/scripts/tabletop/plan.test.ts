/** The plan: every quorum, everything below it, every bad shard, for deployments of any shape. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { standInOf } from '../../../scripts/providers/stand-ins';
import { planScenarios, unexplainedRefusals } from '../../../scripts/tabletop/plan/plan';
import { type Scenario, stepsOf } from '../../../scripts/tabletop/plan/scenario';
import { readSetting } from '../../../scripts/tabletop/plan/setting';
import { loadDeployment } from '../../../src/deployment/load';
import { compilePage, type Procedure } from '../../../src/procedure/compile';
import { isDrilled } from '../../../src/procedure/results/drilled';
import { partialReader } from '../../../src/procedure/text/load-partial';
import { faultModes, stopModes } from '../../../src/procedure/vocabulary/faults';
import { exampleDeployment, exampleRoot } from '../../example';

const pages = [
  'docs/ceremony/prepare-keys.mdx',
  'docs/ceremony/script.mdx',
  'docs/ceremony/store.mdx',
  'docs/ceremony/prove.mdx',
  'docs/emergency/unseal.mdx',
  'docs/lifecycle/replace-shard.mdx',
  'docs/lifecycle/reshare.mdx',
];

function plan(file: string): {
  procedures: Procedure[];
  scenarios: Scenario[];
  threshold: number;
  n: number;
} {
  const deployment = loadDeployment(file);
  const read = partialReader('.');
  const procedures = pages.map((page) => compilePage(page, readFileSync(page, 'utf8'), deployment, read));
  return {
    procedures,
    scenarios: planScenarios(procedures, deployment),
    threshold: deployment.key.threshold,
    n: deployment.shards.length,
  };
}

/** Subsets counted the slow way: every bit mask. */
function masks(n: number, wanted: (size: number) => boolean): number {
  let count = 0;
  for (let mask = 0; mask < 2 ** n; mask++) {
    const size = [...mask.toString(2)].filter((bit) => bit === '1').length;
    if (wanted(size)) count++;
  }
  return count;
}

describe.each([
  exampleDeployment,
  'tests/fixtures/deployments/2-of-3.yaml',
  'tests/fixtures/deployments/4-of-7.yaml',
])('the plan of %s', (file) => {
  const { scenarios, procedures, threshold, n } = plan(file);
  const ids = scenarios.map(({ id }) => id);

  it('names every scenario once', () => {
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has every quorum of the unseal page, and everything below a quorum', () => {
    const unseal = scenarios.filter(({ id }) => id.startsWith('emergency/unseal/'));
    expect(unseal).toHaveLength(masks(n, (size) => size === threshold));
    expect(new Set(unseal.map(({ quorum }) => quorum?.join())).size).toBe(unseal.length);
    const below = scenarios.filter(({ id }) => id.startsWith('below-threshold/'));
    expect(below).toHaveLength(masks(n, (size) => size > 0 && size < threshold));
  });

  it('executes every step of its pages', () => {
    for (const page of procedures.filter(({ applies }) => applies)) {
      const runs = scenarios.filter((each) => each.procedures.includes(page));
      const done = new Set(runs.flatMap((each) => stepsOf(each, page).map(({ id }) => id)));
      // The one shard that the page is about, where no other can be lost, is not unwrapped there.
      const [gone, ...others] = new Set(runs.map(({ lost }) => lost));
      const possible = page.steps.filter(
        ({ shard }) => shard === undefined || shard !== gone || others.length > 0,
      );
      expect(
        possible.map(({ id }) => id).filter((id) => !done.has(id)),
        page.file,
      ).toEqual([]);
    }
  });

  it('plants every kind of bad shard where it can lie, at a step of that shard', () => {
    const { shards } = loadDeployment(file);
    for (const shard of shards) {
      const kinds = scenarios
        .filter(({ tampering }) => tampering?.shard === shard.n)
        .map(({ tampering }) => tampering?.kind);
      const common = ['x-zero', 'other-generation', 'duplicate', 'test-among-real'];
      const own =
        shard.medium === 'paper' ? ['sheet-altered'] : ['ciphertext-flipped', 'row-missing', 'no-shard'];
      expect(kinds.sort()).toEqual([...common, ...own].sort());
    }
    for (const { tampering, expect: end, quorum } of scenarios) {
      if (!tampering || typeof end === 'string') continue;
      expect(quorum).toContain(tampering.shard);
      expect(quorum).toHaveLength(threshold);
      expect(end.step).toMatch(new RegExp(`-[SC]${tampering.shard}-|-Z2-01$`));
    }
  });

  it('meets every fault that the tools of each shard know, at a step of that shard', () => {
    for (const shard of loadDeployment(file).shards) {
      const stops = Object.entries(standInOf(shard.provider)?.stops ?? {});
      expect(stops.length > 0).toBe(shard.medium === 'wrapped');
      for (const [mode, { message }] of stops) {
        const scenario = scenarios.find(({ id }) => id === `${mode}/${shard.n}`);
        expect(scenario?.expect, `${mode}/${shard.n}`).toEqual({
          step: expect.stringMatching(new RegExp(`-[SC]${shard.n}-`)),
          message,
        });
        expect(scenario?.quorum).toContain(shard.n);
        expect(Object.values(scenario?.faults ?? {})).toEqual([mode]);
      }
    }
  });

  it('follows the key on, from an outage to its end, with the deployment as it then is', () => {
    const deployment = loadDeployment(file);
    const read = partialReader('.');
    const compile = (page: string, then = deployment) => compilePage(page, read(page) ?? '', then, read);
    const later = [
      'docs/lifecycle/rotate.mdx',
      'docs/lifecycle/revoke-destroy.mdx',
      'docs/lifecycle/index.mdx',
    ];
    const all = [...procedures, ...later.map((page) => compile(page))];
    const [life] = planScenarios(all, deployment, compile);
    const prefixes = life?.procedures.map(({ page }) => page.prefix);
    expect(prefixes).toEqual(['PRE', 'CER', 'STO', 'PRV', 'UNS', 'RPL', 'RSH', 'ROT', 'RVD']);
    expect(life?.title).toBe(
      'One life of a key: from “Prepare the provider keys” to “Revoke and destroy a version”',
    );
    const part = (prefix: string) =>
      life?.parts?.[life.procedures.find(({ page }) => page.prefix === prefix)?.file ?? ''];
    const [unseal, replace, reshare] = [part('UNS'), part('RPL'), part('RSH')];
    const lost = replace?.lost ?? 0;
    expect(Object.keys(unseal?.faults ?? {}).length).toBeGreaterThan(0);
    expect(Object.values(replace?.faults ?? {})).toContain('key-deleted');
    for (const { quorum } of [unseal, replace].flatMap((each) => each ?? [])) {
      expect(quorum).toHaveLength(threshold);
      expect(quorum).not.toContain(lost);
    }
    const keyOf = (each: typeof deployment | undefined) => {
      const shard = each?.shards[lost - 1];
      return shard?.medium === 'wrapped' ? shard.keyReference : '';
    };
    expect(keyOf(replace?.deployment)).toBe(keyOf(deployment));
    expect(keyOf(reshare?.deployment)).not.toBe(keyOf(deployment));
    const text = (found: Procedure | undefined) => found?.lines.map(({ text }) => text).join('\n');
    expect(text(life?.procedures.find(({ page }) => page.prefix === 'RSH'))).not.toBe(
      text(procedures.find(({ page }) => page.prefix === 'RSH')),
    );
  });

  it('follows the ceremony in one chain, to the proof', () => {
    expect(ids[0]).toBe('pre-cer-sto-prv');
    expect(scenarios[0]?.procedures.map((procedure) => procedure.file)).toEqual(pages.slice(0, 4));
  });

  it('does the steps of the chosen shards only, in page order', () => {
    const unseal = procedures.find(({ file: page }) => page.endsWith('unseal.mdx')) as Procedure;
    for (const scenario of scenarios.filter(({ id }) => id.startsWith('emergency/unseal/'))) {
      const steps = stepsOf(scenario, unseal);
      const shards = new Set(steps.flatMap(({ shard }) => shard ?? []));
      expect([...shards].sort((a, b) => a - b)).toEqual(scenario.quorum);
      const positions = steps.map((step) => unseal.steps.indexOf(step));
      expect(positions).toEqual([...positions].sort((a, b) => a - b));
      const common = unseal.steps.filter(({ shard }) => shard === undefined);
      expect(steps).toEqual(expect.arrayContaining(common));
    }
  });

  it('finds a word on the page about every refusal', () => {
    expect(unexplainedRefusals(scenarios)).toEqual([]);
  });
});

it('names the page that does not explain a refusal', () => {
  const { scenarios } = plan(exampleDeployment);
  const bad = scenarios.find(({ id }) => id === 'x-zero/1') as Scenario;
  const silent = bad.procedures.map((procedure) => ({
    ...procedure,
    refusals: procedure.refusals.filter(({ see }) => !see.some((word) => word.includes('x is 0'))),
  }));
  expect(unexplainedRefusals([{ ...bad, procedures: silent }])).toEqual([
    expect.objectContaining({
      file: 'docs/emergency/unseal.mdx',
      rule: 'REFUSAL',
      message: expect.stringContaining('"x is 0, wanted 1 to 255"'),
    }),
  ]);
});

describe('the pages of this project', () => {
  const { scenarios, procedures } = readSetting(exampleRoot());

  it('have no step that nothing executes', () => {
    const done = new Set(
      scenarios.flatMap((each) => each.procedures.flatMap((page) => stepsOf(each, page).map(({ id }) => id))),
    );
    const missed = procedures
      .filter(isDrilled)
      .flatMap(({ steps }) => steps.filter(({ id }) => !done.has(id)));
    expect(missed.map(({ id }) => id)).toEqual([]);
  });

  const met = new Set(
    scenarios.flatMap(({ id, faults, tampering }) => [
      ...Object.values(faults),
      ...(tampering ? [tampering.kind] : []),
      id.split('/')[0],
    ]),
  );

  it.each(faultModes.filter((mode) => mode !== 'none'))('meet the fault %s', (mode) => {
    expect(met).toContain(mode);
  });

  it.each(stopModes)('meet what stops an operator: %s', (mode) => {
    expect(met).toContain(mode);
  });

  it('show what is seen of a region that hangs, and wait for the words of that fault', () => {
    const down = (fault: string) => {
      const scenario = scenarios.find(({ id }) =>
        id.startsWith(`emergency/region-down/aws-kms-us-east-1${fault}`),
      );
      const [page] = scenario?.procedures ?? [];
      if (!scenario || !page) throw new Error(`no scenario ${fault}`);
      const step = stepsOf(scenario, page).find(({ id }) => id === 'RGN-D1-01')?.command;
      return [Object.values(scenario.faults), step?.exit, step?.expected.at(-1)?.text];
    };
    expect(down('/1-2-3')).toEqual([
      ['refuse'],
      255,
      expect.stringMatching(/^<AWS_PREFIX_1>Could not connect/),
    ]);
    expect(down('/hang/')).toEqual([['hang'], 255, expect.stringMatching(/^<AWS_PREFIX_1>Read timeout/)]);
    expect(down('/http-503/')).toEqual([['http-503'], 254, expect.stringContaining('ServiceUnavailable')]);
  });

  it('say nothing of a fault that is taken off the page', () => {
    const procedures = plan(exampleDeployment).procedures.map((procedure) => {
      const { drill } = procedure.page;
      if (!drill) return procedure;
      const stops = drill.stops.filter((mode) => mode !== 'hang');
      return { ...procedure, page: { ...procedure.page, drill: { ...drill, stops } } };
    });
    const ids = planScenarios(procedures, loadDeployment(exampleDeployment)).map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith('hang/'))).toEqual([]);
    expect(ids).toContain('refuse/1');
  });
});
