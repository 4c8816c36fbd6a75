/** Makes the results of a run: what was drilled, on which commit and pages, with which tools, and how much that covers. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  type Results,
  resultsSchema,
  type ScenarioResult,
  totalsOf,
} from '../../../src/procedure/results/drill-results';
import { isDrilled } from '../../../src/procedure/results/drilled';
import { placeOf } from '../../../src/procedure/steps/step';
import { stepsOf } from '../plan/scenario';
import type { Setting } from '../plan/setting';
import { type Tools, toolVersions } from '../world/tool-set';
import type { MutationRun } from './files';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function git(root: string, ...words: string[]): string | undefined {
  try {
    return execFileSync('git', words, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

/** The commit of a project, and whether its files differ from it; `none` where there is no repository. */
export function commitOf(root: string): { commit: string; dirty: boolean } {
  return {
    commit: git(root, 'rev-parse', 'HEAD') ?? 'none',
    dirty: (git(root, 'status', '--porcelain') ?? 'unknown') !== '',
  };
}

/** Outage sets are all sets of shards: those of size N−M or less leave a quorum, which is drilled; larger ones are refused by name. */
function coverageOf(
  { deployment, procedures, scenarios }: Setting,
  results: readonly ScenarioResult[],
): Results['coverage'] {
  const drilled = new Set(
    scenarios
      .filter((scenario) => scenario.quorum && !scenario.tampering)
      .map((scenario) => scenario.quorum?.join('-')),
  );
  const { threshold } = deployment.key;
  const numbers = deployment.shards.map((shard) => shard.n);
  let [exact, equivalent, total] = [0, 0, 0];
  for (let mask = 0; numbers.length <= 16 && mask < 2 ** numbers.length; mask++) {
    const left = numbers.filter((_, bit) => (mask & (1 << bit)) === 0);
    total++;
    // With more shards than needed the lead chooses M of them: the quorum that is then followed is drilled.
    if (left.length > threshold) equivalent += drilled.has(left.slice(0, threshold).join('-')) ? 1 : 0;
    else if (left.length === 0 || drilled.has(left.join('-'))) exact++;
  }
  const executed = new Set(results.flatMap((result) => result.steps.map((step) => step.id)));
  const drilledPages = procedures.filter(isDrilled);
  const steps = drilledPages.flatMap((procedure) => procedure.steps.map((step) => step.id));
  return {
    outages: { drilled: exact, equivalent, total },
    steps: { executed: steps.filter((id) => executed.has(id)).length, total: steps.length },
  };
}

/** SHA-256 over all steps of all scenarios, in the order in which they are done. */
export function planDigest({ scenarios }: Pick<Setting, 'scenarios'>): string {
  const plan = scenarios.map((scenario) => [
    scenario.id,
    scenario.procedures.flatMap((procedure) =>
      stepsOf(scenario, procedure).map((step) => [
        step.id,
        step.command?.lines.map((line) => line.text) ?? step.act,
        ...(step.place ? [placeOf(step), step.crossing] : []),
      ]),
    ),
  ]);
  return sha256(JSON.stringify(plan));
}

/** The results object behind every report. Throws when it contradicts itself. */
export function summarize(
  setting: Setting,
  scenarios: ScenarioResult[],
  started: Date,
  how: {
    readonly tools?: Tools | undefined;
    readonly missing?: ReadonlySet<string> | undefined;
    readonly drops?: Results['drops'] | undefined;
    /** The last mutation run; what it says holds for the plan that it was made of. */
    readonly mutation?: MutationRun | undefined;
  } = {},
): Results {
  const planSha256 = planDigest(setting);
  return resultsSchema.parse({
    format: 'tabletop-results/1',
    kind: 'automated drill',
    ...commitOf(setting.root),
    started: started.toISOString(),
    milliseconds: Date.now() - started.getTime(),
    node: process.version,
    tools: toolVersions(how.tools, how.missing),
    pages: setting.procedures.filter(isDrilled).map((procedure) => ({
      file: procedure.file,
      sha256: sha256(procedure.lines.map((line) => line.text).join('\n')),
    })),
    planSha256,
    scenarios,
    totals: totalsOf(scenarios),
    coverage: coverageOf(setting, scenarios),
    leftOut: setting.leftOut.map(({ id, tool }) => ({ id, tool })),
    ...(how.drops ? { drops: how.drops } : {}),
    ...(how.mutation?.planSha256 === planSha256 ? { mutation: how.mutation.mutation } : {}),
  });
}
