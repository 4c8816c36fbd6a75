/** "Recovered" is what the service says: a key that is wrapped for somebody else, or another key, ends in no service. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { answers, recordUnder, serviceState } from '../../../scripts/providers/service/state';
import type { DrillContext } from '../../../scripts/tabletop/drill/context';
import { runScenario } from '../../../scripts/tabletop/drill/drill';
import { workThrough } from '../../../scripts/tabletop/drill/workers';
import type { Sandbox } from '../../../scripts/tabletop/machine/sandbox';
import { planScenarios } from '../../../scripts/tabletop/plan/plan';
import { readSetting } from '../../../scripts/tabletop/plan/setting';
import { buildTools, type Tools } from '../../../scripts/tabletop/world/tool-set';
import type { ScenarioResult } from '../../../src/procedure/results/drill-results';
import { exampleRoot } from '../../example';

const setting = readSetting(exampleRoot());
let tools: Tools;
beforeAll(async () => {
  tools = await buildTools();
});

async function run(page: string, more: Partial<DrillContext> = {}): Promise<ScenarioResult> {
  const scenario = planScenarios(setting.procedures, setting.deployment).find(
    ({ id }) => id === `emergency/${page}/1-2-3`,
  );
  if (!scenario) throw new RangeError(`no scenario of ${page}`);
  const [result] = await workThrough([scenario], 1, (each, database) =>
    runScenario(each, { ...setting, ...database, tools, ...more }),
  );
  return result as ScenarioResult;
}

/** The first step that went wrong, and what was found there. */
const failed = ({ steps }: ScenarioResult) => {
  const step = steps.find(({ verdict }) => verdict === 'failed');
  return step && `${step.id} ${step.failure?.found} ${step.failure?.stderr ?? ''}`;
};

const change = (sandbox: Sandbox, to: Partial<NonNullable<ReturnType<typeof serviceState.load>>>) => {
  const state = serviceState.load(sandbox.world);
  if (!state) throw new RangeError('the drill has no service');
  serviceState.save(sandbox.world, { ...state, ...to });
};

describe('the service of a recovery', () => {
  it('has the key at the end, and had none at the beginning', async () => {
    let before: boolean | undefined;
    let after: boolean | undefined;
    const result = await run('unseal', {
      arrange: ({ world }) => {
        before = answers(world);
      },
      keep: async ({ world }) => {
        after = answers(world);
      },
    });
    expect([failed(result), before, after, result.verdict]).toEqual([undefined, false, true, 'passed']);
  }, 300_000);

  it.each(['unseal', 'tool-does-not-run'])(
    'is not handed an attacker’s key as its own: %s',
    async (page) => {
      const { privateKey } = generateKeyPairSync('rsa', {
        modulusLength: 3072,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      });
      const result = await run(page, { arrange: (sandbox) => change(sandbox, { importKey: privateKey }) });
      expect(result.verdict).toBe('failed');
      expect(failed(result)).toMatch(/^(?:UNS|TDR)-06 /);
    },
    300_000,
  );

  it('refuses a key that does not open its records, and the page does not say that it is back', async () => {
    const other = recordUnder(randomBytes(32));
    const result = await run('unseal', { arrange: (sandbox) => change(sandbox, { record: other }) });
    expect(result.verdict).toBe('failed');
    expect(failed(result)).toMatch(/^UNS-08 .*still sealed/s);
  }, 300_000);
});
