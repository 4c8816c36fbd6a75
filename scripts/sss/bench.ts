/** Benchmark of `sss`: what a recovery costs beside starting Node at all, and the largest sets. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { combineShares, splitKey } from '../../src/shard/shares';
import { bundleSss } from './bundle';

const ENV = { PATH: process.env.PATH, SSS_TEST: '1' };

/** CPU milliseconds of one run of Node, as bash tells them; wall time says more about the neighbors of a machine. */
function timed(cwd: string, argv: string[]): number {
  const script = 'TIMEFORMAT="%U %S"; time node "$@" > out.txt';
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', ...argv], {
    cwd,
    env: ENV,
    encoding: 'utf8',
  });
  // A failure must not look fast.
  if (status !== 0) throw new Error(`node ${argv[0]} ${argv[1]}: ${stderr}`);
  const [user, system] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return 1000 * ((user ?? Number.NaN) + (system ?? Number.NaN));
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

/** Measures (best of `rounds`) and prints one line a figure; returns the figures in CPU milliseconds. */
export async function bench(rounds = 15): Promise<Record<string, number>> {
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'sss-bench-'));
  try {
    await bundleSss(cwd);
    timed(cwd, ['sss.cjs', ...deal(3, 5, 'set')]);
    const shards = [1, 3, 5].map((n) => `set/shard-${n}.txt`);
    const [starts, combines]: [number[], number[]] = [[], []];
    // In turns, so that a busy machine slows both alike.
    for (let i = 0; i < rounds; i += 1) {
      starts.push(timed(cwd, ['-e', '0']));
      combines.push(
        timed(cwd, ['sss.cjs', 'combine', '--manifest', 'set/manifest.json', '--out', `key-${i}`, ...shards]),
      );
    }
    const [start, combine, library] = [best(starts), best(combines), await libraryTime(3, 5)];
    const large = timed(cwd, ['sss.cjs', ...deal(128, 255, 'large')]);
    const most = timed(cwd, ['sss.cjs', ...deal(10, 20, 'most')]);
    const figures = { start, library, combine, ratio: combine / (start + library), large, most };
    const line = (what: string, value: number) =>
      process.stdout.write(`${what.padEnd(60)} ${value.toFixed(2).padStart(10)}\n`);
    line('node -e 0, ms', start);
    line('library, combine 3 of 5, 32 bytes, ms', library);
    line('sss combine, 3 of 5, ms', combine);
    line('ratio to both together (wanted: at most 1.5)', figures.ratio);
    line('sss generate, 128 of 255, 128 combinations that prove all, ms', large);
    line('sss generate, 10 of 20, all 184,756 combinations, ms', most);
    return figures;
  } finally {
    fs.rmSync(cwd, { recursive: true, force: true });
  }
}

if (require.main === module) void bench();
