/** The verifier: every kind of damage by name, hostile input, and random edits against a plain oracle. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headOf, MAX_LINE_BYTES, NO_RECORD, seal } from '../../src/audit/chain';
import { GENESIS } from '../../src/audit/event';
import { parseHead } from '../../src/audit/head';
import { judge, PROBLEM_KINDS } from '../../src/audit/verdict';
import { TrailVerifier } from '../../src/audit/verify';
import { draft, toBytes, toText, trail, verify } from './trails';

const good = trail(40);
// The hash of OpenSSL: the same digests in a fraction of the time.
const hash = (input: string) => createHash('sha256').update(input).digest('hex');
const lines = good.map((record) => record.line);
const last = good[39];
if (!last) throw new Error('no trail');
const anchor = { sequence: 40, digest: last.event.digest };
const text = (changed: readonly string[]) => toBytes(changed.map((line) => `${line}\n`).join(''));
const bytes = text(lines);

/** Puts `changed` into line `place` with a right digest, as a forger who knows the format would, and seals all that follow again. */
function forged(place: number, changes: Parameters<typeof draft>[1]): string[] {
  let head = place === 1 ? NO_RECORD : headOf(good[place - 2]?.event as never);
  return lines.map((line, index) => {
    if (index + 1 < place) return line;
    const sealed = seal(draft(index + 1, index + 1 === place ? changes : {}), head);
    head = headOf(sealed.event);
    return sealed.line;
  });
}

describe('a sound trail', () => {
  it.each([1, 7, 600, 4096, Number.POSITIVE_INFINITY])('is sound in pieces of %d bytes', (size) => {
    expect(verify([bytes], { anchor }, size)).toMatchObject({
      ok: true,
      records: 40,
      first: 1,
      head: { sequence: 40, digest: anchor.digest },
      afterAnchor: 0,
    });
  });

  it('is sound when the caller fills one buffer again and again', () => {
    const verifier = new TrailVerifier();
    verifier.beginFile('reused');
    const buffer = Buffer.alloc(700);
    for (let at = 0; at < bytes.length; at += buffer.length) {
      const length = Buffer.from(bytes).copy(buffer, 0, at, at + buffer.length);
      verifier.push(buffer.subarray(0, length));
    }
    verifier.endFile();
    expect(verifier.verdict()).toMatchObject({ ok: true, records: 40 });
  });

  it('finds an older head, with or without its sequence', () => {
    const old = good[9]?.event.digest as string;
    expect(verify([bytes], { anchor: parseHead(old) })).toMatchObject({ ok: true, afterAnchor: 30 });
    expect(verify([bytes], { anchor: parseHead(`10:${old}`) })).toMatchObject({ ok: true, afterAnchor: 30 });
    expect(verify([bytes])).toMatchObject({ ok: true, afterAnchor: undefined });
  });

  it('hands every record over, in order', () => {
    const seen: number[] = [];
    verify([bytes], { onEvent: (event) => seen.push(event.sequence) });
    expect(seen).toEqual(good.map((record) => record.event.sequence));
  });
});

describe('rotation', () => {
  const head = headOf(last.event);
  const rotated = seal(draft(41, { action: 'trail.rotated', detail: { file: 'trail-1.jsonl' } }), head);
  const second = [rotated, ...trail(5, headOf(rotated.event))];
  const next = toBytes(toText(second));

  it('carries the head from file to file', () => {
    expect(verify([bytes, next])).toMatchObject({ ok: true, files: 2, records: 46, first: 1 });
    expect(verify([next])).toMatchObject({ ok: true, records: 6, first: 41 });
  });

  it.each([
    ['the files in the wrong order', [next, bytes], 'start', 'trail-2.jsonl', 1],
    ['a file twice', [bytes, bytes], 'start', 'trail-2.jsonl', 1],
    ['the second file twice', [bytes, next, next], 'repeat', 'trail-3.jsonl', 1],
    ['a file cut at its end', [text(lines.slice(0, -1)), next], 'gap', 'trail-2.jsonl', 1],
    ['an empty file between', [bytes, new Uint8Array(), next], 'empty', 'trail-2.jsonl', 0],
    ['a torn first file', [bytes.subarray(0, -3), next], 'torn', 'trail-1.jsonl', 40],
    [
      'one file after the other in one',
      [toBytes(`${toText(good)}${toText(second)}`)],
      'start',
      'trail-1.jsonl',
      41,
    ],
  ] as const)('refuses %s', (_what, files, kind, file, line) => {
    expect(verify(files)).toMatchObject({ ok: false, kind, file, line });
  });

  it('refuses a second file that continues another trail', () => {
    const other = trail(40, NO_RECORD, { actor: 'somebody-else' });
    expect(verify([toBytes(toText(other)), next])).toMatchObject({
      kind: 'break',
      file: 'trail-2.jsonl',
      line: 1,
    });
  });
});

