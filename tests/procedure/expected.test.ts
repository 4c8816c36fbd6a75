/** The expected-output language: against a slow oracle that tries every place and every value. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Bindings,
  bind,
  checkExpected,
  emptySha256,
  matchExpected,
  outputLines,
  placeholders,
} from '../../src/procedure/steps/expected';

const match = (expected: string[], text: string, bindings: Bindings = new Map()) =>
  matchExpected(expected, text, bindings);

/** A value of each type, and one that is nearly of it. */
const samples: Record<string, { good: string[]; bad: string[] }> = {
  LABEL: {
    good: ['9F3A-083', '0000-001', 'FFFF-255', 'ABCD-199'],
    bad: ['9f3a-083', '9F3A-000', '9F3A-256', '9F3A-83', '9F3A-300'],
  },
  SET_ID: { good: ['9f3a00112233445f'], bad: ['9F3A00112233445F', '9f3a00112233445', '9f3a00112233445g'] },
  KCV: { good: ['deadbeef'], bad: ['deadbee', 'DEADBEEF', 'deadbeef0'] },
  COMMITMENT: { good: ['a'.repeat(64)], bad: ['a'.repeat(63), 'a'.repeat(65), emptySha256] },
  SHA256: { good: ['0'.repeat(64)], bad: ['0'.repeat(63), 'g'.repeat(64), emptySha256] },
  DIGEST_WORDS: {
    good: ['topmost Istanbul Pluto vagabond'],
    bad: ['topmost Istanbul Pluto', 'a b  c d', 'a b c d '],
  },
  FINGERPRINT: { good: [`SHA256:${'aB3+/'.repeat(8)}xyz`], bad: [`SHA256:${'a'.repeat(44)}`, 'MD5:00'] },
  TIMESTAMP: {
    good: ['2026-01-05T09:30:00Z', '2026-12-31T23:59:60.123+05:30'],
    bad: [
      '2026-13-05T09:30:00Z',
      '2026-01-32T09:30:00Z',
      '2026-01-05 09:30:00Z',
      '2026-01-05T24:30:00Z',
      '2026-01-05T09:30:00',
    ],
  },
  SQL_TIMESTAMP: {
    good: ['2026-01-05 09:30:00+00', '2026-01-05 09:30:00.123456+05:30'],
    bad: ['2026-01-05T09:30:00+00'],
  },
  DATE: { good: ['2026-01-05'], bad: ['2026-1-5', '2026-00-05'] },
  KEY_ARN: {
    good: [
      'arn:aws:kms:us-east-1:000000000001:key/mrk-0123456789abcdef0123456789abcdef',
      'arn:aws:kms:us-gov-west-1:000000000001:key/01234567-89ab-cdef-0123-456789abcdef',
    ],
    bad: [
      'arn:aws:kms:us-east-1:00000000001:key/mrk-0123456789abcdef0123456789abcdef',
      'arn:aws:kms:us-east-1',
    ],
  },
  UUID: {
    good: ['01234567-89ab-cdef-0123-456789abcdef'],
    bad: ['0123456789abcdef0123456789abcdef', '01234567-89AB-CDEF-0123-456789ABCDEF'],
  },
  FOLDER: { good: ['/dev/shm/recovery'], bad: ['recovery', '/', '/a, b', '/a b'] },
  AWS_PREFIX: {
    good: ['aws: [ERROR]: ', 'aws: [ERROR]: An error occurred (EndpointConnectionError): '],
    bad: ['aws: [ERROR]:', 'ERROR: ', 'An error occurred (X): '],
  },
  URL: {
    good: ['https://kms.eu-central-1.amazonaws.com/', 'https://kms.cn-north-1.amazonaws.com.cn:443/'],
    bad: ['http://kms.example/', 'kms.example', 'https://kms.example/ x'],
  },
  REASON: { good: ['Connection refused', 'x'], bad: ['', ' x', 'two\nlines'] },
  INTEGER: { good: ['0', '7', '1024'], bad: ['-1', '01', '1.5', ''] },
  VERSION: { good: ['3.0.17', '15.8'], bad: ['15', 'v3.0', '3.0.'] },
};

