/** Editions of the pages: what is recorded, what is read back, and how a printed copy is judged by them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type EditionPage, lastOf, recorded, writeEditions } from '../../src/audit/editions';
import { judgeCopy, typedDigest } from '../../src/audit/printed-copy';
import { InvalidInput } from '../../src/deployment/problem';
import { loadEditions } from '../../src/site/editions';

const page = (digest: string, steps: Record<string, string> = {}): EditionPage => ({
  digest: digest.padEnd(16, '0'),
  steps,
});
const first = { date: '2026-01-02', version: '1.0.0' };
const second = { date: '2026-03-04', version: '1.1.0' };
const unseal = 'docs/emergency/unseal.mdx';
const script = 'docs/ceremony/script.mdx';

describe('the record', () => {
  const one = recorded(
    [],
    new Map([
      [unseal, page('a')],
      [script, page('b')],
    ]),
    first,
  );
  const two = recorded(
    one,
    new Map([
      [unseal, page('c')],
      [script, page('b')],
    ]),
    second,
  );

  test('holds the pages that are others than before, and nothing when none is', () => {
    expect(Object.keys(two[1]?.pages ?? {})).toEqual([unseal]);
    expect(
      recorded(
        two,
        new Map([
          [unseal, page('c')],
          [script, page('b')],
        ]),
        second,
      ),
    ).toBe(two);
    expect(lastOf(two).get(unseal)).toMatchObject({ digest: page('c').digest, date: '2026-03-04' });
    expect(lastOf(two).get(script)).toMatchObject({ date: '2026-01-02' });
  });

  test('is read back as it was written, and a file that is no record is refused in one line', () => {
    const root = mkdtempSync(join(tmpdir(), 'editions-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    expect(loadEditions(root)).toEqual([]);
    const file = join(root, 'editions.json');
    writeFileSync(file, writeEditions(two));
    expect(loadEditions(root)).toEqual(two);
    expect(
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.includes('.mdx')).length,
    ).toBe(3);
    for (const bad of ['', '{}', '{"format": "mks-editions/1", "editions": [{"date": "2026-02-30"}]}']) {
      writeFileSync(file, bad);
      expect(() => loadEditions(root)).toThrow(InvalidInput);
      expect(() => loadEditions(root)).toThrow(/^editions\.json:1: EDITIONS: [^\n]+$/);
    }
  });
});

describe('a printed copy', () => {
  const now = [{ file: unseal, ...page('c', { 'UNS-01': '1', 'UNS-02': '2', 'UNS-04': '4' }) }];
  const past = [
    { file: unseal, date: '2026-01-02', ...page('a', { 'UNS-01': '1', 'UNS-02': 'x', 'UNS-03': '3' }) },
    { file: script, date: '2026-01-02', ...page('b', { 'CER-01': '1' }) },
  ];

  test('is current, or told by its steps, or of a page that is gone, or not known', () => {
    expect(judgeCopy(page('c').digest, now, past)).toEqual({ kind: 'current', page: now[0] });
    expect(judgeCopy(page('a').digest, now, past)).toMatchObject({
      kind: 'outdated',
      changed: ['UNS-02'],
      added: ['UNS-04'],
      removed: ['UNS-03'],
    });
    expect(judgeCopy(page('b').digest, now, past)).toMatchObject({ page: undefined, removed: ['CER-01'] });
    expect(judgeCopy(page('f').digest, now, past)).toEqual({ kind: 'unknown' });
  });

  test('what was typed from paper is read, and nothing else', () => {
    expect(typedDigest(' 0123 4567\t89AB CDEF ')).toBe('0123456789abcdef');
    for (const text of ['', '0123', '0123456789abcdeg', '0123456789abcdef0'])
      expect(() => typedDigest(text)).toThrow(RangeError);
  });
});
