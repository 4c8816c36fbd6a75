import { expect, it } from 'vitest';
import { runScenario } from '../../../scripts/tabletop/drill/drill';
import { workThrough } from '../../../scripts/tabletop/drill/workers';
import { type Mutant, mutantsOf } from '../../../scripts/tabletop/mutation/mutate';
import {
  executedPages,
  likelyScenarios,
  MutatedPages,
  spotOf,
} from '../../../scripts/tabletop/mutation/plan';
import { mutableTexts, sampleOf } from '../../../scripts/tabletop/mutation/run';
import { type Notice, tryMutants } from '../../../scripts/tabletop/mutation/trial';
import type { Scenario } from '../../../scripts/tabletop/plan/scenario';
import { readSetting } from '../../../scripts/tabletop/plan/setting';
import { failuresOf } from '../../../scripts/tabletop/report/report';
import { buildTools } from '../../../scripts/tabletop/world/tool-set';
import { partialReader } from '../../../src/procedure/text/load-partial';
import { exampleRoot } from '../../example';

const all = readSetting(exampleRoot());
const read = partialReader(all.root);
const of = (page: string) => {
  const procedures = all.procedures.filter(({ file }) => file === page);
  const scenarios = all.scenarios.filter((each) =>
    each.procedures.every((page) => procedures.includes(page)),
  );
  return { ...all, procedures, scenarios: scenarios.slice(0, 1) };
};

/** The page and one of its scenarios, with the mutants that this scenario executes. */
function cases(file: string, count: number): { setting: typeof all; mutants: Mutant[] } {
  const setting = of(file);
  const mutants = mutantsOf(mutableTexts(setting), executedPages(setting.procedures)).filter(
    (mutant) => mutant.subject !== 'contract' && likelyScenarios(setting, mutant).length > 0,
  );
  return { setting, mutants: sampleOf(mutants, count, 7) };
}

it.each([
  // A page that reads the registry, and one that writes into it.
  ['docs/emergency/unseal.mdx', 12],
  ['docs/lifecycle/rewrap.mdx', 12],
])(
  '%s',
  async (file, count) => {
    const { setting, mutants } = cases(file, count);
    const [original] = setting.scenarios as [Scenario];
    const tools = await buildTools();
    const noticed = new Map<string, Notice | undefined>();
    await tryMutants(setting, mutants, {
      tools,
      jobs: 2,
      tried: ({ id }, notice) => noticed.set(id, notice),
    });
    expect([...noticed.keys()].sort()).toEqual(mutants.map(({ id }) => id).sort());
    const spots = new Set<string>();
    await workThrough(mutants, 2, async (mutant, database) => {
      const notice = noticed.get(mutant.id);
      if (notice?.by === 'build' || notice?.by === 'plan') return;
      const scenario = new MutatedPages(setting, mutant, read).scenario(original) as Scenario;
      spots.add(JSON.stringify(spotOf(original, scenario)));
      const whole = await runScenario(scenario, { ...setting, ...database, tools, impatientSeconds: 15 });
      const [failed] = failuresOf(whole);
      const { failure, step } = failed ?? {};
      const said =
        failure && `${failure.file}:${failure.line}${step ? `: step ${step.id}` : ''}: ${failure.rule}: `;
      // A step at a place that the page does not have finds no machine; in a run of its own it is given one, and stops later.
      if (notice?.detail.includes(', found no machine at ')) expect(said, mutant.id).toBeDefined();
      else expect(notice?.detail.slice(0, said?.length), mutant.id).toBe(said);
    });
    expect(spots.size).toBeGreaterThan(2);
  },
  300_000,
);
