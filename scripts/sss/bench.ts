/** Benchmark of `sss`: what a recovery costs beside starting Node at all, and the largest sets. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { splitKey } from '../../src/shard/shares';
import { bundleSss } from './bundle';

const ENV = { PATH: process.env.PATH, SSS_TEST: '1' };

interface Cost {
  /** Milliseconds of wall time of the quickest run: on a busy machine the others measure the neighbors. */
  readonly wall: number;
  /** Milliseconds of CPU, user and system, from the sum of all runs: the kernel may count in steps of 10 ms. */
  readonly cpu: number;
}

/** Cost of one run of Node with `argv`, from several. `RUN` in a word is the number of the run. */
function timed(cwd: string, argv: string[], runs = 1): Cost {
  const script = `TIMEFORMAT="cost %R %U %S"; runs=$1; shift
for ((i = 0; i < runs; i++)); do time node "\${@//RUN/$i}" > out.txt || exit; done`;
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', `${runs}`, ...argv], {
    cwd,
    env: ENV,
    encoding: 'utf8',
  });
  // A failure must not look fast.
  if (status !== 0) throw new Error(`node ${argv[0]} ${argv[1]}: ${stderr}`);
  const costs = [...stderr.matchAll(/^cost (\S+) (\S+) (\S+)$/gm)].map(([, ...each]) => each.map(Number));
  const cpu = costs.reduce((sum, [, user = Number.NaN, system = Number.NaN]) => sum + user + system, 0);
  return { wall: 1000 * best(costs.map(([wall = Number.NaN]) => wall)), cpu: (1000 * cpu) / runs };
}

const best = (values: number[]): number => Math.min(...values);

const TMPFS = 0x01021994;

/** A folder in memory, as the pages tell an operator to work in; elsewhere the ratio holds what the disk takes. */
function workspace(): { at: string; inMemory: boolean } {
  const folders = [process.env.XDG_RUNTIME_DIR, '/dev/shm', os.tmpdir()];
  for (const folder of folders) {
    if (!folder || !fs.existsSync(folder) || fs.statfsSync(folder).type !== TMPFS) continue;
    return { at: fs.mkdtempSync(path.join(folder, 'sss-bench-')), inMemory: true };
  }
  return { at: fs.mkdtempSync(path.join(os.tmpdir(), 'sss-bench-')), inMemory: false };
}

/**
 * Writes a program that prints the milliseconds of the library alone: of loading it and of the first call, cold as in
 * every recovery. Neither the start of Node nor reading and parsing the program is counted.
 */
async function writeLibraryProgram(file: string, threshold: number, total: number): Promise<void> {
  const shares = await splitKey(crypto.getRandomValues(new Uint8Array(32)), threshold, total);
  const contents = `const shares = ${JSON.stringify(shares.slice(0, threshold).map((share) => [...share]))};
const bytes = shares.map((share) => Uint8Array.from(share));
const now = () => Number(process.hrtime.bigint()) / 1e6;
const start = now();
const { combine } = require('shamir-secret-sharing');
const loaded = now();
combine(bytes).then(() => {
  const called = now();
  console.log(loaded - start, called - loaded);
});
`;
  const stdin = { contents, resolveDir: __dirname, sourcefile: 'library.cjs' };
  await build({ stdin, outfile: file, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' });
}

const deal = (threshold: number, total: number, out: string): string[] => [
  ...[
    'generate',
    '--threshold',
    `${threshold}`,
    '--bytes',
    '32',
    '--key-name',
    'k',
    '--generation',
    '1',
    '--out',
    out,
  ],
  ...Array.from({ length: total }, (_, i) => ['--holder', `holder ${i + 1}`]).flat(),
];

/** Measures in `rounds` turns of ten runs each, prints one line a figure, and returns the figures in milliseconds. */
export async function bench(rounds = 10): Promise<Record<string, number>> {
  const { at: cwd, inMemory } = workspace();
  const disk = fs.mkdtempSync(path.join(os.tmpdir(), 'sss-bench-disk-'));
  try {
    await bundleSss(cwd);
    await writeLibraryProgram(path.join(cwd, 'library.cjs'), 3, 5);
    timed(cwd, ['sss.cjs', ...deal(3, 5, 'set')]);
    const shards = [1, 3, 5].map((n) => `set/shard-${n}.txt`);
    const combine = (out: string) =>
      timed(cwd, ['sss.cjs', 'combine', '--manifest', 'set/manifest.json', '--out', out, ...shards], 10);
    const [starts, combines, onDisk]: [Cost[], Cost[], Cost[]] = [[], [], []];
    const [loads, calls]: [number[], number[]] = [[], []];
    // In turns, so that a busy machine slows all alike.
    for (let round = 0; round < rounds; round += 1) {
      starts.push(timed(cwd, ['-e', '0'], 10));
      combines.push(combine(`key-${round}-RUN`));
      onDisk.push(combine(path.join(disk, `key-${round}-RUN`)));
      for (let run = 0; run < 10; run += 1) {
        timed(cwd, ['library.cjs']);
        const [load, call] = fs.readFileSync(path.join(cwd, 'out.txt'), 'utf8').split(' ').map(Number);
        loads.push(load ?? Number.NaN);
        calls.push(call ?? Number.NaN);
      }
    }
    const least = (costs: Cost[], kind: keyof Cost) => best(costs.map((cost) => cost[kind]));
    const [load, call] = [best(loads), best(calls)];
    const ratio = (kind: keyof Cost, library = load + call) =>
      least(combines, kind) / (least(starts, kind) + library);
    const figures = {
      start: least(starts, 'wall'),
      load,
      call,
      combine: least(combines, 'wall'),
      ratio: ratio('wall'),
      strictRatio: ratio('wall', call),
      cpuRatio: ratio('cpu'),
      onDisk: least(onDisk, 'wall'),
      large: timed(cwd, ['sss.cjs', ...deal(128, 255, 'large')]).wall,
      most: timed(cwd, ['sss.cjs', ...deal(10, 20, 'most')]).wall,
    };
    const line = (what: string, value: number) =>
      process.stdout.write(`${what.padEnd(60)} ${value.toFixed(2).padStart(10)}\n`);
    line('node -e 0, ms', figures.start);
    line('loading the library, ms', figures.load);
    line('its first call, combine 3 of 5, ms', figures.call);
    line(
      `sss combine, 3 of 5, ${inMemory ? 'in a folder in memory' : 'NO folder in memory here'}, ms`,
      figures.combine,
    );
    line('ratio to these three together (wanted: at most 1.5)', figures.ratio);
    line('the same, if loading the library is not counted', figures.strictRatio);
    line('the ratio in CPU time', figures.cpuRatio);
    line(`the key written to the disk under ${os.tmpdir()} instead, ms`, figures.onDisk);
    line('sss generate, 128 of 255, 128 combinations that prove all, ms', figures.large);
    line('sss generate, 10 of 20, all 184,756 combinations, ms', figures.most);
    return figures;
  } finally {
    for (const folder of [cwd, disk]) fs.rmSync(folder, { recursive: true, force: true });
  }
}

if (require.main === module) void bench();