describe('damage is named', () => {
  const at = (place: number) => lines[place - 1] as string;
  const cases: [string, readonly string[], string, number][] = [
    ['edit', lines.with(11, at(12).replace('operator-', 'operatox-')), 'edit', 12],
    ['edit of the digest', lines.with(11, at(12).replace(/"digest":"./, '"digest":"x')), 'schema', 12],
    ['gap', lines.toSpliced(11, 3), 'gap', 12],
    ['missing beginning', lines.slice(1), 'start', 1],
    ['swap of neighbors', lines.with(11, at(13)).with(12, at(12)), 'reordered', 12],
    ['move to the end', [...lines.toSpliced(11, 1), at(12)], 'reordered', 12],
    ['record twice', lines.toSpliced(12, 0, at(12)), 'repeat', 13],
    ['old record again', lines.toSpliced(30, 0, at(12)), 'repeat', 31],
    ['truncation', lines.slice(0, 30), 'truncated', 30],
    ['a time ahead of the clock', forged(40, { time: '9999-12-31T23:59:59.999Z' }), 'future', 40],
    ['one value rewritten, chain made again', forged(12, { actor: 'mallory' }), 'rewritten', 40],
    ['empty line', lines.toSpliced(11, 0, ''), 'blank', 12],
    ['carriage returns', lines.map((line) => `${line}\r`), 'line-ending', 1],
    ['byte order mark', lines.with(0, `\uFEFF${at(1)}`), 'encoding', 1],
    ['two records on a line', lines.toSpliced(11, 2, at(12) + at(13)), 'json', 12],
    ['a member twice', lines.with(11, at(12).replace('{', '{"action":"key.loaded",')), 'not-canonical', 12],
    ['__proto__', lines.with(11, at(12).replace('{', '{"__proto__":{"outcome":"ok"},')), 'schema', 12],
    [
      '__proto__ in detail',
      lines.with(11, at(12).replace('"detail":{', '"detail":{"__proto__":1,')),
      'schema',
      12,
    ],
    ['constructor', lines.with(11, at(12).replace('{', '{"constructor":1,')), 'schema', 12],
    [
      'a number beyond the safe range',
      lines.with(11, at(12).replace('"sequence":12', '"sequence":9007199254740993')),
      'schema',
      12,
    ],
    ['an infinite number', lines.with(11, at(12).replace('"sequence":12', '"sequence":1e999')), 'schema', 12],
    ['a fraction', lines.with(11, at(12).replace('"sequence":12', '"sequence":12.5')), 'schema', 12],
    ['an exponent', lines.with(11, at(12).replace('"sequence":12', '"sequence":1.2e1')), 'not-canonical', 12],
    ['an escape', lines.with(11, at(12).replace('"key":"l', '"key":"\\u006c')), 'not-canonical', 12],
    [
      'an unknown action',
      lines.with(11, at(12).replace('shard.unwrapped', 'shard.unwraped')),
      'unknown-action',
      12,
    ],
    ['a value that is no object', lines.with(11, '[1,2]'), 'schema', 12],
    ['deep nesting', lines.with(11, '['.repeat(60_000) + ']'.repeat(5000)), 'json', 12],
    ['balanced deep nesting', lines.with(11, '['.repeat(30_000) + ']'.repeat(30_000)), 'schema', 12],
    ['a long line', lines.with(11, 'x'.repeat(MAX_LINE_BYTES + 1)), 'too-long', 12],
  ];

  it.each(cases)('%s', (_what, changed, kind, line) => {
    const now = Date.parse('2026-11-24T00:00:00.000Z');
    expect(verify([text(changed)], { ...(kind === 'future' ? { now } : { anchor }) })).toMatchObject({
      ok: false,
      kind,
      line,
    });
  });

  it('invalid UTF-8, at its own line even in one block', () => {
    const broken = bytes.slice();
    broken[text(lines.slice(0, 11)).length + 60] = 0xff;
    expect(verify([broken])).toMatchObject({ kind: 'encoding', line: 12, records: 11 });
  });

  it('rules, even where the forger made the digest right', () => {
    const broken = [
      [{ witness: undefined, witnessRole: undefined }, 'second person'],
      [{ witness: 'operator-e' }, 'nobody witnesses'],
      [{ outcome: 'failed' }, 'reason'],
      [{ shard: undefined }, 'names `key`'],
      [{ time: '2026-02-30T08:00:00.000Z' }, 'calendar'],
      [{ time: '0000-11-23T09:30:00.000Z' }, 'wanted UTC with milliseconds'],
      [{ time: '1970-01-01T00:00:00.000Z' }, 'wanted UTC with milliseconds'],
      [{ time: '2026-11-23T08:00:03.000Z' }, 'clock went back'],
      [{ mode: 'drill' }, 'mode drill in a trail of mode real'],
      [{ action: 'trail.opened' }, 'inside the trail'],
    ] as const;
    for (const [changes, message] of broken) {
      expect(() => seal(draft(12, changes as never), headOf(good[10]?.event as never))).toThrow(message);
    }
  });

  it('a trail that does not begin with trail.opened', () => {
    const line = (lines[0] as string).replace('trail.opened', 'trail.reviewed');
    expect(verify([text([line])])).toMatchObject({ ok: false, line: 1 });
    expect(() => seal(draft(1, { action: 'key.loaded' }), NO_RECORD)).toThrow('begins with trail.opened');
  });

  it('only with listed kinds, each of which something here provokes', () => {
    const seen = new Set([
      ...cases.map(([, , kind]) => kind),
      'head',
      'empty',
      'break',
      'torn',
      'tail',
      'secret',
      'rule',
      'mode',
      'clock',
    ]);
    expect(Object.keys(PROBLEM_KINDS).filter((kind) => !seen.has(kind))).toEqual([]);
  });
});

describe('a head that contradicts itself', () => {
  const digestOf = (place: number) => good[place - 1]?.event.digest as string;

  it.each([
    ['a later number', 9, 4],
    ['an earlier number', 2, 4],
    ['a number beyond the end', 99, 4],
    ['the first record', 40, 1],
  ])('is not accepted: %s', (_what, sequence, place) => {
    const verdict = verify([bytes], { anchor: { sequence, digest: digestOf(place) } });
    expect(verdict).toMatchObject({ ok: false, kind: 'head', line: place });
    expect(verdict).toMatchObject({
      message: `the given head has the number ${sequence} and the digest of record ${place}`,
    });
  });

  it('is not taken for a cut when its record is in a file that was not given', () => {
    const rotated = seal(draft(41, { action: 'trail.rotated' }), headOf(last.event));
    const second = toBytes(toText([rotated, ...trail(2, headOf(rotated.event))]));
    expect(verify([second], { anchor: { sequence: 5, digest: digestOf(5) } })).toMatchObject({
      kind: 'head',
      message: 'record 5 of the given head stands before record 41, in an earlier file',
    });
  });
});

describe('what was not checked', () => {
  it('is said of a trail whose last record was cut, and no more than that it is sound as far as it goes', () => {
    const verdict = verify([text(lines.slice(0, 39))]);
    expect(judge(verdict).lines).toEqual([
      'UNVERIFIABLE: 39 records, 1 to 39, sound as far as it goes.',
      expect.stringMatching(/^From /),
      expect.stringMatching(/^Head: /),
      'Not checked: whether records were cut off at the end, because no head was given.',
    ]);
    expect(judge(verify([bytes], { anchor })).lines).toEqual([
      'VERIFIED: 40 records, 1 to 40, sound.',
      expect.stringMatching(/^From /),
      expect.stringMatching(/^Head: /),
      'The given head is the last record.',
    ]);
  });
});

describe('zeros at the end, as after a power cut', () => {
  const whole = text(lines.slice(0, 39)).length;
  const zeros = (count: number, before = bytes.length) =>
    Buffer.concat([bytes.subarray(0, before), Buffer.alloc(count)]);

  it.each([1, 16, 4096, 65_536, 100_000, 1 << 20])('%d of them are torn, in pieces of any size', (count) => {
    for (const size of [777, 4096, Number.POSITIVE_INFINITY])
      expect(verify([zeros(count)], {}, size)).toMatchObject({ kind: 'torn', line: 41, records: 40 });
    expect(verify([zeros(Math.max(count, 16), whole + 200)])).toMatchObject({ kind: 'torn', line: 40 });
  });

  it('are told from tampering', () => {
    const middle = Buffer.concat([bytes, Buffer.alloc(4096), Buffer.from(`${lines[39]}\n`)]);
    expect(verify([middle])).toMatchObject({ kind: 'json', line: 41 });
    expect(verify([Buffer.concat([bytes, Buffer.alloc(512), Buffer.from('x')])])).toMatchObject({
      kind: 'tail',
    });
    expect(verify([Buffer.concat([bytes, Buffer.from('hello'), Buffer.alloc(4096)])])).toMatchObject({
      kind: 'tail',
    });
    expect(verify([zeros((1 << 20) + 1)])).toMatchObject({ kind: 'too-long' });
    expect(verify([zeros(4096, 0)])).toMatchObject({ kind: 'torn', records: 0 });
  });
});

describe('a torn last line', () => {
  const whole = text(lines).length;
  const before = text(lines.slice(0, 39)).length;

  it('is told from tampering, wherever the write stopped', () => {
    for (let size = before + 1; size < whole; size++) {
      const verdict = verify([bytes.subarray(0, size)]);
      expect(verdict).toMatchObject({ ok: false, kind: 'torn', line: 40, records: 39 });
    }
  });

  it.each([
    ['text', 'hello'],
    ['an older record', (lines[3] as string).slice(0, -5)],
    [
      'a record of another chain',
      (lines[39] as string).replace(/"previous":"..../, '"previous":"0000').slice(0, -1),
    ],
    ['control characters', '{"action":"key\u0000'],
    ['a lone brace too many', '{"action":"}\uFFFD}'],
  ])('is not claimed for %s', (_what, rest) => {
    const file = toBytes(`${lines.slice(0, 39).join('\n')}\n${rest}`);
    expect(verify([file])).toMatchObject({ ok: false, kind: 'tail', line: 40 });
  });
});

describe('a line of a gigabyte', () => {
  it('is refused after the first block beyond the limit', () => {
    const verifierInput = new Uint8Array(1 << 20).fill(0x61);
    let fed = 0;
    const chunks = {
      *[Symbol.iterator]() {
        for (let i = 0; i < 1024; i++) {
          fed++;
          yield verifierInput;
        }
      },
    };
    const verifier = new TrailVerifier();
    verifier.beginFile('long');
    for (const chunk of chunks) if (!verifier.push(chunk)) break;
    verifier.endFile();
    expect(verifier.verdict()).toMatchObject({ ok: false, kind: 'too-long', line: 1, records: 0 });
    expect(fed).toBe(1);
  });
});

describe('random damage', () => {
  const short = lines.slice(0, 10);
  const original = Buffer.from(text(short));
  const end = { sequence: 10, digest: good[9]?.event.digest as string };
  const place = fc.integer({ min: 0, max: original.length - 1 });
  const line = fc.integer({ min: 0, max: short.length - 1 });
  const byteEdits = fc.oneof(
    fc.record({ op: fc.constant('set' as const), at: place, byte: fc.integer({ min: 0, max: 255 }) }),
    fc.record({ op: fc.constant('insert' as const), at: place, byte: fc.integer({ min: 0, max: 255 }) }),
    fc.record({ op: fc.constant('remove' as const), at: place, length: fc.integer({ min: 1, max: 900 }) }),
    fc.record({ op: fc.constant('cut' as const), at: place }),
    fc.record({
      op: fc.constant('copy' as const),
      at: place,
      from: place,
      length: fc.integer({ min: 1, max: 900 }),
    }),
  );
  const lineEdits = fc.oneof(
    fc.record({ op: fc.constant('drop' as const), at: line, count: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ op: fc.constant('repeat' as const), at: line, from: line }),
    fc.record({ op: fc.constant('swap' as const), at: line, from: line }),
    fc.record({ op: fc.constant('move' as const), at: line, from: line }),
    fc.record({ op: fc.constant('keep' as const), at: line }),
  );

  type ByteEdit = typeof byteEdits extends fc.Arbitrary<infer T> ? T : never;
  type LineEdit = typeof lineEdits extends fc.Arbitrary<infer T> ? T : never;

  function editBytes(input: Buffer, edit: ByteEdit): Buffer {
    const at = Math.min(edit.at, input.length);
    const join = (...parts: Uint8Array[]) => Buffer.concat(parts);
    const [head, tail] = [input.subarray(0, at), input.subarray(at)];
    switch (edit.op) {
      case 'set':
        return join(head, Buffer.of(edit.byte), tail.subarray(1));
      case 'insert':
        return join(head, Buffer.of(edit.byte), tail);
      case 'remove':
        return join(head, tail.subarray(edit.length));
      case 'cut':
        return head;
      case 'copy':
        return join(head, input.subarray(edit.from, edit.from + edit.length), tail);
    }
  }

  function editLines(input: string[], edit: LineEdit): string[] {
    const all = [...input];
    if (edit.op === 'drop') all.splice(edit.at, edit.count);
    if (edit.op === 'repeat') all.splice(edit.at, 0, all[edit.from] as string);
    if (edit.op === 'swap') {
      all[edit.at] = input[edit.from] as string;
      all[edit.from] = input[edit.at] as string;
    }
    if (edit.op === 'move') all.splice(edit.at, 0, ...all.splice(edit.from, 1));
    if (edit.op === 'keep') all.length = edit.at;
    return all;
  }

  /** The oracle knows nothing of records: the first line that differs from the original is the first bad one. */
  function expectFound(changed: Buffer): void {
    const verdict = verify([changed], { anchor: end, hash });
    expect(verdict.ok).toBe(changed.equals(original));
    if (verdict.ok) return;
    let first = 0;
    while (first < changed.length && changed[first] === original[first]) first++;
    const newlines = changed.subarray(0, first).toString('latin1').split('\n').length - 1;
    const isPrefix = first === changed.length;
    const endsLine = isPrefix && (first === 0 || changed[first - 1] === 0x0a);
    expect(verdict.line).toBe(endsLine ? newlines : newlines + 1);
    expect(verdict.records).toBe(newlines);
    if (endsLine) expect(verdict.kind).toBe(newlines > 0 ? 'truncated' : 'empty');
    else if (isPrefix) expect(verdict.kind).toBe('torn');
  }

  it('never passes: 30,000 edits of bytes', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.array(byteEdits, { minLength: 1, maxLength: 3 }), (edits) =>
        expectFound(edits.reduce(editBytes, original)),
      ),
      { numRuns: 30_000 },
    );
  });

  it('never passes: 30,000 edits of lines', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.array(lineEdits, { minLength: 1, maxLength: 3 }), (edits) =>
        expectFound(Buffer.from(text(edits.reduce(editLines, short)))),
      ),
      { numRuns: 30_000 },
    );
  });

  it('never passes when the forger makes the chain again from any record on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (from) => {
        const verdict = verify([text(forged(from, { actor: 'mallory' }))], { anchor });
        expect(verdict).toMatchObject({ ok: false, kind: 'rewritten', line: 40 });
        const bare = { anchor: { digest: anchor.digest, sequence: undefined } };
        expect(verify([text(forged(from, { actor: 'mallory' }))], bare)).toMatchObject({
          ok: false,
          kind: 'truncated',
        });
      }),
      { numRuns: 40 },
    );
  });

  it('starts from the right first record', () => expect(good[0]?.event.previous).toBe(GENESIS));
});