describe('placeholders', () => {
  it('has samples of every type, and every type has samples', () => {
    expect(Object.keys(samples).sort()).toEqual(Object.keys(placeholders).sort());
  });

  for (const [name, { good, bad }] of Object.entries(samples)) {
    it(`<${name}> takes its own values only`, () => {
      for (const value of good) expect(match([`<${name}>`], value), value).toEqual({ ok: true });
      for (const value of bad) expect(match([`<${name}>`], `${value}\n`).ok, value).toBe(false);
    });
  }

  it('keeps its patterns free of groups that would shift the captures', () => {
    for (const [name, { pattern }] of Object.entries(placeholders)) {
      expect(new RegExp(`${pattern}|`).exec('')?.length, name).toBe(1);
    }
  });

  it('captures once and requires the same value later, in the line, in the text and in the run', () => {
    const bindings: Bindings = new Map();
    expect(match(['<LABEL> = <LABEL>'], '9F3A-083 = 9F3A-084', bindings).ok).toBe(false);
    expect(bindings.size).toBe(0);
    expect(match(['<LABEL> = <LABEL>1', '<LABEL_2>'], '9F3A-083 = 9F3A-0831\n9F3A-001', bindings)).toEqual({
      ok: true,
    });
    expect([...bindings]).toEqual([
      ['LABEL', '9F3A-083'],
      ['LABEL_2', '9F3A-001'],
    ]);
    expect(match(['<LABEL_2>'], '9F3A-083', bindings)).toEqual({
      ok: false,
      expectedLine: 0,
      wanted: '9F3A-001',
      found: '9F3A-083',
    });
  });

  it('binds nothing when a later line fails', () => {
    const bindings: Bindings = new Map();
    expect(match(['<INTEGER>', 'b'], '7\nc', bindings).ok).toBe(false);
    expect(bindings.size).toBe(0);
  });

  it('takes values bound beforehand, and refuses to bind what is not of the type', () => {
    const bindings: Bindings = new Map();
    bind(bindings, 'KCV', 'deadbeef');
    expect(match(['KCV <KCV>'], 'KCV deadbeef', bindings)).toEqual({ ok: true });
    expect(match(['KCV <KCV>'], 'KCV deadbeee', bindings).ok).toBe(false);
    expect(() => bind(bindings, 'KCV', 'DEADBEEF')).toThrow(RangeError);
    expect(() => bind(bindings, 'KVC', 'deadbeef')).toThrow('unknown placeholder <KVC>; known: <LABEL>');
  });

  it('takes everything else literally', () => {
    expect(
      match(['a.c [x] (y|z)* $5 ^ \\d {2} <lower> <A'], 'a.c [x] (y|z)* $5 ^ \\d {2} <lower> <A'),
    ).toEqual({
      ok: true,
    });
    expect(match(['a.c'], 'abc').ok).toBe(false);
    expect(match(['<INTEGER> a.c'], '1 abc').ok).toBe(false);
  });

  it('throws on an unknown name instead of comparing it', () => {
    expect(() => match(['<NONSENSE>'], '<NONSENSE>')).toThrow(RangeError);
  });
});

describe('lines', () => {
  it('gives one newline at the end to the last line, and no more', () => {
    expect(outputLines('')).toEqual([]);
    expect(outputLines('\n')).toEqual(['']);
    expect(outputLines('a')).toEqual(['a']);
    expect(outputLines('a\n')).toEqual(['a']);
    expect(outputLines('a\n\n')).toEqual(['a', '']);
    expect(match([], '')).toEqual({ ok: true });
    expect(match([], '\n')).toEqual({ ok: false, expectedLine: 0, wanted: null, found: '' });
    expect(match(['a'], 'a\n\n')).toEqual({ ok: false, expectedLine: 1, wanted: null, found: '' });
  });

  it('minds blanks and carriage returns', () => {
    expect(match(['a'], 'a ').ok).toBe(false);
    expect(match(['a'], ' a').ok).toBe(false);
    expect(match(['a'], 'a\r\n').ok).toBe(false);
  });

  it('names the first line that differs', () => {
    expect(match(['a', 'b', 'c'], 'a\nx\nc\n')).toEqual({
      ok: false,
      expectedLine: 1,
      wanted: 'b',
      found: 'x',
    });
    expect(match(['a', 'b'], 'a\n')).toEqual({ ok: false, expectedLine: 1, wanted: 'b', found: null });
    expect(match(['...', 'b', '...'], 'a\nc')).toEqual({
      ok: false,
      expectedLine: 1,
      wanted: 'b',
      found: null,
    });
    expect(match(['...', 'b', 'd', '...'], 'a\nb\nc\nb')).toEqual({
      ok: false,
      expectedLine: 2,
      wanted: 'd',
      found: 'c',
    });
    expect(match(['a', '...', 'b'], 'a\nx\ny')).toEqual({
      ok: false,
      expectedLine: 2,
      wanted: 'b',
      found: 'y',
    });
  });

  it('lets "..." stand for no line, and for many', () => {
    for (const text of ['a\nb', 'a\n\nb', 'a\nb\nb', 'a\na\nx\nb\n']) {
      expect(match(['a', '...', 'b'], text), text).toEqual({ ok: true });
    }
    for (const text of ['a', 'b', 'ab', 'a\nb\nc', 'x\na\nb']) {
      expect(match(['a', '...', 'b'], text).ok, text).toBe(false);
    }
    expect(match(['a', '...', 'a'], 'a').ok).toBe(false);
  });

  // A comparison that tries every split would not end before the runner gives up.
  it('compares 100,000 lines', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => `line ${index}`);
    expect(match(['...', 'line <INTEGER>', '...', 'line 99999'], many.join('\n'))).toEqual({ ok: true });
  });
});

