/** Appending under load: writers in parallel never interleave, and a writer that is killed loses nothing it has reported. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withLock } from '../../../scripts/sss/audit/lock';
import { verifyFiles } from '../../../scripts/sss/audit/trail-file';

const folder = mkdtempSync(path.join(tmpdir(), 'append-'));
const program = path.join(folder, 'writer.cjs');

/** Appends records until it has written `count`, and reports each on standard output after it is on the disk. */
const WRITER = `
import { withLock } from './lock';
import { appendRecord } from './trail-file';
const [file, name, count] = process.argv.slice(2);
const base = { actor: name, actorRole: 'operator', clockOffsetMs: 0, clockSource: 'ntp', mode: 'real', outcome: 'ok' };
(async () => {
  for (let i = 1; i <= Number(count); i++) {
    const event = await withLock(file, () =>
      appendRecord(file, { ...base, action: 'provider.checked', detail: { count: i }, time: new Date().toISOString() }));
    process.stdout.write(name + ' ' + i + ' ' + event.digest + '\\n');
  }
})();
`;

beforeAll(async () => {
  const resolveDir = path.resolve('scripts/sss/audit');
  await build({
    stdin: { contents: WRITER, resolveDir, loader: 'ts' },
    bundle: true,
    platform: 'node',
    outfile: program,
    logLevel: 'silent',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

async function openTrail(name: string): Promise<string> {
  const { appendRecord } = await import('../../../scripts/sss/audit/trail-file');
  const file = path.join(folder, name);
  appendRecord(file, {
    action: 'trail.opened',
    actor: 'opener',
    actorRole: 'log-custodian',
    clockOffsetMs: 0,
    clockSource: 'ntp',
    mode: 'real',
    outcome: 'ok',
    time: new Date().toISOString(),
  });
  return file;
}

function startWriter(file: string, name: string, count: number) {
  const child: ChildProcess = spawn(process.execPath, [program, file, name, String(count)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const reported: string[] = [];
  let rest = '';
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  child.stdout?.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    reported.push(...lines);
  });
  const ended = new Promise<string>((resolve) => child.on('close', () => resolve(errors)));
  return { child, reported, ended };
}

/** Every reported record stands in the trail. */
function expectKept(file: string, reported: readonly string[]) {
  const digests = new Set(
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => /"digest":"([0-9a-f]{64})"/.exec(line)?.[1]),
  );
  for (const line of reported) expect(digests.has(line.split(' ')[2])).toBe(true);
}

describe('two and more writers', () => {
  it('never interleave', { timeout: 60_000 }, async () => {
    const file = await openTrail('parallel.jsonl');
    const writers = ['ada', 'bob', 'cyd', 'dee'].map((name) => startWriter(file, name, 25));
    expect(await Promise.all(writers.map((writer) => writer.ended))).toEqual(['', '', '', '']);
    expect(verifyFiles([file])).toMatchObject({ ok: true, records: 101 });
    for (const { reported } of writers) {
      expect(reported).toHaveLength(25);
      expectKept(file, reported);
    }
    expect(existsSync(`${file}.lock`)).toBe(false);
  });
});

describe('a writer that is killed', () => {
  it('loses nothing it has reported, and does not block the next', { timeout: 90_000 }, async () => {
    const file = await openTrail('killed.jsonl');
    for (let round = 0; round < 12; round++) {
      const writers = [`first-${round}`, `second-${round}`].map((name) => startWriter(file, name, 1000));
      await new Promise((resolve) => setTimeout(resolve, 120 + ((round * 37) % 100)));
      for (const { child } of writers) child.kill('SIGKILL');
      await Promise.all(writers.map((writer) => writer.ended));
      for (const { reported } of writers) expectKept(file, reported);
      // A line of a few hundred bytes goes out in one write: a kill leaves it whole or not there.
      expect(verifyFiles([file])).toMatchObject({ ok: true });
    }
    const [last] = [startWriter(file, 'last', 1)];
    expect(await last.ended).toBe('');
    expect(last.reported).toHaveLength(1);
  });
});

describe('the lock', () => {
  const file = path.join(folder, 'locked.jsonl');

  it('is taken over from a process that is gone', async () => {
    writeFileSync(`${file}.lock`, `4194305 ${hostname()}`);
    expect(await withLock(file, () => 'done')).toBe('done');
  });

  it('is respected while its owner lives, and when the owner is on another machine', {
    timeout: 60_000,
  }, async () => {
    for (const owner of [`${process.pid} ${hostname()}`, '4194305 elsewhere']) {
      writeFileSync(`${file}.lock`, owner);
      let entered = false;
      const waiting = withLock(file, () => {
        entered = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(entered).toBe(false);
      rmSync(`${file}.lock`);
      await waiting;
      expect(entered).toBe(true);
    }
  });

  it('is released when the work fails', async () => {
    await expect(
      withLock(file, () => {
        throw new RangeError('no');
      }),
    ).rejects.toThrow('no');
    expect(existsSync(`${file}.lock`)).toBe(false);
  });
});
