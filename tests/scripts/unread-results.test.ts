/** A file of results that is none is named with its reason, and counts as no drill. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLatestDrill, resultsFile, resultsProblem } from '../../src/site/latest-drill';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'results-'));
  mkdirSync(dirname(join(root, resultsFile)), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

test('without a file there is nothing to say', () => {
  expect(resultsProblem(root)).toBeUndefined();
  expect(readLatestDrill(root, [])).toEqual({ state: 'none', why: 'missing' });
});

test.each([
  ['{"kind": "automated dr', /^reports\/tabletop\/results\.json: expected JSON$/],
  ['[]', /^reports\/tabletop\/results\.json: .*expected object/],
  ['{"format": "other"}', /^reports\/tabletop\/results\.json: \w+: /],
])('%s is named with its reason', (text, told) => {
  writeFileSync(join(root, resultsFile), text);
  expect(resultsProblem(root)).toMatch(told);
  expect(resultsProblem(root)).not.toContain('\n');
  expect(readLatestDrill(root, [])).toEqual({ state: 'none', why: 'unreadable' });
});
