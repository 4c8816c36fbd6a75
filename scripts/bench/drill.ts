/** Whether a drill takes twice as long for twice as many scenarios, and how much memory it holds. Nothing is written to reports/. */
import { resolve } from 'node:path';
import { runScenario } from '../tabletop/drill';
import type { Scenario } from '../tabletop/plan';
import { readSetting, type Setting } from '../tabletop/setting';
import { buildTools, type Tools } from '../tabletop/tool-set';
import { workThrough } from '../tabletop/workers';
import { growth } from './growth';
import { watchMemory } from './memory';

const JOBS = 2;

/** MiB that a drill with two workers may hold, everything that it starts included. */
const MEMORY = 1024;

/** Seconds that some scenarios take, workers and their databases included, as in `npm run tabletop`. */
async function seconds(setting: Setting, scenarios: readonly Scenario[], tools: Tools) {
  const start = performance.now();
  const results = await workThrough(scenarios, JOBS, (scenario, database) =>
    runScenario(scenario, { ...setting, ...database, tools }),
  );
  const failed = results.find(({ verdict }) => verdict === 'failed');
  // A failure must not look fast.
  if (failed !== undefined) throw new RangeError(`${failed.id} failed; run npm run tabletop first`);
  return (performance.now() - start) / 1000;
}

async function main(counts: readonly number[]): Promise<void> {
  const setting = readSetting(resolve(__dirname, '../..'));
  const tools = await buildTools();
  // Scenarios of one page, so that their number is all that differs.
  const alike = setting.scenarios.filter(({ id }) => id.startsWith('emergency/unseal/'));
  if (alike.length === 0) throw new RangeError('docs/emergency/unseal.mdx has no drill');
  await seconds(setting, alike.slice(0, 1), tools);
  const memory = watchMemory();
  const measured: [number, number][] = [];
  for (const wanted of counts) {
    const chosen = Array.from({ length: wanted }, (_, at) => alike[at % alike.length] as Scenario);
    measured.push([wanted, await seconds(setting, chosen, tools)]);
    process.stdout.write(growth('scenarios', measured));
  }
  const most = memory.stop();
  if (most === undefined) process.stdout.write('memory: not measured, as this system has no /proc\n');
  else
    process.stdout.write(`memory: ${most.toFixed(0)} MiB at most with ${JOBS} workers, wanted ${MEMORY}\n`);
  if (most !== undefined && most > MEMORY)
    throw new RangeError(`${most.toFixed(0)} MiB is more than ${MEMORY}`);
}

void main(process.argv.slice(2).map(Number)).catch((error: unknown) => {
  process.stderr.write(`drill: error: ${error instanceof Error ? error.message : 'unknown'}\n`);
  process.exitCode = 1;
});