describe('against an oracle', () => {
  /** Tries every length of every `...`; no placeholders. */
  function oracle(expected: readonly string[], actual: readonly string[]): boolean {
    const [first, ...rest] = expected;
    if (first === undefined) return actual.length === 0;
    if (first !== '...') return actual[0] === first && oracle(rest, actual.slice(1));
    return Array.from({ length: actual.length + 1 }, (_, skip) => actual.slice(skip)).some((tail) =>
      oracle(rest, tail),
    );
  }

  it('agrees on every literal fence', () => {
    const line = fc.constantFrom('a', 'b', '');
    fc.assert(
      fc.property(
        fc.array(fc.oneof(line, fc.constant('...')), { maxLength: 7 }),
        fc.array(line, { maxLength: 8 }),
        (expected, actual) => {
          const text = actual.map((each) => `${each}\n`).join('');
          expect(match(expected, text).ok).toBe(oracle(expected, actual));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('accepts a fence made out of its own output, and nothing once a captured value has changed', () => {
    const value = fc.integer({ min: 0, max: 99 }).map(String);
    fc.assert(
      fc.property(
        fc.array(fc.record({ word: fc.constantFrom('key', 'shard', '...x'), value }), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.nat(),
        (rows, pick) => {
          const names = new Map<string, string>();
          for (const row of rows) names.set(row.value, names.get(row.value) ?? `<INTEGER_${names.size + 1}>`);
          const expected = rows.map((row) => `${row.word} ${names.get(row.value)}.`);
          const lines = rows.map((row) => `${row.word} ${row.value}.`);
          const bindings: Bindings = new Map();
          expect(match(expected, lines.join('\n'), bindings)).toEqual({ ok: true });
          expect(bindings.size).toBe(names.size);
          const changed = pick % rows.length;
          const row = rows[changed];
          const again = lines.with(changed, `${row?.word} ${Number(row?.value) + 100}.`);
          expect(match(expected, again.join('\n'), bindings)).toMatchObject({
            ok: false,
            expectedLine: changed,
          });
        },
      ),
    );
  });
});

describe('checkExpected', () => {
  it('is content with good fences', () => {
    expect(checkExpected(['...', '<LABEL> <LABEL_12>', '<sha>', '', '...'])).toEqual([]);
    expect(checkExpected([])).toEqual([]);
  });

  it.each([
    [['<FOO>'], 0, 'unknown placeholder <FOO>; known: <LABEL>,'],
    [['a', 'x <LABEL_0>'], 1, 'unknown placeholder <LABEL_0>'],
    [['<INTEGER><INTEGER_2>'], 0, 'touch'],
    [['a', '...', '...'], 2, 'twice in a row'],
    [['a', '…'], 1, 'exactly three periods'],
    [['a', ' ...'], 1, 'exactly three periods'],
    [['...'], 0, 'accepts everything'],
  ])('rejects %j', (lines, line, message) => {
    const wrong = checkExpected(lines);
    expect(wrong[0]?.line).toBe(line);
    expect(wrong[0]?.message).toContain(message);
  });
});
