/** Whether a drill takes twice as long for twice as many scenarios, and how much memory it holds. Nothing is written to reports/. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { runScenario } from '../tabletop/drill';
import type { Scenario } from '../tabletop/scenario';
import { readSetting, type Setting } from '../tabletop/setting';
import { buildTools, type Tools } from '../tabletop/tool-set';
import { workThrough } from '../tabletop/workers';
import { growth } from './growth';
import { watchMemory } from './memory';

const JOBS = 2;

/** MiB that a drill with two workers may hold, everything that it starts included. */
const MEMORY = 1024;

/** Asks this program for one measurement, as JSON. */
const ONE = '--one';

interface Measured {
  readonly seconds: number;
  readonly mebibytes: number | null;
}

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

/** One drill of so many scenarios of one page, so that their number is all that differs. */
async function measure(wanted: number): Promise<Measured> {
  const setting = readSetting(resolve(__dirname, '../..'));
  const alike = setting.scenarios.filter(({ id }) => id.startsWith('emergency/unseal/'));
  if (alike.length === 0) throw new RangeError('docs/emergency/unseal.mdx has no drill');
  const chosen = Array.from({ length: wanted }, (_, at) => alike[at % alike.length] as Scenario);
  const memory = watchMemory();
  const tools = await buildTools();
  const spent = await seconds(setting, chosen, tools);
  return { seconds: spent, mebibytes: memory.stop() ?? null };
}

/** Each in a process of its own: an engine that has been closed keeps its memory for a while. */
function measureApart(wanted: number): Measured {
  const words = [...process.execArgv, __filename, ONE, String(wanted)];
  const { status, stdout } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new RangeError(`${wanted} scenarios were not measured`);
  return JSON.parse(stdout) as Measured;
}

async function main(words: readonly string[]): Promise<void> {
  if (words[0] === ONE) {
    process.stdout.write(JSON.stringify(await measure(Number(words[1]))));
    return;
  }
  const measured: [number, number][] = [];
  let most: number | null = null;
  for (const wanted of words.map(Number)) {
    const one = measureApart(wanted);
    most = one.mebibytes === null ? most : Math.max(most ?? 0, one.mebibytes);
    measured.push([wanted, one.seconds]);
    process.stdout.write(growth('scenarios', measured));
  }
  if (most === null) process.stdout.write('memory: not measured, as this system has no /proc\n');
  else
    process.stdout.write(`memory: ${most.toFixed(0)} MiB at most with ${JOBS} workers, wanted ${MEMORY}\n`);
  if (most !== null && most > MEMORY) throw new RangeError(`${most.toFixed(0)} MiB is more than ${MEMORY}`);
}

void main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`drill: error: ${error instanceof Error ? error.message : 'unknown'}\n`);
  process.exitCode = 1;
});
