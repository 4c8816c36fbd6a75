import { beforeAll, describe, expect, it } from 'vitest';
import { runScenario } from '../../../scripts/tabletop/drill/drill';
import { workThrough } from '../../../scripts/tabletop/drill/workers';
import { compileMutant } from '../../../scripts/tabletop/mutation/plan';
import type { Scenario } from '../../../scripts/tabletop/plan/scenario';
import { readSetting, type Setting } from '../../../scripts/tabletop/plan/setting';
import { pasteUnavailable } from '../../../scripts/tabletop/shell/paste';
import { buildTools, type Tools } from '../../../scripts/tabletop/world/tool-set';
import type { ScenarioResult } from '../../../src/procedure/results/drill-results';
import { partialReader } from '../../../src/procedure/text/load-partial';
import { exampleRoot } from '../../example';

const unavailable = pasteUnavailable();
const all = readSetting(exampleRoot());
const read = partialReader(all.root);
/** The last quorum that opens an HSM, where somebody has to enter a PIN; or the last of all. */
const unseal = all.scenarios.filter(({ id }) => id.startsWith('emergency/unseal/'));
const hsm = all.deployment.shards.find(({ provider }) => provider === 'pkcs11-hsm')?.n;
const chosen =
  unseal.filter(({ quorum }) => hsm !== undefined && quorum?.includes(hsm)).at(-1) ?? unseal.at(-1);

describe.skipIf(unavailable)(`a pasted drill${unavailable ? ` (not here: ${unavailable})` : ''}`, () => {
  let tools: Tools;
  beforeAll(async () => {
    tools = await buildTools();
  });

  const run = async (setting: Setting, ways: readonly boolean[]): Promise<ScenarioResult[]> => {
    const scenario = setting.scenarios.find(({ id }) => id === chosen?.id) as Scenario;
    return workThrough(ways, 1, (paste, database) =>
      runScenario(scenario, { ...setting, ...database, tools, paste }),
    );
  };

  it('recovers the key', async () => {
    const [result] = await run(all, [true]);
    expect(result).toMatchObject({ verdict: 'passed', problems: [] });
    expect(result?.steps.filter(({ kind }) => kind === 'command').length).toBeGreaterThan(5);
  });

  it('sees what sourcing hides: an exclamation mark that the history answers', async () => {
    const file = 'docs/_partials/memory-folder.mdx';
    const lines = (read(file) ?? '').split('\n');
    const line = lines.indexOf('umask 077') + 1;
    const compiled = compileMutant(
      all,
      {
        id: 'history',
        operator: 'command-deleted',
        subject: 'command',
        file,
        line,
        count: 1,
        before: 'umask 077',
        after: 'umask 077; : "!umask"',
      },
      read,
    );
    expect(compiled.noticed).toBeUndefined();
    const [sourced, pasted] = await run(compiled.setting as Setting, [false, true]);
    expect(sourced?.verdict).toBe('passed');
    expect(pasted?.verdict).toBe('failed');
    const failed = pasted?.steps.find(({ failure }) => failure)?.failure;
    expect(failed?.file).toBe(file);
    expect(failed?.line).toBeGreaterThanOrEqual(line);
  });
});
