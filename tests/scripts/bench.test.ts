/** The benchmark's own arithmetic and its command line; what it measures is measured by hand. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { growth } from '../../scripts/bench/growth';
import { figureLine, kept, memoryUsed, promised } from '../../scripts/bench/image-figures';

it('shows time, time each, and growth since the size before', () => {
  expect(growth('pages', [[50, 5]])).toBe('    50 pages          5.0 s     100 ms each\n');
  expect(
    growth('pages', [
      [10, 9],
      [50, 5],
      [200, 30],
    ]),
  ).toBe('   200 pages         30.0 s     150 ms each   × 4.0 in size, × 6.0 in time\n');
});

const run = (...argv: string[]) =>
  spawnSync('node_modules/.bin/tsx', ['scripts/bench.ts', ...argv], { encoding: 'utf8' });

it('names what there is when it is asked for something else', () => {
  const { status, stdout, stderr } = run('sss', 'speed');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(
    /^bench: error: nothing is called "speed"\nbench: hint: there are sss, quorum, .*\n$/,
  );
  expect(run('--help').stdout).toContain('npm run bench -- [--quick]');
});

it('hands on the types of pages that Lighthouse is asked for, and knows them all', () => {
  const { status, stderr } = run('lighthouse', 'procedure', 'no such page');
  expect(status).toBe(1);
  expect(stderr).toMatch(/error: no type "no such page": there are start, .*procedure, .*not found\n/);
});

it('has a program for every benchmark that it lists', () => {
  const files = [...readFileSync('scripts/bench.ts', 'utf8').matchAll(/file: '([^']+)'/g)].map(
    ([, file = '']) => file,
  );
  expect(files.length).toBeGreaterThan(4);
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});

it('keeps what is promised of the image of the room, up to the limit and not beyond it', () => {
  expect(
    [promised.bytes(500e6), promised.start(150), promised.memory(2048)].map((figure) => kept(figure)),
  ).toEqual([true, true, true]);
  expect(
    [promised.bytes(500e6 + 1), promised.start(150.1), promised.memory(2048.1)].map((figure) => kept(figure)),
  ).toEqual([false, false, false]);
  expect(kept(promised.start(Number.NaN))).toBe(false);
  expect(figureLine(promised.bytes(81_234_567))).toBe(
    'size of the image, MB                                    81.2   wanted: at most 500\n',
  );
});

it('counts as used what no program of the machine could get', () => {
  const meminfo = 'MemTotal:         700000 kB\nMemFree:          300000 kB\nMemAvailable:     524288 kB\n';
  expect(memoryUsed(meminfo, 768)).toBe(256);
  expect(() => memoryUsed('cat: /proc/meminfo: Permission denied', 768)).toThrow(RangeError);
});
