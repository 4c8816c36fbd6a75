/** Pointing at mistyped characters: every damage up to its promise is found at its place. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALPHABET, formatShard, ShardError, shardLength } from '../../src/shard/format';
import { locate } from '../../src/shard/locate';
import { envelope } from './vectors';

const LINES = envelope.vectors.flatMap(({ shards }) => shards.map(({ text }) => text.toLowerCase()));
const line = fc.constantFrom(...LINES);
const edit = (text: string, at: number, by: number) =>
  `${text.slice(0, at)}${ALPHABET[(ALPHABET.indexOf(text[at] ?? '') + by) % 32]}${text.slice(at + 1)}`;
const place = fc.nat({ max: 1000 });
const error = fc.integer({ min: 1, max: 31 });
const indexIn = (text: string, at: number) => 4 + (at % (text.length - 4));

describe('a line typed on another keyboard layout', () => {
  const swap = (text: string, a: string, b: string) => Array.from(text, (c) => b[a.indexOf(c)] ?? c).join('');
  // What a machine gives that takes the keys of the first for those of the second.
  const MIXED: [keys: string, machine: string, (text: string) => string][] = [
    ['QWERTY', 'QWERTZ', (text) => swap(text, 'yzYZ', 'zyZY')],
    ['QWERTY', 'AZERTY', (text) => swap(text, 'qwazm1234567890', 'azqw,&é"\'(-è_çà')],
    ['AZERTY', 'QWERTY', (text) => swap(text, 'azqwm1234567890', 'qwaz;!@#$%^&*()')],
  ];

  it('is recognized, and only by its checksum', () => {
    for (const text of LINES) {
      for (const [keys, machine, type] of MIXED) {
        const typed = type(text);
        if (typed === text) continue;
        expect(locate(typed), `${keys} as ${machine}`).toEqual({ kind: 'layout', keys, machine, text });
        // One more slip, and nothing is proposed.
        const at = text.length - 1;
        const slipped = typed.slice(0, at) + (typed[at] === 'x' ? 'c' : 'x');
        try {
          expect(locate(slipped).kind).not.toBe('layout');
        } catch (error) {
          expect(error).toBeInstanceOf(ShardError);
        }
      }
    }
  });

  it('is not suspected in a good line, in either case', () => {
    for (const text of LINES) {
      expect(locate(text.toUpperCase())).toEqual({ kind: 'fine' });
      expect(locate(text.toUpperCase().replace(/.{5}/g, '$& '))).toEqual({ kind: 'fine' });
    }
  });
});

describe('locate', () => {
  it('finds nothing in a good line', () => {
    for (const text of LINES) expect(locate(text)).toEqual({ kind: 'fine' });
  });

  it('finds any one wrong character', () => {
    fc.assert(
      fc.property(line, place, error, (text, at, by) => {
        const i = indexIn(text, at);
        expect(locate(edit(text, i, by))).toEqual({ kind: 'wrong', at: [i] });
      }),
      { numRuns: 300 },
    );
  });

  it('finds any two wrong characters', () => {
    fc.assert(
      fc.property(line, place, error, place, error, (text, a, ea, b, eb) => {
        const [i, j] = [indexIn(text, a), indexIn(text, b)].sort((x, y) => x - y) as [number, number];
        fc.pre(i !== j);
        expect(locate(edit(edit(text, i, ea), j, eb))).toEqual({ kind: 'wrong', at: [i, j] });
      }),
      { numRuns: 300 },
    );
  });

  it('finds a missing and an extra character', () => {
    fc.assert(
      fc.property(line, place, error, (text, at, by) => {
        const i = indexIn(text, at);
        const missing = locate(text.slice(0, i) + text.slice(i + 1));
        expect(missing).toMatchObject({ kind: 'missing', at: expect.arrayContaining([i]) });
        const extra = locate(`${text.slice(0, i)}${ALPHABET[by]}${text.slice(i)}`);
        expect(extra).toMatchObject({ kind: 'extra', at: expect.arrayContaining([i]) });
      }),
      { numRuns: 100 },
    );
  });

  it('does so for every length of key, and counts what a line of no key has', () => {
    for (let bytes = 16; bytes <= 64; bytes += 1) {
      const share = crypto.getRandomValues(new Uint8Array(bytes + 1)).fill(7, bytes);
      const header = { test: true, threshold: 2, total: 3, generation: 1, setId: '0123456789abcdef' };
      const text = formatShard({ ...header, kcv: '89abcdef', share });
      expect(text.length).toBe(shardLength(bytes));
      expect(locate(edit(text, 9, 3))).toEqual({ kind: 'wrong', at: [9] });
      expect(locate(edit(edit(text, 9, 3), 60, 7))).toEqual({ kind: 'wrong', at: [9, 60] });
      expect(locate(text.slice(0, 40) + text.slice(41))).toMatchObject({
        kind: 'missing',
        at: expect.arrayContaining([40]),
      });
      expect(locate(`${text.slice(0, 40)}q${text.slice(40)}`)).toMatchObject({
        kind: 'extra',
        at: expect.arrayContaining([40]),
      });
      const worse = edit(edit(edit(text, 9, 3), 30, 1), 60, 7);
      expect(locate(worse.slice(0, 63))).toEqual({ kind: 'unknown', length: 63, possible: false });
    }
  });

  it('names characters that no shard holds', () => {
    const text = LINES[0] ?? '';
    expect(locate(`${text.slice(0, 10)}b${text.slice(11, 20)}O${text.slice(21)}`.toUpperCase())).toEqual({
      kind: 'impossible',
      at: [10, 20],
    });
  });

  it('says that it does not know when four or more are wrong, or points at a place that stays wrong', () => {
    let pointed = 0;
    fc.assert(
      fc.property(line, fc.uniqueArray(place, { minLength: 4, maxLength: 9 }), (text, places) => {
        let damaged = text;
        for (const at of places) damaged = edit(damaged, indexIn(text, at), 5);
        fc.pre(damaged !== text);
        const found = locate(damaged);
        expect(found.kind).not.toBe('fine');
        if (found.kind === 'wrong') pointed += 1;
      }),
      { numRuns: 300 },
    );
    // Expected about one in 300 for lines of 90 characters, more for long ones.
    expect(pointed).toBeLessThan(30);
  });
});
