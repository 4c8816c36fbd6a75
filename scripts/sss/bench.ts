/** Benchmark of `sss`: what a recovery costs beside starting Node at all, and the largest sets. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { combineShares, splitKey } from '../../src/shard/shares';
import { bundleSss } from './bundle';

const ENV = { PATH: process.env.PATH, SSS_TEST: '1' };

interface Cost {
  /** Milliseconds of wall time, which say more about the neighbors on a busy machine. */
  readonly wall: number;
  /** Milliseconds of CPU, user and system. */
  readonly cpu: number;
}

/** Cost of one run of Node with `argv`, from the sum of `runs`: the kernel counts CPU in steps of 10 ms. `RUN` in a word is its number. */
function timed(cwd: string, argv: string[], runs = 1): Cost {
  const script = `TIMEFORMAT="%R %U %S"; runs=$1; shift
time for ((i = 0; i < runs; i++)); do node "\${@//RUN/$i}" > out.txt || exit; done`;
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', `${runs}`, ...argv], {
    cwd,
    env: ENV,
    encoding: 'utf8',
  });
  // A failure must not look fast.
  if (status !== 0) throw new Error(`node ${argv[0]} ${argv[1]}: ${stderr}`);
  const [wall, user, system] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  const each = 1000 / runs;
  return { wall: each * (wall ?? Number.NaN), cpu: each * ((user ?? Number.NaN) + (system ?? Number.NaN)) };
}

const best = (values: number[]): number => Math.min(...values);

/** Milliseconds of one library call, in this process and warm. */
async function libraryTime(threshold: number, total: number): Promise<number> {
  const shares = (await splitKey(crypto.getRandomValues(new Uint8Array(32)), threshold, total)).slice(
    0,
    threshold,
  );
  const times: number[] = [];
  for (let i = 0; i < 200; i += 1) {
    const start = process.hrtime.bigint();
    await combineShares(shares, threshold);
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  return best(times);
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
export async function bench(rounds = 6): Promise<Record<string, number>> {
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'sss-bench-'));
  try {
    await bundleSss(cwd);
    timed(cwd, ['sss.cjs', ...deal(3, 5, 'set')]);
    const shards = [1, 3, 5].map((n) => `set/shard-${n}.txt`);
    const [starts, combines]: [Cost[], Cost[]] = [[], []];
    // In turns, so that a busy machine slows both alike.
    for (let round = 0; round < rounds; round += 1) {
      const out = ['--out', `key-${round}-RUN`];
      starts.push(timed(cwd, ['-e', '0'], 10));
      combines.push(
        timed(cwd, ['sss.cjs', 'combine', '--manifest', 'set/manifest.json', ...out, ...shards], 10),
      );
    }
    const library = await libraryTime(3, 5);
    const ratio = (kind: keyof Cost) =>
      best(combines.map((cost) => cost[kind])) / (best(starts.map((cost) => cost[kind])) + library);
    const start = best(starts.map(({ wall }) => wall));
    const combine = best(combines.map(({ wall }) => wall));
    const large = timed(cwd, ['sss.cjs', ...deal(128, 255, 'large')]).wall;
    const most = timed(cwd, ['sss.cjs', ...deal(10, 20, 'most')]).wall;
    const figures = { start, library, combine, ratio: ratio('wall'), cpuRatio: ratio('cpu'), large, most };
    const line = (what: string, value: number) =>
      process.stdout.write(`${what.padEnd(60)} ${value.toFixed(2).padStart(10)}\n`);
    line('node -e 0, ms', start);
    line('library, combine 3 of 5, 32 bytes, ms', library);
    line('sss combine, 3 of 5, ms', combine);
    line('ratio to both together (wanted: at most 1.5)', figures.ratio);
    line('the same in CPU time', figures.cpuRatio);
    line('sss generate, 128 of 255, 128 combinations that prove all, ms', large);
    line('sss generate, 10 of 20, all 184,756 combinations, ms', most);
    return figures;
  } finally {
    fs.rmSync(cwd, { recursive: true, force: true });
  }
}

if (require.main === module) void bench();
