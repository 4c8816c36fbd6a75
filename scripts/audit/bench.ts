/** Measures the verifier on a trail of a million records, beside `sha256sum` and `JSON.parse` of the same file. Not a test: run by hand with `tsx scripts/audit/bench.ts`. */
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { writeTrail } from './bench-trail';

/** Seconds that `work` takes; a warm run of the file system cache comes first. */
function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** What any reader of the file pays: every line through JSON.parse. */
function parseLines(file: string): void {
  const fd = fs.openSync(file, 'r');
  const buffer = Buffer.alloc(1 << 20);
  let rest = '';
  for (let size = -1; size !== 0; ) {
    size = fs.readSync(fd, buffer, 0, buffer.length, null);
    const lines = (rest + buffer.toString('latin1', 0, size)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) JSON.parse(line);
  }
  fs.closeSync(fd);
}

const VERIFIER = `
import { verifyFiles } from '../sss/audit/trail-file';
const start = performance.now();
const verdict = verifyFiles([process.argv[2]]);
const seconds = (performance.now() - start) / 1000;
const records = verdict.ok ? verdict.records : 0;
console.log(JSON.stringify({ records, seconds, megabytes: process.resourceUsage().maxRSS / 1024 }));
`;

/** Verifies in a process of its own, bundled as it is shipped, so that its memory is its own. */
function verifyApart(file: string, program: string, records: number): { seconds: number; megabytes: number } {
  buildSync({
    stdin: { contents: VERIFIER, resolveDir: __dirname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    outfile: program,
    logLevel: 'silent',
  });
  const measured = JSON.parse(execFileSync(process.execPath, [program, file], { encoding: 'utf8' }));
  if (measured.records !== records) throw new Error('the trail does not verify');
  return measured;
}

const count = Number(process.argv[2] ?? 1_000_000);
const folder = fs.mkdtempSync(path.join(tmpdir(), 'audit-bench-'));
try {
  const file = path.join(folder, 'trail.jsonl');
  const written = seconds(() => writeTrail(file, count));
  const megabytes = fs.statSync(file).size / 1e6;
  const rate = (time: number) => `${time.toFixed(2)} s, ${Math.round(megabytes / time)} MB/s`;
  console.log(`${count} records, ${megabytes.toFixed(0)} MB, written in ${written.toFixed(1)} s`);
  const sum = seconds(() => spawnSync('sha256sum', [file]));
  console.log(`sha256sum:            ${rate(sum)}`);
  const verified = verifyApart(file, path.join(folder, 'verify.cjs'), count);
  console.log(
    `verify:               ${rate(verified.seconds)}, peak memory ${verified.megabytes.toFixed(0)} MB`,
  );
  const parsed = seconds(() => parseLines(file));
  console.log(`JSON.parse:           ${rate(parsed)}`);
  console.log(`verify / (sha256sum + JSON.parse): ${(verified.seconds / (sum + parsed)).toFixed(2)}`);
} finally {
  fs.rmSync(folder, { recursive: true });
}
