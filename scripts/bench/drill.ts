/**
 * Whether a drill takes twice as long for twice as many scenarios, with the stand-ins and with the real tools that this
 * machine has, and how much memory it holds. Nothing is written to reports/.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { realTools } from '../providers/real/rows';
import { missingOnRung2, missingRealTools } from '../providers/real/support';
import { runScenario } from '../tabletop/drill/drill';
import { type WorkerDatabase, workThrough } from '../tabletop/drill/workers';
import type { Scenario } from '../tabletop/plan/scenario';
import { readSetting } from '../tabletop/plan/setting';
import { prepareRealWorld } from '../tabletop/world/real-world';
import { buildTools } from '../tabletop/world/tool-set';
import { growth } from './growth';
import { watchMemory } from './memory';

type Rung = 1 | 2;

/** Scenarios at the same time, as in `npm run tabletop`. */
const JOBS: Readonly<Record<Rung, number>> = { 1: 2, 2: 3 };

/** On rung 2, where a scenario takes longer, a size is this much smaller. */
const REAL_SHARE = 4;

/** MiB that a drill may hold, everything that it starts included. */
const MEMORY = 1024;

/** Asks this program for one measurement, as JSON. */
const ONE = '--one';

interface Measured {
  readonly seconds: number;
  readonly mebibytes: number | null;
}

/** One drill of so many scenarios of one page, so that their number is all that differs; workers and databases included. */
async function measure(rung: Rung, wanted: number): Promise<Measured> {
  const setting = readSetting(resolve(__dirname, '../..'));
  const alike = setting.scenarios.filter(({ id }) => id.startsWith('emergency/unseal/'));
  if (alike.length === 0) throw new RangeError('docs/emergency/unseal.mdx has no drill');
  const chosen = Array.from({ length: wanted }, (_, at) => alike[at % alike.length] as Scenario);
  const memory = watchMemory();
  const missing = new Map(rung === 2 ? missingOnRung2() : []);
  const tools = await buildTools(rung);
  const real = rung === 2 ? { missing, world: prepareRealWorld(tools, setting, missing) } : undefined;
  const start = performance.now();
  const drillOne = (scenario: Scenario, database: WorkerDatabase) =>
    runScenario(scenario, { ...setting, ...database, tools, real });
  const realDatabase = real !== undefined && !missing.has('psql');
  const results = await workThrough(chosen, JOBS[rung], drillOne, { realDatabase });
  const failed = results.find(({ verdict }) => verdict === 'failed');
  // A failure must not look fast.
  if (failed !== undefined) throw new RangeError(`${failed.id} failed; run npm run tabletop first`);
  return { seconds: (performance.now() - start) / 1000, mebibytes: memory.stop() ?? null };
}

/** Each in a process of its own: an engine that has been closed keeps its memory for a while. */
function measureApart(rung: Rung, wanted: number): Measured {
  const words = [...process.execArgv, __filename, ONE, String(rung), String(wanted)];
  const { status, stdout } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new RangeError(`${wanted} scenarios were not measured`);
  return JSON.parse(stdout) as Measured;
}

/** Measures one rung, size by size. Throws RangeError where a drill holds more memory than it may. */
function judge(rung: Rung, sizes: readonly number[]): void {
  const measured: [number, number][] = [];
  let most: number | null = null;
  for (const wanted of sizes) {
    const one = measureApart(rung, wanted);
    most = one.mebibytes === null ? most : Math.max(most ?? 0, one.mebibytes);
    measured.push([wanted, one.seconds]);
    process.stdout.write(`rung ${rung} ${growth('scenarios', measured)}`);
  }
  if (most === null) process.stdout.write('memory: not measured, as this system has no /proc\n');
  else
    process.stdout.write(
      `rung ${rung} memory: ${most.toFixed(0)} MiB at most with ${JOBS[rung]} workers, wanted ${MEMORY}\n`,
    );
  if (most !== null && most > MEMORY) throw new RangeError(`${most.toFixed(0)} MiB is more than ${MEMORY}`);
}

async function main(words: readonly string[]): Promise<void> {
  const [first, rung, wanted] = words;
  if (first === ONE) {
    process.stdout.write(JSON.stringify(await measure(Number(rung) as Rung, Number(wanted))));
    return;
  }
  const sizes = words.map(Number);
  judge(1, sizes);
  const missing = missingRealTools();
  for (const [tool, reason] of missing) process.stdout.write(`rung 2: without the real ${tool}: ${reason}\n`);
  if (missing.size < realTools.length)
    judge(
      2,
      sizes.map((size) => size / REAL_SHARE),
    );
}

void main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`drill: error: ${error instanceof Error ? error.message : 'unknown'}\n`);
  process.exitCode = 1;
});
