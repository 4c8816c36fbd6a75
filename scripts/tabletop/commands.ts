/** What `npm run tabletop` does without a word and with `fixture`: runs the scenarios and writes the reports. */
import { join } from 'node:path';
import type { ScenarioResult } from '../../src/procedure/results/drill-results';
import { floorRegressions } from '../../src/procedure/results/recovery-time';
import { printError, printOut } from '../common/terminal';
import { missingOnRung2 } from '../providers/real/support';
import { runScenario } from './drill/drill';
import { storeFixture } from './drill/fixture';
import { clusterImage, type WorkerDatabase, workThrough } from './drill/workers';
import { keepSandbox } from './machine/kept';
import { planScenarios } from './plan/plan';
import { allDrops } from './plan/rung';
import type { Scenario } from './plan/scenario';
import type { Setting } from './plan/setting';
import { readMutationRun, readResults, writeReports } from './report/files';
import { summarize } from './report/summary';
import { createDisplay } from './report/terminal';
import { judgeDrops, prepareRealWorld, type RungOptions } from './world/real-world';
import { buildTools } from './world/tool-set';

/** Runs the scenarios of a setting and reports them; a pasted run is reported beside the others. Returns the exit status. */
export async function drill(
  setting: Setting,
  jobs: number,
  how: {
    readonly paste?: boolean;
    /** Leave the sandboxes of scenarios that failed, and say where. */
    readonly keep?: boolean | undefined;
    readonly rung?: RungOptions | undefined;
    /** Puts results.json on record, and says so in one line; the tally stays the last line of the output. */
    readonly record?: ((results: string) => Promise<string>) | undefined;
  } = {},
): Promise<number> {
  const missing = new Map(how.rung ? missingOnRung2() : []);
  const drops = how.rung && judgeDrops(allDrops(setting.scenarios, missing), how.rung.allowed);
  const started = new Date();
  const display = createDisplay(process.stdout);
  for (const { id, tool } of setting.leftOut)
    printError(`tabletop: warning: ${id} is left out: this machine has no ${tool}\n`);
  // The first thing of all: making it takes so much memory that nothing else should hold any.
  if (jobs > 1 && !how.rung) await clusterImage();
  const tools = await buildTools(how.rung ? 2 : 1);
  const real = how.rung && { missing, world: prepareRealWorld(tools, setting, missing) };
  const running = new Map<string, string>();
  const done: ScenarioResult[] = [];
  const kept = new Map<string, string>();
  const show = () =>
    display.progress({
      done: done.length,
      failed: done.filter((result) => result.verdict === 'failed').length,
      total: setting.scenarios.length,
      elapsedMilliseconds: Date.now() - started.getTime(),
      running: [...running.values()],
    });
  const drillOne = async (scenario: Scenario, database: WorkerDatabase) => {
    const result = await runScenario(scenario, {
      ...setting,
      ...database,
      ...(how.paste ? { paste: true } : {}),
      real,
      tools,
      ...(how.keep ? { keepFailed: (sandbox, id) => kept.set(id, keepSandbox(sandbox, id)) } : {}),
      onStep: (_, { id }) => {
        running.set(scenario.id, id);
        show();
      },
    });
    running.delete(result.id);
    done.push(result);
    display.finished(result);
    return result;
  };
  const realDatabase = real !== undefined && !missing.has('psql');
  const results = await workThrough(setting.scenarios, jobs, drillOne, { realDatabase });
  const summary = summarize(setting, results, started, {
    tools,
    missing: new Set(missing.keys()),
    drops,
    mutation: readMutationRun(setting.root),
  });
  for (const { name, reason } of drops ?? []) printOut(`rung 1 allowed for ${name}: ${reason}\n`);
  const slower = floorRegressions(readResults(setting.root), summary);
  writeReports(setting.root, summary, how.paste ? 'pasted/' : '');
  for (const line of slower) printOut(`${line}\n`);
  if (how.record) {
    const recorded = await how.record(join(setting.root, 'reports', 'tabletop', 'results.json'));
    printError(`${recorded}\n`);
  }
  for (const [id, folder] of kept) printError(`${id}: kept in ${folder}\n`);
  display.closed(summary);
  return summary.totals.failed > 0 ? 1 : 0;
}

/** Follows the ceremony's pages and stores the TEST set that comes out of it. Returns the exit status. */
export async function fixture(setting: Setting): Promise<number> {
  const started = new Date();
  const display = createDisplay(process.stdout);
  const tools = await buildTools();
  const only: Setting = {
    ...setting,
    scenarios: planScenarios(setting.procedures, setting.deployment)
      .filter(({ world }) => world === 'empty')
      .slice(0, 1),
  };
  const results = await workThrough(only.scenarios, 1, async (scenario, database) => {
    const result = await runScenario(scenario, {
      ...setting,
      ...database,
      tools,
      keep: (sandbox) => storeFixture(setting.root, sandbox, database.postgres),
    });
    display.finished(result);
    return result;
  });
  const summary = summarize(only, results, started);
  if (summary.totals.failed > 0) {
    display.closed(summary);
    return 1;
  }
  printOut('tests/fixtures/tabletop: stored; now run npm test\n');
  return 0;
}
